"""A column compiled to bitmaps: for a fact, which rows hold and which hinge on it.

A row is one bit of an integer, row 0 the lowest; a table is the AND of its columns.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import xor
from typing import Any

from mos.policy.condition import ColumnType, Condition, Interval


class ColumnIndex:
    """One column of a compiled table."""

    def __init__(self, kind: ColumnType, cells: Sequence[Condition | None]) -> None:
        self.kind = kind
        self.cells = cells
        self._free = _mask(i for i, cell in enumerate(cells) if cell is None)
        asks_known = _mask(i for i, c in enumerate(cells) if c is not None and c.known is True)
        asks_unknown = _mask(i for i, c in enumerate(cells) if c is not None and c.known is False)
        everything = (1 << len(cells)) - 1
        self.when_unknown = self._free | asks_unknown
        self.hinging = everything & ~(self._free | asks_known | asks_unknown)
        self._given = self._free | asks_known
        self.exact: dict[str | bool, int] = {}
        self._positive: dict[str | bool, int] = {}
        self._negative: dict[str | bool, int] = {}
        self._points: list[float] = []
        self._spans: list[int] = []
        if kind is ColumnType.NUMBER:
            self._index_numbers()
        else:
            self._index_values()

    def _index_values(self) -> None:
        for i, cell in enumerate(self.cells):
            if cell is None:
                continue
            if cell.none_of:
                self._given |= 1 << i
            for value in cell.any_of:
                self._positive[value] = self._positive.get(value, 0) | 1 << i
            for value in cell.none_of:
                self._negative[value] = self._negative.get(value, 0) | 1 << i
        # The rows of every single value that a cell names, ready made.
        for value in self._positive.keys() | self._negative.keys():
            rows = self._given | self._positive.get(value, 0)
            self.exact[value] = rows & ~self._negative.get(value, 0)

    def _index_numbers(self) -> None:
        ends = {end for c in self.cells if c for v in c.intervals for end in v[:2]}
        self._points = sorted(end for end in ends if abs(end) != math.inf)
        # A span is a point (odd) or the gap beside it (even); a row enters and leaves spans.
        turns = [0] * (2 * len(self._points) + 2)
        for i, cell in enumerate(self.cells):
            for first, last in _merged([self._spanned(v) for v in cell.intervals] if cell else []):
                turns[first] ^= 1 << i
                turns[last + 1] ^= 1 << i
        self._spans = [rows | self._given for rows in accumulate(turns, xor)]

    def _spanned(self, interval: Interval) -> tuple[int, int]:
        low, high, closed_low, closed_high = interval
        first = 0 if low == -math.inf else 2 * bisect_left(self._points, low) + 2 - closed_low
        last = 2 * len(self._points)
        if high != math.inf:
            last = 2 * bisect_left(self._points, high) + closed_high
        return first, last

    def rows(self, fact: Any) -> int:  # noqa: ANN401  any fact
        """Return the rows that hold for a known fact."""
        if self.kind is ColumnType.NUMBER:
            at = bisect_left(self._points, fact)
            on_point = at < len(self._points) and self._points[at] == fact
            return self._spans[2 * at + on_point]
        if isinstance(fact, tuple | list):
            return self._rows_of_set(fact)
        return self.exact.get(fact, self._given)

    def _rows_of_set(self, values: Sequence[str]) -> int:
        rows, barred = self._given, 0
        for value in values:
            rows |= self._positive.get(value, 0)
            barred |= self._negative.get(value, 0)
        return rows & ~barred


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if first > last:
            continue
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _mask(rows: Iterable[int]) -> int:
    mask = 0
    for row in rows:
        mask |= 1 << row
    return mask
