"""Choose the pairs worth comparing, from the data: rare agreement first, refined where common."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mos.matching.agree import MISSING, Column, Ints
from mos.matching.clean import squash
from mos.matching.compare import SWAPS
from mos.matching.field import Field
from mos.matching.nickname import formal

DEPTH = 3
"""Fields that a blocking rule joins at most."""
_WIDEST = 100
"""Pairs of the largest block that is taken as it is."""
_PER_ROW = 24
_AT_LEAST = 250_000

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
    must agree. Blocks shrink until the budget holds.
    """
    if sides.total <= sides.budget:
        low, high = _every(sides)
        return Blocks(low, high, f"compared all {sides.total:,} pairs")
    keys = list(_keys(table))
    widest = _WIDEST
    while True:
        pairs, rules = _union(keys, sides, widest)
        if len(pairs) <= sides.budget or widest == 1:
            note = f"compared {len(pairs):,} of {sides.total:,} pairs: {rules} blocking rules"
            note += f", blocks of {widest} pairs at most"
            return Blocks(pairs // sides.rows, pairs % sides.rows, note)
        widest //= 2


@dataclass(frozen=True)
class _Key:
    fields: frozenset[Field]
    codes: Ints


def _keys(table: dict[Field, Column]) -> Iterator[_Key]:
    for field, column in table.items():
        seen = set()
        for form in _FORMS.get(field, _TEXT):
            codes = _recoded(column, form)
            if (told := codes.tobytes()) not in seen:
                seen.add(told)
                yield _Key(frozenset({field}), codes)
    for pair in SWAPS:
        if all(field in table for field in pair):
            yield _Key(frozenset(pair), _bag([table[field] for field in pair]))


def _recoded(column: Column, form: Callable[[str], str]) -> Ints:
    seen: dict[str, int] = {}
    forms = [form(value) for value in column.values]
    codes = [seen.setdefault(key, len(seen)) if key else MISSING for key in forms]
    return np.array([*codes, MISSING], dtype=np.int64)[column.codes]


def _bag(both: list[Column]) -> Ints:
    """Return a code per record for its two values in either order, by their beginnings."""
    seen: dict[str, int] = {}
    parts = [
        np.array([*(seen.setdefault(_start(v), len(seen)) for v in c.values), MISSING])[c.codes]
        for c in both
    ]
    low, high = np.minimum(*parts), np.maximum(*parts)
    return np.where(low < 0, MISSING, low * len(seen) + high)


def _union(keys: list[_Key], sides: Sides, widest: int) -> tuple[Ints, int]:
    found: list[Ints] = []
    large: dict[tuple[int, ...], _Key] = {}
    over: dict[tuple[int, ...], Bools] = {}
    for at, key in enumerate(keys):
        pairs, over[(at,)] = _join(key.codes, sides, widest)
        found.append(pairs)
        large[(at,)] = key
    for depth in range(2, DEPTH + 1):
        for rule in combinations(range(len(keys)), depth):
            parts = [rule[:i] + rule[i + 1 :] for i in range(depth)]
            last = keys[rule[-1]]
            stem = large.get(rule[:-1])
            if stem is None or stem.fields & last.fields or not all(p in over for p in parts):
                continue
            mask = np.logical_and.reduce([over[p] for p in parts])
            if not mask.any():
                continue
            codes = np.where(mask, stem.codes * (last.codes.max() + 1) + last.codes, MISSING)
            pairs, still = _join(codes, sides, widest)
            found.append(pairs)
            if depth < DEPTH and still.any():
                fresh = np.full(len(codes), MISSING)
                fresh[still] = np.unique(codes[still], return_inverse=True)[1]
                large[rule], over[rule] = _Key(stem.fields | last.fields, fresh), still
    every = np.sort(np.concatenate(found))
    return every[np.diff(every, prepend=-1) > 0], len(found)


def _join(codes: Ints, sides: Sides, widest: int) -> tuple[Ints, Bools]:
    """Return the pairs of the small blocks, and which records stand in large ones."""
    rows = np.nonzero(codes >= 0)[0]
    order = np.argsort(codes[rows], kind="stable")
    rows = rows[order]
    start = np.nonzero(np.diff(codes[rows], prepend=-2))[0]
    size = np.diff(start, append=len(rows))
    over = np.zeros(len(codes), dtype=bool)
    if not len(rows):
        return rows, over
    if not sides.within:
        lefts = np.add.reduceat((rows < sides.left).astype(np.int64), start)
        cost = lefts * (size - lefts)
    else:
        lefts, cost = np.zeros_like(size), size * (size - 1) // 2
    of = np.repeat(np.arange(len(start)), size)
    over[rows[(cost > widest)[of]]] = True
    taken = ((cost > 0) & (cost <= widest))[of]
    at = np.nonzero(taken & (rows < sides.left))[0]
    first = start[of[at]] + lefts[of[at]] if not sides.within else at + 1
    count = start[of[at]] + size[of[at]] - first
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    left, right = np.repeat(rows[at], count), rows[np.repeat(first, count) + step]
    return left * sides.rows + right, over


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


def _start(text: str) -> str:
    return squash(text)[:4]


def _end(text: str) -> str:
    return squash(text)[-4:]


def _middle(text: str) -> str:
    return squash(text)[4:8]


def _sorted(text: str) -> str:
    return "".join(sorted(text))


def _consonants(text: str) -> str:
    """Return how a name roughly sounds: its consonants, doubled ones once."""
    kept = [c for c in squash(text) if c not in "aeiouyh"]
    return "".join(c for c, before in zip(kept, ["", *kept], strict=False) if c != before)[:5]


def _mailbox(text: str) -> str:
    return text.rpartition("@")[0]


def _site(text: str) -> str:
    return text.partition(".")[0]


_NAME = (squash, _start, _end, _consonants)
_TEXT = (squash, _start, _middle)
_CODE = (squash, _sorted)
_FORMS: dict[Field, tuple[Callable[[str], str], ...]] = {
    Field.GIVEN_NAME: (*_NAME, formal),
    Field.SURNAME: _NAME,
    Field.EMAIL: (squash, _mailbox, _start),
    Field.PHONE: (squash, _start, _end),
    Field.DOMAIN: (squash, _site, _start),
    Field.STREET_NUMBER: _CODE,
    Field.POSTCODE: _CODE,
    Field.STATE: (squash,),
    Field.COUNTRY: (squash,),
}
