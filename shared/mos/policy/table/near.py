"""Rows that one fact kept from deciding. Pure."""

from collections.abc import Sequence

from mos.policy.table.index import Blocks, Layout
from mos.policy.table.table import Row

Near = tuple[tuple[Row, str], ...]
"""A row, and the column in which alone it fails."""


class NearMisses:
    """Finds the rows of a table that hold but for one column."""

    def __init__(
        self, layout: Layout, rows: Sequence[Row], columns: Sequence[str], *, first: bool
    ) -> None:
        self._blocks = list(zip(layout.starts, layout.full, strict=True))
        self._rows, self._columns, self._first = rows, columns, first

    def find(self, found: Sequence[Blocks], most: int) -> tuple[int | None, Near]:
        """Return the first row that holds and, lowest first, rows that fail in a single column.

        Where the first row decides, only those before it count.
        """
        near: list[tuple[Row, str]] = []
        blocks = zip(*found, strict=True) if found else iter([()])
        for (start, full), parts in zip(self._blocks, blocks, strict=False):
            held = most_once = full
            for rows in parts:
                most_once = most_once & rows | held
                held &= rows
            if not (held and self._first):
                self._add(near, start, most_once ^ held, parts, most)
                continue
            lowest = held & -held
            self._add(near, start, (most_once ^ held) & (lowest - 1), parts, most)
            return start + lowest.bit_length() - 1, tuple(near)
        return None, tuple(near)

    def _add(
        self, near: list[tuple[Row, str]], start: int, once: int, parts: Sequence[int], most: int
    ) -> None:
        while once and len(near) < most:
            row = once & -once
            once ^= row
            for column, rows in zip(self._columns, parts, strict=True):
                if not rows & row:
                    near.append((self._rows[start + row.bit_length() - 1], column))
                    break
