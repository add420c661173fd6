"""What pairs show, in arrays: the level of each field and the share of its value."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mos.matching.agree import Column, Floats, Ints, compare_all
from mos.matching.compare import AGREEING, SWAPS, TESTS, Level, levels_of
from mos.matching.field import Field

BY_FREQUENCY = AGREEING | {Level.SWAPPED}
_BY_NUMBER = {test.scorer for field in (Field.PHONE, Field.POSTCODE) for test in TESTS[field]}


def by_frequency(field: Field) -> NDArray[np.bool_]:
    """Return which levels of a field weigh more for rarer values.

    Digits off by one are no rarer for a rare number, so a code's frequency counts when equal only.
    """
    near = {Level.EXACT, Level.SWAPPED} | {
        test.level for test in TESTS[field] if test.scorer not in _BY_NUMBER
    }
    return np.array([level in near and level in BY_FREQUENCY for level in levels_of(field)])


@dataclass(frozen=True)
class Evidence:
    """Pairs of records by position, and the level number of every field (-1: silent)."""

    table: dict[Field, Column]
    left: Ints
    right: Ints
    levels: dict[Field, Ints]

    def shares(self, field: Field, share: Mapping[Field, Floats]) -> Floats:
        """Return the share of each pair's commoner value, given those of a column's values."""
        codes, own = self.table[field].codes, share[field]
        found = np.maximum(own[codes[self.left]], own[codes[self.right]])
        if field in dict(SWAPS) and dict(SWAPS)[field] in self.table:
            at = np.nonzero(self.levels[field] == levels_of(field).index(Level.SWAPPED))[0]
            found[at] = np.maximum(
                *(self._crossed(field, share, side[at]) for side in (self.left, self.right))
            )
        return found

    def _crossed(self, first: Field, share: Mapping[Field, Floats], rows: Ints) -> Floats:
        """Return both values' shares, each in the field that has it more often, multiplied."""
        both = (first, dict(SWAPS)[first])
        product = np.ones(len(rows))
        for name, other in (both, both[::-1]):
            own, there = self.table[name], self.table[other]
            for at, code in enumerate(own.codes[rows].tolist()):
                elsewhere = there.code_of.get(own.values[code])
                here = share[name][code]
                part = here if elsewhere is None else max(here, share[other][elsewhere])
                product[at] *= part
        return product


def take(seen: Evidence, at: Ints) -> Evidence:
    """Return some of the pairs."""
    levels = {field: x[at] for field, x in seen.levels.items()}
    return Evidence(seen.table, seen.left[at], seen.right[at], levels)


def join(first: Evidence, second: Evidence, kept: NDArray[np.bool_]) -> Evidence:
    """Return all pairs of the first and the kept ones of the second."""
    levels = {f: np.concatenate([x, second.levels[f][kept]]) for f, x in first.levels.items()}
    left = np.concatenate([first.left, second.left[kept]])
    right = np.concatenate([first.right, second.right[kept]])
    return Evidence(first.table, left, right, levels)


def look(table: dict[Field, Column], left: Ints, right: Ints) -> Evidence:
    """Return what these pairs show."""
    return Evidence(table, left, right, compare_all(table, left, right))
