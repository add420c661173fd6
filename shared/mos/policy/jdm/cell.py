"""Cells of the JSON Decision Model: unary tests of the ZEN expression language."""

import json
import math
import re
from typing import Any

from mos.policy.jdm.number_test import read_numbers
from mos.policy.table.condition import ColumnType, Condition, Interval

_TEXT = r'"(?:[^"\\]|\\.)*"|\'[^\']*\''
_TEXTS = rf"((?:{_TEXT})(?:\s*,\s*(?:{_TEXT}))*)"
_LIST = re.compile(rf"^(?:\$\s*)?(not\s+in|in)\s*\[\s*{_TEXTS}\s*\]$")
_BARE = re.compile(rf"^\[\s*{_TEXTS}\s*\]$|^contains\(\s*\[\s*{_TEXTS}\s*\]\s*,\s*\$\s*\)$")
_ONE, _LISTED = re.compile(rf"^(?:{_TEXT})$"), re.compile(rf"^\[\s*{_TEXTS}\s*\]$")
_LACKS = re.compile(rf"^!contains\(\s*\[\s*{_TEXTS}\s*\]\s*,\s*\$\s*\)$")
_PLAIN = re.compile(rf"^{_TEXTS}$")
_EQUALS = re.compile(rf"^(?:\$\s*)?(==|!=)\s*({_TEXT})$")
_SOME = re.compile(rf"^(some|none)\(\$,\s*#\s+in\s+\[{_TEXTS}\]\)$")
_AND, _OR = (re.compile(rf"(?<!\w){word}(?!\w)(?=(?:[^'\"]|{_TEXT})*$)") for word in ("and", "or"))
_SIMPLE: dict[str, tuple[ColumnType | None, Any]] = {
    "true": (ColumnType.BOOLEAN, True),
    "== true": (ColumnType.BOOLEAN, True),
    "!= false": (ColumnType.BOOLEAN, True),
    "false": (ColumnType.BOOLEAN, False),
    "== false": (ColumnType.BOOLEAN, False),
    "!= true": (ColumnType.BOOLEAN, False),
    "!= null": (None, {"known": True}),
    "== null": (None, {"known": False}),
    "null": (None, {"known": False}),
}


class CellRefusedError(ValueError):
    """A cell says what a table of ours cannot; the text quotes it."""


def read(text: str) -> Any:  # noqa: ANN401  any TOML value
    """Return a cell of ours for a unary test.

    Raises:
        CellRefusedError: it is an expression that no cell of ours can state.
    """
    return read_typed(text)[1]


def read_typed(text: str) -> tuple[ColumnType | None, Any]:
    """Return a cell of ours for a unary test, and of which type its column is; None for any.

    Raises:
        CellRefusedError: it is an expression that no cell of ours can state.
    """
    text = text.strip()
    simple = re.sub(r"^\$\s*(?=[=!])", "", re.sub(r"([=!]=)\s*", r"\1 ", text))
    if simple in _SIMPLE:
        return _SIMPLE[simple]
    if found := _SOME.match(text):
        words = _words(found[2])
        return ColumnType.SET, {"not": words} if found[1] == "none" else _one_or_all(words)
    if (said := _read_words(text)) is not None:
        return ColumnType.TEXT, said
    numbers = read_numbers(text)
    if numbers is None:
        raise CellRefusedError(f"cannot be said in a table of ours: {text}")
    return ColumnType.NUMBER, _one_or_all(numbers)


def _read_words(text: str) -> Any:  # noqa: ANN401  any TOML value
    """Return the cell that a test of words is; None where it is none that a cell can state."""
    if found := _PLAIN.match(text) or _BARE.match(text):
        return _one_or_all(_words(next(part for part in found.groups() if part)))
    if found := _LACKS.match(text):
        return {"not": _words(found[1])}
    if found := _LIST.match(text) or _EQUALS.match(text):
        words = _words(found[2])
        return _one_or_all(words) if found[1] in ("in", "==") else {"not": words}
    for mark, wanted in ((_AND, dict), (_OR, (str, list))):
        several = mark.split(text)
        parts = [_read_words(part.strip()) for part in several] if len(several) > 1 else []
        if parts and all(isinstance(part, wanted) for part in parts):
            return _joined(parts)
    return None


def _joined(parts: list[Any]) -> Any:  # noqa: ANN401  any TOML value
    """Return several cells as one: none of all their words, or any of them."""
    if isinstance(parts[0], dict):
        return {"not": list(dict.fromkeys(word for part in parts for word in part["not"]))}
    listed = [part if isinstance(part, list) else [part] for part in parts]
    return list(dict.fromkeys(word for part in listed for word in part))


def read_words(text: str) -> Any:  # noqa: ANN401  a word, or a list of them
    """Return the word, or the list of words, that an output is; None where it is something else."""
    if found := _ONE.match(text.strip()):
        return _words(found[0])[0]
    found = _LISTED.match(text.strip())
    return _words(found[1]) if found else None


def write(condition: Condition, *, of_set: bool) -> str:
    """Return the unary test that a condition is."""
    if condition.known is not None:
        return "$ != null" if condition.known else "$ == null"
    if condition.intervals:
        return ", ".join(map(_span, condition.intervals))
    named = sorted(condition.any_of or condition.none_of, key=str)
    if isinstance(named[0], bool):
        return ", ".join(str(one).lower() for one in named)
    words = ", ".join(json.dumps(word, ensure_ascii=False) for word in named)
    if of_set:
        return f"{'some' if condition.any_of else 'none'}($, # in [{words}])"
    return words if condition.any_of else f"not in [{words}]"


def _span(interval: Interval) -> str:
    low, high, closed_low, closed_high = interval
    if low == high:
        return f"{low:g}" if low.is_integer() else repr(low)
    if math.isinf(low):
        return f"{'<=' if closed_high else '<'} {_plain(high)}"
    if math.isinf(high):
        return f"{'>=' if closed_low else '>'} {_plain(low)}"
    return f"{'[' if closed_low else '('}{_plain(low)}..{_plain(high)}{']' if closed_high else ')'}"


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def _words(listed: str) -> list[str]:
    found = re.findall(_TEXT, listed)
    return [json.loads(w) if w[0] == '"' else w[1:-1] for w in found]


def _one_or_all(values: list[Any]) -> Any:  # noqa: ANN401  any TOML value
    return values[0] if len(values) == 1 else values
