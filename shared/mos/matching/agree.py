"""Compare many pairs at once: each pair of distinct values once, in arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from mos.matching.compare import (
    AGREEING,
    SWAPPED_IF,
    SWAPS,
    TESTS,
    Level,
    Scorer,
    Test,
    few_edits,
    initial,
    levels_of,
)
from mos.matching.field import Field
from mos.matching.record import Record

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
MISSING = -1


@dataclass(frozen=True)
class Column:
    """A field of all records: its distinct values, and each record's (-1: none)."""

    values: list[str]
    codes: Ints


def columns(records: Sequence[Record]) -> dict[Field, Column]:
    """Return the fields that any record has."""
    found = {}
    for field in TESTS:
        seen: dict[str, int] = {}
        codes = [
            seen.setdefault(value, len(seen)) if (value := record.get(field)) else MISSING
            for record in records
        ]
        if seen:
            found[field] = Column(list(seen), np.array(codes, dtype=np.int64))
    return found


def compare_all(table: dict[Field, Column], left: Ints, right: Ints) -> dict[Field, Ints]:
    """Return the level number of every pair in every field, -1 where nothing can be said."""
    found = {field: _levels(field, column, left, right) for field, column in table.items()}
    for first, second in SWAPS:
        if first in table and second in table:
            _swap(table, (first, second), found, (left, right))
    if Field.EMAIL in found:
        _say_once(found)
    return found


def _say_once(found: dict[Field, Ints]) -> None:
    agreed = agreeing(Field.EMAIL, found[Field.EMAIL])
    if all(field in found for field in SWAPS[0]):
        part = found[Field.EMAIL] == levels_of(Field.EMAIL).index(Level.PART)
        for field in SWAPS[0]:
            part &= agreeing(field, found[field])
        found[Field.EMAIL][part] = MISSING
        agreed &= ~part
    if Field.DOMAIN in found:
        found[Field.DOMAIN][agreed] = MISSING


def _levels(field: Field, column: Column, left: Ints, right: Ints) -> Ints:
    a, b = column.codes[left], column.codes[right]
    found = np.where((a < 0) | (b < 0), MISSING, 0)
    unequal = np.nonzero((found == 0) & (a != b))[0]
    low, high = np.minimum(a[unequal], b[unequal]), np.maximum(a[unequal], b[unequal])
    pairs, back = np.unique(low * len(column.values) + high, return_inverse=True)
    low, high = pairs // len(column.values), pairs % len(column.values)
    names = levels_of(field)
    level = np.full(len(pairs), len(names) - 1)
    open_ = np.arange(len(pairs))
    for test in TESTS[field]:
        held = _holds(test, column.values, low[open_], column.values, high[open_])
        level[open_[held]] = names.index(test.level)
        open_ = open_[~held]
    found[unequal] = level[back]
    return found


def _holds(
    test: Test, lefts: list[str], low: Ints, rights: list[str], high: Ints
) -> NDArray[np.bool_]:
    forms_left = [test.form(value) for value in lefts]
    forms_right = forms_left if rights is lefts else [test.form(value) for value in rights]
    a = [forms_left[i] for i in low.tolist()]
    b = [forms_right[i] for i in high.tolist()]
    if test.scorer is None:
        return np.fromiter((x == y and x != "" for x, y in zip(a, b, strict=True)), bool, len(a))
    filled = np.fromiter((bool(x and y) for x, y in zip(a, b, strict=True)), bool, len(a))
    return filled & (_scores(test.scorer, a, b) >= test.at_least)


def _scores(scorer: Scorer, a: list[str], b: list[str]) -> Floats:
    if scorer is few_edits:
        edits = process.cpdist(a, b, scorer=OSA.distance, dtype=np.int64, workers=2)
        return np.asarray(np.maximum(0, 3 - edits), dtype=np.float64)
    if scorer is initial:
        return np.fromiter(
            (x[:1] == y[:1] and (len(x) == 1 or len(y) == 1) for x, y in zip(a, b, strict=True)),
            np.float64,
            len(a),
        )
    return np.asarray(process.cpdist(a, b, scorer=scorer, dtype=np.float64, workers=2))


def _swap(
    table: dict[Field, Column],
    fields: tuple[Field, Field],
    found: dict[Field, Ints],
    pairs: tuple[Ints, Ints],
) -> None:
    first, second = fields
    one, two, (left, right) = table[first], table[second], pairs
    seen = (found[first] >= 0) & (found[second] >= 0)
    seen &= ~agreeing(first, found[first]) & ~agreeing(second, found[second])
    at = np.nonzero(seen)[0]
    for a, b, at_a, at_b in ((one, two, left, right), (two, one, left, right)):
        at = at[_holds(SWAPPED_IF, a.values, a.codes[at_a[at]], b.values, b.codes[at_b[at]])]
    found[first][at] = levels_of(first).index(Level.SWAPPED)
    found[second][at] = MISSING


def agreeing(field: Field, found: Ints) -> NDArray[np.bool_]:
    """Return which of these level numbers are of values that agree."""
    good = [number for number, level in enumerate(levels_of(field)) if level in AGREEING]
    return np.isin(found, good)
