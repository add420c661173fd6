"""Choose the pairs worth comparing, from the data: rare agreement first, refined where common."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mos.matching.agree import MISSING, Column, Ints
from mos.matching.field import Field
from mos.matching.key import Key, keys_of

DEPTH = 3
"""Fields that a blocking rule joins at most."""
_WIDEST = 64
"""Pairs of the largest block that is taken as it is."""
_PER_ROW = 24
_AT_LEAST = 250_000
_AT_ONCE = 4_000_000
"""Pairs held before those found twice are merged."""

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Sides:
    """How many records stand on the left, of all; with `within`, pairs are within the left."""

    left: int
    rows: int
    within: bool = False

    @property
    def total(self) -> int:
        if self.within:
            return self.left * (self.left - 1) // 2
        return self.left * (self.rows - self.left)

    @property
    def budget(self) -> int:
        return max(_AT_LEAST, _PER_ROW * self.rows)


@dataclass(frozen=True)
class Blocks:
    """The pairs to compare, and what was done to choose them."""

    left: Ints
    right: Ints
    note: str


def block(table: dict[Field, Column], sides: Sides) -> Blocks:
    """Return the pairs to compare: all when they are few, else those that share something rare.

    A block is every record with the same key. Small blocks are taken; the records of a large one
    are split by a further field's key, and again. So each value decides for itself how much else
    must agree. Blocks shrink until the budget holds. Rows that say the same are never lost in
    large blocks: each is compared with its next.
    """
    if sides.total <= sides.budget:
        low, high = _every(sides)
        return Blocks(low, high, f"compared all {sides.total:,} pairs")
    keys = list(keys_of(table))
    widest = _WIDEST
    while (found := _union(keys, sides, widest)) is None:
        widest //= 2
    pairs, rules = found
    pairs = _merged([pairs, _twins(table, sides)])
    note = f"compared {len(pairs):,} of {sides.total:,} pairs: {rules} blocking rules"
    note += f", blocks of {widest} pairs at most"
    return Blocks(pairs // sides.rows, pairs % sides.rows, note)


def _union(keys: list[Key], sides: Sides, widest: int) -> tuple[Ints, int] | None:
    """Return the pairs of all rules and how many rules there were; None when pairs are too many."""
    found, fresh, rules = np.empty(0, dtype=np.int64), list[Ints](), 0
    large: dict[tuple[int, ...], Key] = {}
    over: dict[tuple[int, ...], Bools] = {}
    for rule, key, rows in _rules(keys, large, over):
        pairs, still = _join(key.codes, rows, sides, widest)
        fresh.append(pairs)
        rules += 1
        if len(rule) < DEPTH and len(still):
            over[rule] = np.zeros(sides.rows, dtype=bool)
            over[rule][still] = True
            codes = np.full(sides.rows, MISSING, dtype=np.int32)
            codes[still] = np.unique(key.codes[still], return_inverse=True)[1]
            large[rule] = Key(key.fields, codes, key.fuzzy)
        if sum(map(len, fresh)) > _AT_ONCE:
            found, fresh = _merged([found, *fresh]), []
            if widest > 1 and len(found) > sides.budget:
                return None
    found = _merged([found, *fresh])
    return None if widest > 1 and len(found) > sides.budget else (found, rules)


def _merged(parts: list[Ints]) -> Ints:
    every = np.sort(np.concatenate(parts))
    return every[np.diff(every, prepend=-1) > 0]


def _rules(
    keys: list[Key], large: dict[tuple[int, ...], Key], over: dict[tuple[int, ...], Bools]
) -> Iterator[tuple[tuple[int, ...], Key, Ints]]:
    """Give each rule with the rows that every shorter rule has left in large blocks.

    Two keys may both be fuzzy; a third is only worth its time beside exact ones.
    """
    for at, key in enumerate(keys):
        yield (at,), key, np.nonzero(key.codes >= 0)[0]
    for depth in range(2, DEPTH + 1):
        for rule in combinations(range(len(keys)), depth):
            parts = [rule[:i] + rule[i + 1 :] for i in range(depth)]
            if not all(part in over for part in parts):
                continue
            stem, last = large[rule[:-1]], keys[rule[-1]]
            if stem.fields & last.fields or (depth > 2 and stem.fuzzy + last.fuzzy > 1):  # noqa: PLR2004  a third key
                continue
            rows = np.nonzero(np.logical_and.reduce([over[part] for part in parts]))[0]
            if len(rows):
                wide = int(last.codes.max()) + 1
                codes = stem.codes.astype(np.int64) * wide + last.codes
                yield rule, Key(stem.fields | last.fields, codes, stem.fuzzy + last.fuzzy), rows


def _join(
    codes: Ints | NDArray[np.int32], rows: Ints, sides: Sides, widest: int
) -> tuple[Ints, Ints]:
    """Return the pairs of the small blocks of some rows, and the rows of the large ones."""
    ordered = np.sort(codes[rows].astype(np.int64) * sides.rows + rows)
    block_of, rows = ordered // sides.rows, ordered % sides.rows
    start = np.nonzero(np.diff(block_of, prepend=-1))[0]
    size = np.diff(start, append=len(rows))
    if not len(rows):
        return rows, rows
    if sides.within:
        lefts, cost = np.zeros_like(size), size * (size - 1) // 2
    else:
        lefts = np.add.reduceat((rows < sides.left).astype(np.int64), start)
        cost = lefts * (size - lefts)
    of = np.repeat(np.arange(len(start)), size)
    at = np.nonzero(((cost > 0) & (cost <= widest))[of] & (rows < sides.left))[0]
    first = at + 1 if sides.within else start[of[at]] + lefts[of[at]]
    count = start[of[at]] + size[of[at]] - first
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    left, right = np.repeat(rows[at], count), rows[np.repeat(first, count) + step]
    return left * sides.rows + right, rows[(cost > widest)[of]]


def _twins(table: dict[Field, Column], sides: Sides) -> Ints:
    """Return pairs of records with the same values: a chain of all, or each left with a right."""
    same = np.zeros(sides.rows, dtype=np.int64)
    for column in table.values():
        joined = same * (len(column.values) + 1) + column.codes + 1
        same = np.unique(joined, return_inverse=True)[1]
    order = np.argsort(same, kind="stable")
    if sides.within:
        chained = np.nonzero(np.diff(same[order]) == 0)[0]
        return order[chained] * sides.rows + order[chained + 1]
    left, right = order[order < sides.left], order[order >= sides.left]
    here, there = (same[side] * sides.rows + _rank(same[side]) for side in (left, right))
    met = np.isin(here, there, assume_unique=True)
    return left[met] * sides.rows + right[np.searchsorted(there, here[met])]


def _rank(ordered: Ints) -> Ints:
    """Return how many equal numbers stand before each."""
    start = np.nonzero(np.diff(ordered, prepend=-1))[0]
    return np.arange(len(ordered)) - np.repeat(start, np.diff(start, append=len(ordered)))


def _every(sides: Sides) -> tuple[Ints, Ints]:
    if sides.within:
        low, high = np.triu_indices(sides.left, 1)
        return low.astype(np.int64), high.astype(np.int64)
    right = np.arange(sides.left, sides.rows)
    return np.repeat(np.arange(sides.left), len(right)), np.tile(right, sides.left)


def draw(sides: Sides, most: int) -> tuple[Ints, Ints]:
    """Return pairs drawn from all, the same ones each time; all of them when they are few."""
    if sides.total <= most:
        return _every(sides)
    chance = np.random.default_rng(1969)
    low = chance.integers(0, sides.left, most)
    if not sides.within:
        return low, chance.integers(sides.left, sides.rows, most)
    other = chance.integers(0, sides.left - 1, most)
    other += other >= low
    return np.minimum(low, other), np.maximum(low, other)
