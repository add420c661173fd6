"""A column compiled to bitmaps: for a fact, which rows hold and which hinge on it.

A row is one bit, row 0 the lowest. Rows are cut into blocks, small ones first, because the first
row that holds is mostly an early one; a block that a value does not touch is shared between
values, so that a column of a hundred thousand names stays small.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import Any

from mos.policy.table.condition import ColumnType, Condition, Interval

Blocks = tuple[int, ...]
"""Rows, one integer a block."""

# An AND of two integers costs its call up to about 2,000 bits, and twice that at 4,000.
_SMALLEST, _LARGEST = 2048, 4096
_REMEMBERED = 4096
_TRUTHS = (True, False)


class FactError(ValueError):
    """A fact is not of its column's type; the text names both."""


class Layout:
    """How a table's rows are cut into blocks."""

    def __init__(self, rows: int) -> None:
        self.starts: list[int] = []
        self.full: list[int] = []
        start, size = 0, _SMALLEST
        while start < rows or not self.starts:
            taken = min(size, rows - start)
            self.starts.append(start)
            self.full.append((1 << taken) - 1)
            start, size = start + size, min(2 * size, _LARGEST)
        self.places = [
            (block, 1 << bit)
            for block, full in enumerate(self.full)
            for bit in range(full.bit_length())
        ]

    def blocks(self, rows: Iterable[int]) -> Blocks:
        """Return these rows as blocks."""
        found = [0] * len(self.starts)
        for row in rows:
            block, bit = self.places[row]
            found[block] |= bit
        return tuple(found)


class Exact(dict[Any, Blocks]):
    """The rows of each value that a cell names, and of others that were asked for before.

    But for booleans, it holds no value that equals one of another type (`True == 1`): what is
    found at once is of the right type.
    """

    def __init__(self, find: Callable[[Any], Blocks]) -> None:
        super().__init__()
        self._find = find
        self._room = _REMEMBERED

    def __missing__(self, value: Any) -> Blocks:  # noqa: ANN401  any fact
        if value is None:
            raise KeyError
        rows = self._find(value)
        if self._room and value not in _TRUTHS:
            self._room -= 1
            self[value] = rows
        return rows


class Heads(dict[Any, int]):
    """The first block alone of what `Exact` holds: most answers need no more."""

    def __init__(self, exact: Exact) -> None:
        super().__init__((value, rows[0]) for value, rows in exact.items())
        self._exact = exact

    def __missing__(self, value: Any) -> int:  # noqa: ANN401  any fact
        head = self._exact[value][0]
        if value in self._exact:
            self[value] = head
        return head


