"""The space of all cases that tables can tell apart, exactly: boxes of values per column. Pure.

A column's facts fall into cases: each value that a cell names and any other value, each number that
a cell names and the gaps between them, each mixture of the words of a set, and unknown. A row is a
box: the cases of each column in which its cell holds. What is left of a box when others are taken
away is again some boxes, so that coverage and inclusion are worked out and not sampled.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from math import inf
from typing import Any

from mos.policy.table.condition import ColumnType, Condition, Interval
from mos.policy.table.table import DecisionTable, Hit, Row

Box = tuple[int, ...]
"""For each column, the cases that are meant: one bit a case."""

MOST_PIECES = 20_000
_MOST_WORDS = 10
_OTHER = "any other value"


class TooManyCasesError(Exception):
    """The question would take more pieces than one would wait for; it is left undecided."""


class Space:
    """The cases of the columns of one or several tables."""

    def __init__(self, columns: Mapping[str, ColumnType], rows: Iterable[Row]) -> None:
        self.columns = dict(columns)
        found = list(rows)
        self._cases = {
            name: _cases(kind, [r.when[name] for r in found if name in r.when])
            for name, kind in columns.items()
        }
        self._masks: dict[tuple[str, Condition, bool], int] = {}

    @property
    def everything(self) -> Box:
        """Return the box of all cases."""
        return tuple(cases.all for cases in self._cases.values())

    def box(self, row: Row, *, or_unknown: bool = False) -> Box:
        """Return where a row holds; with `or_unknown`, also where it could for all one knows."""
        return tuple(
            self._mask(name, row.when[name], or_unknown=or_unknown)
            if name in row.when
            else cases.all
            for name, cases in self._cases.items()
        )

    def _mask(self, name: str, condition: Condition, *, or_unknown: bool) -> int:
        key = (name, condition, or_unknown)
        if key not in self._masks:
            cases = self._cases[name]
            mask = cases.mask(condition)
            hinges = or_unknown and condition.known is None
            self._masks[key] = mask | cases.unknown if hinges else mask
        return self._masks[key]

    def facts(self, box: Box, *, in_full: bool = False) -> dict[str, Any]:
        """Return one lead in a box: known facts where there is a choice.

        Facts that do not matter are left out, unless the lead is wanted in full.
        """
        found = {}
        for (name, cases), mask in zip(self._cases.items(), box, strict=True):
            if mask == cases.all and not in_full:
                continue
            known = mask & ~cases.unknown
            if known:
                found[name] = cases.value((known & -known).bit_length() - 1)
        return found


class _Cases:
    """One column's cases; the last is `unknown`."""

    def __init__(self, values: Sequence[Any]) -> None:
        self._values = values
        self.unknown = 1 << len(values)
        self.all = (self.unknown << 1) - 1

    def value(self, case: int) -> Any:  # noqa: ANN401  any fact
        return self._values[case]

    def mask(self, condition: Condition) -> int:
        if condition.known is not None:
            return self.all ^ self.unknown if condition.known else self.unknown
        return self._held(condition)

    def _held(self, condition: Condition) -> int:
        raise NotImplementedError


class _Words(_Cases):
    def __init__(self, named: Iterable[str | bool], *, others: bool) -> None:
        values = sorted(named)
        self._places = {value: place for place, value in enumerate(values)}
        super().__init__([*values, _OTHER] if others else values)

    def _held(self, condition: Condition) -> int:
        named = condition.any_of or condition.none_of
        mask = sum(1 << self._places[value] for value in named)
        return mask if condition.any_of else (self.unknown - 1) & ~mask


class _Numbers(_Cases):
    def __init__(self, intervals: Iterable[Interval]) -> None:
        ends = {end for interval in intervals for end in interval[:2]}
        self._points = sorted(end for end in ends if abs(end) != inf)
        # As in the index: a gap, a point, a gap, a point, … a gap.
        super().__init__(list(_along(self._points)))

    def _held(self, condition: Condition) -> int:
        mask = 0
        for low, high, closed_low, closed_high in condition.intervals:
            first = 0 if low == -inf else 2 * bisect_left(self._points, low) + 2 - closed_low
            last = 2 * len(self._points)
            if high != inf:
                last = 2 * bisect_left(self._points, high) + closed_high
            mask |= (1 << (last + 1)) - (1 << first) if first <= last else 0
        return mask


