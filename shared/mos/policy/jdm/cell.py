"""Cells of the JSON Decision Model: unary tests of the ZEN expression language."""

import json
import math
import re
from typing import Any

from mos.policy.table.condition import Condition, Interval

_TEXT = r'"(?:[^"\\]|\\.)*"|\'[^\']*\''
_LIST = re.compile(rf"^(not\s+in|in)\s*\[\s*((?:{_TEXT})(?:\s*,\s*(?:{_TEXT}))*)\s*\]$")
_TEXTS = re.compile(rf"^(?:{_TEXT})(?:\s*,\s*(?:{_TEXT}))*$")
_DIFFERS = re.compile(rf"^!=\s*({_TEXT})$")
_SOME = re.compile(rf"^(some|none)\(\$,\s*#\s+in\s+\[((?:{_TEXT})(?:\s*,\s*(?:{_TEXT}))*)\]\)$")
_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"^([\[(])\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*([\])])$")
_COMPARED = re.compile(rf"^(>=|<=|>|<|==)?\s*({_NUMBER})$")


class CellRefusedError(ValueError):
    """A cell says what a table of ours cannot; the text quotes it."""


def read(text: str) -> Any:  # noqa: ANN401  any TOML value
    """Return a cell of ours for a unary test.

    Raises:
        CellRefusedError: it is an expression that no cell of ours can state.
    """
    text = text.strip()
    simple = {
        "true": True,
        "false": False,
        "$ != null": {"known": True},
        "$ == null": {"known": False},
    }
    if text in simple:
        return simple[text]
    if found := _LIST.match(text) or _SOME.match(text):
        words = _words(found[2])
        return {"not": words} if found[1] not in ("in", "some") else _one_or_all(words)
    if found := _DIFFERS.match(text):
        return {"not": _words(found[1])}
    if _TEXTS.match(text):
        return _one_or_all(_words(text))
    return _one_or_all([_number(part.strip(), text) for part in _parts(text)])


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


def is_of_set(text: str) -> bool:
    """Say whether a unary test asks about the words of a set."""
    return bool(_SOME.match(text.strip()))


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


def _parts(text: str) -> list[str]:
    return re.split(r",(?![^\[(]*[\])])", text)


def _number(part: str, whole: str) -> Any:  # noqa: ANN401  a number, or the text that a number cell may be
    if found := _COMPARED.match(part):
        number = float(found[2]) if "." in found[2] else int(found[2])
        return number if found[1] in (None, "==") else f"{found[1]} {found[2]}"
    if found := _RANGE.match(part):
        opened, low, high, closed = found.groups()
        ends = f"{low}..{high}"
        return ends if (opened, closed) == ("[", "]") else f"{opened}{ends}{closed}"
    raise CellRefusedError(f"cannot be said in a table of ours: {whole}")


def _words(listed: str) -> list[str]:
    found = re.findall(_TEXT, listed)
    return [json.loads(w) if w[0] == '"' else w[1:-1] for w in found]


def _one_or_all(values: list[Any]) -> Any:  # noqa: ANN401  any TOML value
    return values[0] if len(values) == 1 else values
