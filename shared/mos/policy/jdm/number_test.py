"""Unary tests of numbers in the ZEN expression language, as cells of ours. Pure.

`> 1_000_000`, `>= 3 and <= 7`, `< 3 or > 7`, `!= 5`, `in [1, 2]`, `[3..7)`: each is a set of
numbers, and so is a cell of ours.
"""

import math
import re
from collections.abc import Iterable
from typing import Any

_NUMBER = r"-?\d(?:_?\d)*(?:\.\d+)?"
_COMPARED = re.compile(rf"^(>=|<=|>|<|==|!=)?\s*({_NUMBER})$")
_RANGE = re.compile(rf"^([\[(])\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*([\])])$")
_LISTED = re.compile(rf"^(in|not\s+in)\s*\[\s*({_NUMBER}(?:\s*,\s*{_NUMBER})*)\s*\]$")
_WITHIN = re.compile(r"^(in|not\s+in)\s*([\[(].*\.\..*[\])])$")
_SELF = re.compile(r"^\$\s*(?=[><=!]|in\b|not\b)")
_INF = math.inf
Bound = tuple[float, bool]
"""A number, and whether what lies on it belongs to what lies after it."""
Span = tuple[Bound, Bound]
"""From the first bound to the second: `(5, True)` begins with 5, `(5, False)` after it."""
_ALL: tuple[Span, ...] = (((-_INF, True), (_INF, False)),)

_HALVES = (((-_INF, True), (0.0, False)), ((0.0, False), (_INF, False)))


def read_numbers(text: str) -> list[Any] | None:
    """Return the cells that hold where a test of numbers does; None where it is none, or never.

    >>> read_numbers(">= 3 and <= 7"), read_numbers("!= 5"), read_numbers("> 1_000")
    (['3..7'], ['< 5', '> 5'], ['> 1000'])
    """
    several = len(_split(text, ",")) > 1 or len(_words(text, "or")) > 1
    # Which of them binds more tightly is another matter in ZEN than elsewhere: nobody guesses it.
    mixed = several and len(_words(text, "and")) > 1
    found = None if mixed else _either(_split(text, ","), _read_part)
    return None if not found else [_cell(span) for span in found]


def _read_part(text: str) -> list[Span] | None:
    """Return the spans of a part between commas; None where it is no test, or never holds."""
    found = _either(_words(text, "or"), _every)
    if not found:
        return None
    spans = _merged(found) if len(found) > 1 else found
    # `>= 5 or < 10` holds for every number: no single cell of ours says that, two do.
    return list(_HALVES) if tuple(spans) == _ALL else spans


def _either(parts: Iterable[str], read: Any) -> list[Span] | None:  # noqa: ANN401  a reader of one part
    found: list[Span] = []
    for part in parts:
        one = read(part)
        if one is None:
            return None
        found += one
    return found


def _every(text: str) -> list[Span] | None:
    found = list(_ALL)
    for part in _words(text, "and"):
        one = _one(part)
        if one is None:
            return None
        both = [_meet(before, after) for before in found for after in one]
        found = [span for span in both if _start(span[0]) < _start(span[1])]
    return found


def _meet(one: Span, other: Span) -> Span:
    return max(one[0], other[0], key=_start), min(one[1], other[1], key=_start)


def _one(text: str) -> list[Span] | None:
    text = _SELF.sub("", text.strip())
    if found := _COMPARED.match(text):
        return _compared(found[1] or "==", _value(found[2]))
    if found := _RANGE.match(text):
        low, high = _value(found[2]), _value(found[3])
        span = ((low, found[1] == "["), (high, found[4] == ")"))
        return [span] if low <= high else None
    if found := _LISTED.match(text):
        held = [_point(_value(one)) for one in found[2].split(",")]
        return held if found[1] == "in" else _outside(held)
    if (found := _WITHIN.match(text)) and (within := _one(found[2])) is not None:
        return within if found[1] == "in" else _outside(within)
    return None


def _compared(sign: str, value: float) -> list[Span]:
    below: Span = ((-_INF, True), (value, True))
    above: Span = ((value, False), (_INF, False))
    match sign:
        case "<":
            return [below]
        case ">":
            return [above]
        case "<=":
            return [((-_INF, True), (value, False))]
        case ">=":
            return [((value, True), (_INF, False))]
        case "!=":
            return [below, above]
    return [_point(value)]


def _point(value: float) -> Span:
    return (value, True), (value, False)


def _outside(spans: list[Span]) -> list[Span]:
    found, low = list[Span](), _ALL[0][0]
    for start, end in _merged(spans):
        if _start(low) < _start(start):
            found.append((low, start))
        low = end
    return [*found, (low, _ALL[0][1])]


def _merged(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans, key=lambda span: _start(span[0])):
        if found and _start(start) <= _start(found[-1][1]):
            found[-1] = (found[-1][0], max(found[-1][1], end, key=_start))
        else:
            found.append((start, end))
    return found


def _start(bound: Bound) -> tuple[float, bool]:
    """Return what puts bounds in order: what begins with a number lies before what begins after."""
    return bound[0], not bound[1]


def _cell(span: Span) -> Any:  # noqa: ANN401  a number, or the text that a number cell may be
    (low, closed_low), (high, opened_high) = span
    if low == high:
        return _plain(low)
    if low == -_INF:
        return f"{'<' if opened_high else '<='} {_plain(high)}"
    if high == _INF:
        return f"{'>=' if closed_low else '>'} {_plain(low)}"
    ends = f"{_plain(low)}..{_plain(high)}"
    if closed_low and not opened_high:
        return ends
    return f"{'[' if closed_low else '('}{ends}{')' if opened_high else ']'}"


def _plain(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number


def _value(text: str) -> float:
    return float(text.replace("_", ""))


def _split(text: str, mark: str) -> list[str]:
    return re.split(rf"{mark}(?![^\[(]*[\])])", text)


def _words(text: str, word: str) -> list[str]:
    return re.split(rf"(?<![\w]){word}(?![\w])", text)
