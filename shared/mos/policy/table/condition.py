"""What one cell of a decision table asks of one fact."""

import math
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from mos.policy.table.literal import finite

Interval = tuple[float, float, bool, bool]
"""Low, high, and whether each end belongs to it."""

_COMPARISON = re.compile(r"^(>=|<=|>|<|=)\s*(-?\d+(?:\.\d+)?)$")
_RANGE = re.compile(r"^([\[(]?)\s*(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)\s*([\])]?)$")


class ColumnType(StrEnum):
    """What kind of fact a column reads."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Condition:
    """One cell. `known` asks only whether the fact is there; else one of the rest is set.

    `said` is the cell as one would say it.
    """

    known: bool | None = None
    any_of: frozenset[str | bool] = frozenset()
    none_of: frozenset[str | bool] = frozenset()
    intervals: tuple[Interval, ...] = ()
    said: str = field(default="", compare=False)


class CellError(ValueError):
    """A cell is not what its column's type allows; the text says what was expected."""


def parse(kind: ColumnType, cell: Any) -> Condition:  # noqa: ANN401  any TOML value
    """Return the condition that a cell states.

    text, set: `"a"`, `["a", "b"]` (any of them), `{ not = ["a"] }` (none of them);
    number: `5`, `">= 5"`, `"< 5"`, `"5..10"` (both ends included), `"(5..10]"` (without the 5), or
    a list of these;
    boolean: `true`, `false`; every type: `{ known = true }`, `{ known = false }`.

    Raises:
        CellError: the cell says something else.
    """
    if isinstance(cell, str | int | float):
        return _plain(kind, cell)
    said = written(cell)
    if isinstance(cell, dict):
        return _table(kind, cell, said)
    if not isinstance(cell, list):
        raise CellError(f"expected text, a number, true, false or a list, found {cell!r}")
    if not cell:
        raise CellError("an empty list matches nothing: leave the cell out, or name a value")
    if kind is ColumnType.NUMBER:
        return Condition(intervals=tuple(_interval(one) for one in cell), said=said)
    return Condition(any_of=frozenset(_value(kind, one) for one in cell), said=said)


@lru_cache(maxsize=65_536, typed=True)
def _plain(kind: ColumnType, cell: str | float) -> Condition:
    """Return the condition of a cell that is no list: long tables repeat theirs."""
    if kind is ColumnType.NUMBER:
        return Condition(intervals=(_interval(cell),), said=written(cell))
    return Condition(any_of=frozenset([_value(kind, cell)]), said=written(cell))


def written(cell: Any) -> str:  # noqa: ANN401  any TOML value
    """Return a cell as one would say it.

    >>> written(">= 5"), written(["a", "b"]), written({"not": ["a"]}), written(True)
    ('>= 5', 'a or b', 'not a', 'true')
    """
    match cell:
        case bool():
            return str(cell).lower()
        case {"known": known}:
            return "known" if known else "unknown"
        case {"not": barred}:
            return f"not {written(barred)}"
        case list():
            return " or ".join(map(written, cell))
    return str(cell)


def _table(kind: ColumnType, cell: dict[str, Any], said: str) -> Condition:
    if set(cell) == {"known"} and isinstance(cell["known"], bool):
        return Condition(known=cell["known"], said=said)
    if set(cell) == {"not"} and kind is not ColumnType.NUMBER:
        values = cell["not"] if isinstance(cell["not"], list) else [cell["not"]]
        if not values:
            raise CellError("an empty list bars nothing: leave the cell out, or name a value")
        return Condition(none_of=frozenset(_value(kind, one) for one in values), said=said)
    raise CellError(f"expected {{ not = [...] }} or {{ known = true }}, found {cell}")


def _value(kind: ColumnType, cell: Any) -> str | bool:  # noqa: ANN401  any TOML value
    if kind is ColumnType.BOOLEAN:
        if isinstance(cell, bool):
            return cell
        raise CellError(f"expected true or false, found {cell!r}")
    if isinstance(cell, str):
        return cell
    raise CellError(f"expected text in quotes, found {cell!r}")


def _interval(cell: Any) -> Interval:  # noqa: ANN401  any TOML value
    if isinstance(cell, int | float) and not isinstance(cell, bool) and finite(cell):
        return (float(cell), float(cell), True, True)
    if isinstance(cell, str):
        found = _COMPARISON.match(cell.strip())
        if found and finite(float(found[2])):
            return _compared(found[1], float(found[2]))
        if found := _RANGE.match(cell.strip()):
            low, high = float(found[2]), float(found[3])
            if low <= high and finite(low) and finite(high):
                return (low, high, found[1] != "(", found[4] != ")")
    raise CellError(f'expected a number, ">= 5", "< 5" or "5..10", found {cell!r}')


def _compared(sign: str, bound: float) -> Interval:
    if sign == "=":
        return (bound, bound, True, True)
    if sign.startswith(">"):
        return (bound, math.inf, sign == ">=", True)
    return (-math.inf, bound, True, sign == "<=")


def within(value: float, interval: Interval) -> bool:
    """Say whether a number lies in an interval."""
    low, high, closed_low, closed_high = interval
    above = value > low or (closed_low and value == low)
    below = value < high or (closed_high and value == high)
    return above and below


def holds(condition: Condition, fact: Any) -> bool | None:  # noqa: ANN401  any fact
    """Answer a condition the slow and obvious way: True, False, or None for unknown.

    The compiled index must always agree with this; tests compare them.
    """
    if condition.known is not None:
        return (fact is not None) is condition.known
    if fact is None:
        return None
    if condition.intervals:
        return any(within(float(fact), interval) for interval in condition.intervals)
    values = set(fact) if isinstance(fact, tuple | list) else {fact}
    if condition.none_of:
        return not values & condition.none_of
    return bool(values & condition.any_of)
