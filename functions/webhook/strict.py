"""Read JSON as strictly as its specification, and no deeper than a sender needs. Pure."""

import json
import math
import re
from typing import Any

from mos.errors import MalformedError

_DEPTH = 32
_DIGITS = 64
# A string is one token, closed or not, so that no body makes the scan go back: it stays linear.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{]|[\]}]', re.DOTALL)


def parse(raw: bytes) -> Any:  # noqa: ANN401  any JSON value
    """Return the JSON value of `raw`.

    Python's own parser takes NaN, 1e400, repeated keys and half surrogate pairs; two systems that
    read those differently can be played against each other, so all are refused.

    Raises:
        MalformedError: it is not strict JSON, or it is nested more than 32 levels deep.
    """
    try:
        text = raw.decode("utf-8")
        _refuse_depth(text)
        value = json.loads(
            text,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedError("half a surrogate pair is not text") from None
    except UnicodeDecodeError:
        raise MalformedError("the body is not UTF-8") from None
    except (ValueError, RecursionError):
        raise MalformedError("the body is not JSON") from None
    return value


def _refuse_depth(text: str) -> None:
    depth = 0
    for token in _TOKEN.finditer(text):
        first = token[0][0]
        if first == '"':
            continue
        depth += 1 if first in "[{" else -1
        if depth > _DEPTH:
            raise MalformedError(f"the body is nested more than {_DEPTH} levels deep")


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise MalformedError(f"a number has more than {_DIGITS} digits")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise MalformedError("a number is too large")
    return number


def _constant(name: str) -> None:
    raise MalformedError(f"{name} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise MalformedError("an object has the same key twice")
    return made