class ColumnIndex:
    """One column of a compiled table."""

    def __init__(
        self, name: str, kind: ColumnType, cells: Sequence[Condition | None], layout: Layout
    ) -> None:
        self.name = name
        self.kind = kind
        self._layout = layout
        free, asks_known, asks_unknown, bars, hinges = _sorted_out(cells)
        self.when_unknown = layout.blocks(free + asks_unknown)
        self.hinging = layout.blocks(hinges)
        self._given = layout.blocks(free + asks_known + bars)
        self.exact = Exact(self.rows)
        self._positive: dict[Any, dict[int, int]] = {}
        self._negative: dict[Any, dict[int, int]] = {}
        self._points: list[float] = []
        self._spans: list[Blocks] = []
        if kind is ColumnType.NUMBER:
            self._index_numbers(cells)
        else:
            self._index_values(cells)
        self.heads = Heads(self.exact)

    def _index_values(self, cells: Sequence[Condition | None]) -> None:
        for (block, bit), cell in zip(self._layout.places, cells, strict=True):
            if cell is None:
                continue
            for values, rows in ((cell.any_of, self._positive), (cell.none_of, self._negative)):
                for value in values:
                    held = rows.setdefault(value, {})
                    held[block] = held.get(block, 0) | bit
        named = self._positive.keys() | self._negative.keys()
        named |= set(_TRUTHS) if self.kind is ColumnType.BOOLEAN else set()
        self.exact.update((value, self._rows_of([value])) for value in named)

    def _index_numbers(self, cells: Sequence[Condition | None]) -> None:
        ends = {end for c in cells if c for v in c.intervals for end in v[:2]}
        self._points = sorted(end for end in ends if abs(end) != inf)
        # A span is a point (odd) or the gap beside it (even); a row enters and leaves spans.
        turns = self._turns(cells)
        rows = self._given
        for span in range(2 * len(self._points) + 1):
            if span in turns:
                rows = _changed(rows, turns[span])
            self._spans.append(rows)
        for place, point in enumerate(self._points):
            # Whole numbers are asked for as such: equal, but compared twice as fast.
            key = int(point) if point.is_integer() else point
            if key not in _TRUTHS:
                self.exact[key] = self._spans[2 * place + 1]

    def _turns(self, cells: Sequence[Condition | None]) -> dict[int, dict[int, int]]:
        turns: dict[int, dict[int, int]] = {}
        at = {point: place for place, point in enumerate(self._points)}
        for (block, bit), cell in zip(self._layout.places, cells, strict=True):
            if cell is None or not cell.intervals:
                continue
            for first, last in _merged([_spanned(v, at) for v in cell.intervals]):
                for turn in (first, last + 1):
                    held = turns.setdefault(turn, {})
                    held[block] = held.get(block, 0) ^ bit
        return turns

    @property
    def points(self) -> Sequence[float]:
        """Return the numbers that cells name, in order: two facts in one gap are the same to us."""
        return self._points

    def rows(self, fact: Any) -> Blocks:  # noqa: ANN401  any fact
        """Return the rows that hold for a known fact, however it is typed.

        Raises:
            FactError: the fact has another type than the column.
        """
        if self.kind is ColumnType.NUMBER:
            if isinstance(fact, int | float) and fact.__class__ is not bool and fact == fact:  # noqa: PLR0124  NaN
                place = bisect_left(self._points, fact)
                on_point = place < len(self._points) and self._points[place] == fact
                return self._spans[2 * place + on_point]
        elif self.kind is ColumnType.BOOLEAN:
            if fact.__class__ is bool:
                return self.exact[fact]
        elif isinstance(fact, str):
            return self.exact.get(fact, self._given)
        elif self.kind is ColumnType.SET and _are_words(fact):
            return self._rows_of(fact)
        raise FactError(f"{self.name} is a {self.kind}, found {fact!r}")

    def _rows_of(self, values: Iterable[str | bool]) -> Blocks:
        rows = list(self._given)
        barred = []
        for value in values:
            for block, bits in self._positive.get(value, {}).items():
                rows[block] |= bits
            barred.append(self._negative.get(value, {}))
        for held in barred:
            for block, bits in held.items():
                rows[block] &= ~bits
        return tuple(rows)


def _are_words(fact: Any) -> bool:  # noqa: ANN401  any fact
    return isinstance(fact, tuple | list) and all(isinstance(value, str) for value in fact)


def _sorted_out(cells: Sequence[Condition | None]) -> tuple[list[int], ...]:
    """Return the rows that are free, ask known, ask unknown, bar values, and hinge on the fact."""
    free, asks_known, asks_unknown, bars, hinges = list[list[int]]([] for _ in range(5))
    for row, cell in enumerate(cells):
        if cell is None:
            free.append(row)
        elif cell.known is not None:
            (asks_known if cell.known else asks_unknown).append(row)
        else:
            hinges.append(row)
            if cell.none_of:
                bars.append(row)
    return free, asks_known, asks_unknown, bars, hinges


def _spanned(interval: Interval, at: dict[float, int]) -> tuple[int, int]:
    low, high, closed_low, closed_high = interval
    first = 0 if low == -inf else 2 * at[low] + 2 - closed_low
    last = 2 * len(at) if high == inf else 2 * at[high] + closed_high
    return first, last


def _changed(rows: Blocks, turned: dict[int, int]) -> Blocks:
    found = list(rows)
    for block, bits in turned.items():
        found[block] ^= bits
    return tuple(found)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    if len(spans) == 1:
        return spans if spans[0][0] <= spans[0][1] else []
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if first > last:
            continue
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged
