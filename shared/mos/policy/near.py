"""Rows that one fact kept from deciding. Pure."""

from collections.abc import Sequence

from mos.policy.index import Blocks, Layout

Near = list[tuple[int, int]]
"""The number of a row, and of the column in which alone it fails."""


def near_misses(
    layout: Layout, found: Sequence[Blocks], most: int, *, first: bool
) -> tuple[int | None, Near]:
    """Return the first row that holds and, lowest first, rows that fail in a single column.

    Where the first row decides, only those before it count.
    """
    near: Near = []
    blocks = zip(*found, strict=True) if found else iter([()])
    for start, full, parts in zip(layout.starts, layout.full, blocks, strict=False):
        held, once = full, 0
        for rows in parts:
            kept = held & rows
            once = once & rows | held ^ kept
            held = kept
        lowest = held & -held
        if first and lowest:
            once &= lowest - 1
        if once and len(near) < most:
            _add(near, start, once, parts, most)
        if first and lowest:
            return start + lowest.bit_length() - 1, near
    return None, near


def _add(near: Near, start: int, once: int, parts: Sequence[int], most: int) -> None:
    while once and len(near) < most:
        row = once & -once
        once ^= row
        for column, rows in enumerate(parts):
            if not rows & row:
                near.append((start + row.bit_length() - 1, column))
                break