class _Sets(_Cases):
    """Mixtures of words; words that the same cells name stand or fall together: one speaks."""

    def __init__(self, conditions: Sequence[Condition]) -> None:
        named_by: dict[str, tuple[int, ...]] = {}
        for place, condition in enumerate(conditions):
            for word in sorted(map(str, condition.any_of | condition.none_of)):
                named_by[word] = (*named_by.get(word, ()), place)
        first = {cells: word for word, cells in sorted(named_by.items(), reverse=True)}
        words = sorted(first.values())
        if len(words) > _MOST_WORDS:
            raise TooManyCasesError(f"a set of {len(words)} words that differ")
        super().__init__(
            [
                [word for place, word in enumerate(words) if mixture >> place & 1]
                for mixture in range(1 << len(words))
            ]
        )

    def _held(self, condition: Condition) -> int:
        named = condition.any_of or condition.none_of
        wanted = bool(condition.any_of)
        return sum(
            1 << case
            for case, mixture in enumerate(self._values)
            if bool(named & set(mixture)) == wanted
        )


def _cases(kind: ColumnType, conditions: Sequence[Condition]) -> _Cases:
    if kind is ColumnType.NUMBER:
        return _Numbers(chain.from_iterable(c.intervals for c in conditions))
    if kind is ColumnType.SET:
        return _Sets(list(dict.fromkeys(conditions)))
    named = set[str | bool]().union(*(c.any_of | c.none_of for c in conditions))
    if kind is ColumnType.BOOLEAN:
        return _Words({True, False}, others=False)
    return _Words(named, others=True)


def _along(points: Sequence[float]) -> Iterator[float]:
    """Yield a number of each gap and each point, from the lowest gap to the highest."""
    if not points:
        yield 0
        return
    yield whole(points[0] - 1)
    for place, point in enumerate(points):
        yield whole(point)
        after = points[place + 1] if place + 1 < len(points) else point + 2
        yield whole(point + 1 if after > point + 1 else (point + after) / 2)


def whole(number: float) -> float:
    """Return a number without its point where there is nothing behind it."""
    return int(number) if float(number).is_integer() else number


def deciding(table: DecisionTable, space: Space) -> Iterator[tuple[Row | None, Box]]:
    """Yield where each row of a table decides, as boxes that do not overlap; None: the default.

    Only for tables in which one row decides.
    """
    left = [space.everything]
    rows = list(table.rows)
    if table.hit is Hit.DENY_OVERRIDES:
        rows.sort(key=lambda row: bool(row.then.get("allow", False)))
    for row in rows:
        denies = table.deny_unknown and not row.then.get("allow", False)
        box = space.box(row, or_unknown=denies)
        for piece in left:
            both = meet(piece, box)
            if both is not None:
                yield row, both
        left = without(left, box)
    for piece in left:
        yield None, piece


def meet(one: Box, other: Box) -> Box | None:
    """Return the cases in both boxes, or None where there are none."""
    both = tuple(a & b for a, b in zip(one, other, strict=True))
    return both if all(both) else None


def without(boxes: Sequence[Box], taken: Box) -> list[Box]:
    """Return what is left of boxes, as boxes that do not overlap.

    Raises:
        TooManyCasesError: it falls into too many pieces.
    """
    left: list[Box] = []
    for box in boxes:
        if meet(box, taken) is None:
            left.append(box)
            continue
        rest = list(box)
        for column, mask in enumerate(taken):
            if outside := rest[column] & ~mask:
                left.append((*rest[:column], outside, *rest[column + 1 :]))
                rest[column] &= mask
        if len(left) > MOST_PIECES:
            raise TooManyCasesError(f"more than {MOST_PIECES} pieces")
    return left
