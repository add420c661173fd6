"""Ask a decision table about many subjects at once. Pure.

A table tells two facts apart only where a cell does: facts fall into classes, and subjects whose
facts are of the same classes have the same answer. Each combination of classes that occurs is asked
once, with the scalar engine, so that answers are the engine's own.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mos.model.base import Fact
from mos.policy.table.answer import Answer
from mos.policy.table.engine import CompiledTable
from mos.policy.table.index import Blocks, ColumnIndex

Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
_DIRECT = 1 << 16
"""Up to so many combinations, a look-up array is faster than sorting."""
_LARGE = 1 << 40


@dataclass(frozen=True)
class Column:
    """One fact of many subjects: numbers (NaN: unknown), or codes into values (None: unknown)."""

    numbers: Numbers | None = None
    codes: Codes | None = None
    values: tuple[Fact, ...] = ()

    @classmethod
    def of(cls, facts: Sequence[Fact]) -> "Column":
        """Return the column of these facts, in their order."""
        known = [fact for fact in facts if fact is not None]
        if known and all(isinstance(f, int | float) and f.__class__ is not bool for f in known):
            return cls(numbers=np.array([np.nan if f is None else f for f in facts], np.float64))
        values: dict[Hashable, int] = {}
        codes = [values.setdefault(_hashable(fact), len(values)) for fact in facts]
        return cls(codes=np.array(codes, np.int64), values=tuple(v[1] for v in values))  # type: ignore[index]  # what _hashable gives

    @classmethod
    def flags(cls, flags: Flags) -> "Column":
        """Return a column of truths."""
        return cls(codes=flags.astype(np.int64), values=(False, True))

    def __len__(self) -> int:
        return len(self.numbers if self.numbers is not None else self._codes)

    def take(self, index: Codes) -> "Column":
        """Return the facts at these places."""
        if self.numbers is not None:
            return Column(numbers=self.numbers[index])
        return Column(codes=self._codes[index], values=self.values)

    def fact(self, place: int) -> Fact:
        """Return one subject's fact."""
        if self.numbers is None:
            return self.values[int(self._codes[place])]
        number = float(self.numbers[place])
        if number != number:  # noqa: PLR0124  NaN
            return None
        return int(number) if number.is_integer() else number

    @property
    def coded(self) -> Codes:
        """Return a number for each fact, the same for the same fact."""
        if self.numbers is None:
            return self._codes
        return np.unique(self.numbers, return_inverse=True)[1].astype(np.int64)

    @property
    def _codes(self) -> Codes:
        if self.codes is None:
            raise ValueError("a column has numbers or codes")
        return self.codes

    def classes(self, index: ColumnIndex, alive: Blocks) -> tuple[Codes | None, int]:
        """Return the class of each fact as the rows in `alive` see it, and how many there are.

        None where they see no difference.
        """
        found: dict[Hashable, int] = {}
        if self.numbers is not None:
            return self._spans(index, alive, found)
        kinds = [found.setdefault(_seen(index, v, alive), len(found)) for v in self.values]
        if len(found) < 2:  # noqa: PLR2004  one class
            return None, 1
        return np.array(kinds, np.int64)[self._codes], len(found)

    def _spans(
        self, index: ColumnIndex, alive: Blocks, found: dict[Hashable, int]
    ) -> tuple[Codes | None, int]:
        assert self.numbers is not None  # noqa: S101  asked above, for the type checker
        points = np.array(index.points, np.float64)
        spans = [_inside(index.points, span) for span in range(2 * len(points) + 1)]
        kinds = [found.setdefault(_seen(index, fact, alive), len(found)) for fact in (*spans, None)]
        if len(found) < 2:  # noqa: PLR2004  one class
            return None, 1
        numbers = self.numbers
        place = np.searchsorted(points, numbers)
        on: Codes = np.zeros(len(numbers), np.int64)
        if len(points):
            on = (points[np.minimum(place, len(points) - 1)] == numbers).astype(np.int64)
        span = np.where(np.isnan(numbers), len(kinds) - 1, 2 * place + on)
        return np.array(kinds, np.int64)[span], len(found)


