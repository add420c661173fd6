"""Compare many pairs at once: each pair of distinct values once, in arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from mos.matching.compare import (
    AGREEING,
    AGREEING_MAIL,
    SWAPPED_IF,
    SWAPS,
    TESTS,
    Form,
    Level,
    Scorer,
    Test,
    contains,
    few_edits,
    initial,
    levels_of,
    repeats_name,
    same_line,
    same_mailbox,
)
from mos.matching.field import Field
from mos.matching.record import Record
from mos.matching.sift import Bools, Gap, Shape, possible, shape

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]
MISSING = -1


@dataclass(frozen=True)
class Forms:
    """A column's values in one form: the texts, and a code each (-1: empty)."""

    texts: Objects
    codes: Ints

    @cached_property
    def shape(self) -> Shape:
        return shape(self.texts.tolist())


@dataclass(frozen=True)
class Column:
    """A field of all records: its distinct values, and each record's (-1: none)."""

    values: list[str]
    codes: Ints
    _forms: dict[Form, Forms] = field(default_factory=dict, repr=False)

    @cached_property
    def code_of(self) -> dict[str, int]:
        """The code of each value."""
        return {value: code for code, value in enumerate(self.values)}

    def of_each(self) -> list[str | None]:
        """Return each record's value."""
        values = [*self.values, None]
        return [values[code] for code in self.codes.tolist()]

    def forms(self, form: Form) -> Forms:
        """Return all values in a form, made once."""
        if form not in self._forms:
            texts = [form(value) for value in self.values]
            seen: dict[str, int] = {}
            codes = [seen.setdefault(t, len(seen)) if t else MISSING for t in texts]
            self._forms[form] = Forms(
                np.array(texts, dtype=object), np.array(codes, dtype=np.int64)
            )
        return self._forms[form]


def columns(records: Sequence[Record]) -> dict[Field, Column]:
    """Return the fields that any record has."""
    found = {}
    for name in TESTS:
        seen: dict[str, int] = {}
        codes = [
            seen.setdefault(value, len(seen)) if (value := record.get(name)) else MISSING
            for record in records
        ]
        if seen:
            found[name] = Column(list(seen), np.array(codes, dtype=np.int64))
    return found


def compare_all(table: dict[Field, Column], left: Ints, right: Ints) -> dict[Field, Ints]:
    """Return the level number of every pair in every field, -1 where nothing can be said."""
    found = {name: _levels(name, column, left, right) for name, column in table.items()}
    for first, second in SWAPS:
        if first in table and second in table:
            _swap(table, (first, second), found, (left, right))
    if Field.EMAIL in found:
        _say_once(table, found, left, right)
    return found


def _say_once(
    table: dict[Field, Column], found: dict[Field, Ints], left: Ints, right: Ints
) -> None:
    mail = found[Field.EMAIL]
    names = levels_of(Field.EMAIL)
    if Field.SURNAME in table:
        emails, surnames = table[Field.EMAIL].of_each(), table[Field.SURNAME].of_each()
        repeats = np.fromiter(map(repeats_name, emails, surnames), bool)
        alike = np.isin(mail, [names.index(level) for level in AGREEING_MAIL])
        mail[alike & repeats[left] & repeats[right]] = MISSING
    if Field.DOMAIN in found:
        found[Field.DOMAIN][agreeing(Field.EMAIL, mail)] = MISSING


def _levels(name: Field, column: Column, left: Ints, right: Ints) -> Ints:
    a, b = column.codes[left], column.codes[right]
    found = np.where((a < 0) | (b < 0), MISSING, 0)
    unequal = np.nonzero((found == 0) & (a != b))[0]
    low, high = np.minimum(a[unequal], b[unequal]), np.maximum(a[unequal], b[unequal])
    few = len(column.values) ** 2 < len(low)
    if few:
        pairs, back = np.unique(low * len(column.values) + high, return_inverse=True)
        low, high = pairs // len(column.values), pairs % len(column.values)
    level = _unequal(name, column, low, high)
    found[unequal] = level[back] if few else level
    return found


def _unequal(name: Field, column: Column, low: Ints, high: Ints) -> Ints:
    names = levels_of(name)
    level = np.full(len(low), len(names) - 1)
    open_ = np.ones(len(low), dtype=bool)
    gaps: dict[Form, Gap] = {}
    for test in TESTS[name]:
        forms = column.forms(test.form)
        if test.scorer is not None and test.form not in gaps:
            gaps[test.form] = Gap(forms.shape.at(low), forms.shape.at(high))
        held = holds(test, (forms, low), (forms, high), gaps.get(test.form), open_)
        level[held] = names.index(test.level)
        open_ &= ~held
    return level


def holds(
    test: Test,
    left: tuple[Forms, Ints],
    right: tuple[Forms, Ints],
    gap: Gap | None,
    among: Bools,
) -> Bools:
    """Return for which of some pairs of values a test holds."""
    (one, a), (two, b) = left, right
    if test.scorer is None or gap is None:
        return np.asarray(among & (one.codes[a] == two.codes[b]) & (one.codes[a] >= 0))
    found = among & possible(test.scorer, test.at_least, gap)
    at = np.nonzero(found)[0]
    found[at] = _score(test.scorer, one.texts[a[at]], two.texts[b[at]]) >= test.at_least
    return found


def _score(scorer: Scorer, a: Objects, b: Objects) -> Floats:
    if scorer is few_edits:
        edits = process.cpdist(a, b, scorer=OSA.distance, dtype=np.int64, score_cutoff=2)
        return np.asarray(np.maximum(0, 3 - edits), dtype=np.float64)
    if scorer in {contains, initial, same_line, same_mailbox}:
        return np.fromiter(map(scorer, a, b), np.float64, len(a))
    return np.asarray(process.cpdist(a, b, scorer=scorer, dtype=np.float64))


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
    for a, b in ((one, two), (two, one)):
        here, there = a.codes[left[at]], b.codes[right[at]]
        forms = a.forms(SWAPPED_IF.form), b.forms(SWAPPED_IF.form)
        gap = Gap(forms[0].shape.at(here), forms[1].shape.at(there))
        every = np.ones(len(at), dtype=bool)
        at = at[holds(SWAPPED_IF, (forms[0], here), (forms[1], there), gap, every)]
    found[first][at] = levels_of(first).index(Level.SWAPPED)
    found[second][at] = MISSING


def agreeing(name: Field, found: Ints) -> NDArray[np.bool_]:
    """Return which of these level numbers are of values that agree."""
    good = [number for number, level in enumerate(levels_of(name)) if level in AGREEING]
    return np.isin(found, good)