@dataclass(frozen=True)
class TableAnswers:
    """What a table says of many subjects: each one's place in the list of distinct answers."""

    places: Codes
    told: tuple[Answer, ...]

    def numbers(self, name: str, otherwise: float = 0.0) -> Numbers:
        """Return an output of each subject as a number."""
        told = [float(a.output.get(name, otherwise)) for a in self.told]
        return np.array(told, np.float64)[self.places]

    def flags(self, name: str) -> Flags:
        """Return an output of each subject as a truth; false where the table does not say."""
        return np.array([bool(a.output.get(name, False)) for a in self.told], bool)[self.places]

    def column(self, made: Sequence[Fact]) -> Column:
        """Return the column of facts made from the distinct answers, one each."""
        return Column.of(made).take(self.places)


def ask_many(
    table: CompiledTable,
    facts: Mapping[str, Column],
    count: int,
    constants: Mapping[str, Fact] | None = None,
) -> TableAnswers:
    """Return what a table says of `count` subjects; `constants` are facts that all of them share.

    Raises:
        FactError: a fact has another type than its column.
    """
    shared = constants or {}
    alive = _alive(table, shared)
    keys, size = np.zeros(count, np.int64), 1
    varying = []
    for index in table.columns:
        if index.name in shared:
            continue
        column = facts.get(index.name)
        if column is None:
            continue
        varying.append((index.name, column))
        kinds, many = column.classes(index, alive)
        if kinds is not None:
            keys, size = keys * many + kinds, size * many
        if size > _LARGE:
            _, keys = np.unique(keys, return_inverse=True)
            size = int(keys.max()) + 1 if count else 1
    first, places = _distinct(keys, size)
    told = tuple(
        table.evaluate({name: c.fact(int(at)) for name, c in varying} | dict(shared))
        for at in first
    )
    return TableAnswers(places, told)


def _distinct(keys: Codes, size: int) -> tuple[Codes, Codes]:
    """Return where each distinct key occurs first, and each key's place among them."""
    if size > _DIRECT:
        _, first, places = np.unique(keys, return_index=True, return_inverse=True)
        return first, places
    at = np.full(size, -1, np.int64)
    at[keys[::-1]] = np.arange(len(keys) - 1, -1, -1)
    present = np.flatnonzero(at >= 0)
    lookup = np.zeros(size, np.int64)
    lookup[present] = np.arange(len(present))
    return at[present], lookup[keys]


def _alive(table: CompiledTable, shared: Mapping[str, Fact]) -> Blocks:
    """Return the rows that the shared facts leave: where one is unknown, those that hinge on it."""
    alive: Blocks | None = None
    for index in table.columns:
        if index.name not in shared:
            continue
        held, hinging = _rows(index, shared[index.name])
        left = tuple(a | b for a, b in zip(held, hinging, strict=True))
        alive = left if alive is None else tuple(a & b for a, b in zip(alive, left, strict=True))
    return alive if alive is not None else table.every


def _rows(index: ColumnIndex, fact: Fact) -> tuple[Blocks, Blocks]:
    if fact is None:
        return index.when_unknown, index.hinging
    held = index.rows(fact)
    return held, tuple(0 for _ in held)


def _seen(index: ColumnIndex, fact: Fact, alive: Blocks) -> Hashable:
    """Return what the rows in `alive` see of a fact: which hold, and which hinge on it."""
    return tuple(
        tuple(a & b for a, b in zip(rows, alive, strict=True)) for rows in _rows(index, fact)
    )


def _inside(points: Sequence[float], span: int) -> float:
    """Return a number of a span: a point (odd), or the gap beside it (even)."""
    place, on = divmod(span, 2)
    if on:
        return points[place]
    if not points:
        return 0.0
    if place == 0:
        return points[0] - 1
    if place == len(points):
        return points[-1] + 1
    return (points[place - 1] + points[place]) / 2


def _hashable(fact: Any) -> Hashable:  # noqa: ANN401  any fact
    """Return a fact with its type, so that true is not one."""
    value = tuple(fact) if isinstance(fact, list) else fact
    return (type(value), value)
