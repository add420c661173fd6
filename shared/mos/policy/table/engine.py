"""Evaluate a decision table. Pure: no clock, no storage."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, getitem, itemgetter
from typing import Any

from mos.policy.table.answer import Answer
from mos.policy.table.condition import ColumnType
from mos.policy.table.index import Blocks, ColumnIndex, FactError, Layout
from mos.policy.table.near import NearMisses
from mos.policy.table.table import DecisionTable, Hit

__all__ = ["Answer", "CompiledTable", "FactError"]

Facts = Mapping[str, Any]


class CompiledTable:
    """A table ready to answer: one bitmap index per column."""

    def __init__(self, table: DecisionTable) -> None:
        self.table = table
        self._layout = Layout(len(table.rows))
        used = {name for row in table.rows for name in row.when}
        self._columns = [
            ColumnIndex(name, kind, [row.when.get(name) for row in table.rows], self._layout)
            for name, kind in table.columns.items()
            if name in used
        ]
        self._names = [column.name for column in self._columns]
        self._exact = [column.exact for column in self._columns]
        self._pick = _picker(self._names)
        # True equals 1, so a boolean's type must be looked at; other values find only their own.
        self._truths = [
            place for place, c in enumerate(self._columns) if c.kind is ColumnType.BOOLEAN
        ]
        self._first = table.hit is Hit.FIRST
        self._denies = self._layout.blocks(
            i
            for i, row in enumerate(table.rows)
            if table.hit is Hit.DENY_OVERRIDES and not row.then.get("allow", False)
        )
        self._near = NearMisses(self._layout, table.rows, self._names, first=self._first)
        # Most answers hinge on nothing: then a row's answer is always the same one.
        self._ready: list[Answer | None] = [None] * len(table.rows)
        self._otherwise = Answer(None, None, table.default)
        fast = table.hit is Hit.FIRST and self._columns
        self.evaluate: Callable[[Facts], Answer] = self._fast() if fast else self._any
        """Return what the table says of these facts. A missing fact is unknown, never false.

        Raises `FactError` where a fact has another type than its column.
        """

    @property
    def columns(self) -> Sequence[ColumnIndex]:
        """Return the index of each column that some row reads."""
        return self._columns

    @property
    def every(self) -> Blocks:
        """Return all rows."""
        return tuple(self._layout.full)

    def _any(self, facts: Facts) -> Answer:
        found, unknown = self._looked_up(facts)
        if self._first and not unknown:
            return self._first_of(found)
        return self._answer(found, unknown)

    def _fast(self) -> Callable[[Facts], Answer]:
        """Return the way for a first-hit table whose facts are all known and rightly typed."""
        pick, any_way, late = self._pick, self._any, self._late
        heads = [column.heads for column in self._columns]
        ready, made, otherwise = self._ready, self._made, self._otherwise
        several = len(self._layout.starts) > 1
        truths = self._truths

        def evaluate(facts: Facts) -> Answer:
            try:
                values = pick(facts)
                for place in truths:
                    if values[place].__class__ is not bool:
                        return any_way(facts)
                rows = reduce(and_, map(getitem, heads, values))
            except (KeyError, TypeError):  # A fact is not there, or of a type that has no hash.
                return any_way(facts)
            if rows:
                index = (rows & -rows).bit_length() - 1
                return ready[index] or made(index)
            return late(values) if several else otherwise

        return evaluate

    def _late(self, values: tuple[Any, ...]) -> Answer:
        """Return the answer where no row of the first block holds."""
        return self._first_of(map(getitem, self._exact, values))

    def _looked_up(self, facts: Facts) -> tuple[list[Blocks], list[ColumnIndex]]:
        """Return the rows of each known fact, and the columns whose fact is unknown."""
        found, unknown = [], []
        for column in self._columns:
            value = facts.get(column.name)
            if value is None:
                unknown.append(column)
            else:
                found.append(column.rows(value))
        return found, unknown

    def _first_of(self, found: Iterable[Blocks]) -> Answer:
        """Return the answer of the first row that holds in every column."""
        for start, parts in zip(self._layout.starts, zip(*found, strict=False), strict=False):
            rows = reduce(and_, parts)
            if rows:
                index = start + (rows & -rows).bit_length() - 1
                return self._ready[index] or self._made(index)
        return self._made(0) if self.table.rows and not self._columns else self._otherwise

    def _made(self, index: int) -> Answer:
        row = self.table.rows[index]
        self._ready[index] = answer = Answer(row, index, row.then, (row,))
        return answer

    def _answer(self, found: Sequence[Blocks], unknown: Sequence[ColumnIndex]) -> Answer:
        holding: list[int] = []
        hinging: list[int] = []
        for block, rows in enumerate(self._layout.full):
            known = rows
            for blocks in found:
                known &= blocks[block]
            held = possible = known
            for column in unknown:
                held &= column.when_unknown[block]
                possible &= column.when_unknown[block] | column.hinging[block]
            holding.append(held)
            hinging.append(possible & ~held)
            if held and self._first:
                break
        if self._first:
            return self._first_hinging(holding, hinging, unknown)
        if self.table.hit is Hit.ALL:
            return self._all(holding, hinging, unknown)
        return self._deny(holding, hinging, unknown)

    def _first_hinging(
        self, holding: list[int], hinging: list[int], unknown: Sequence[ColumnIndex]
    ) -> Answer:
        first = next(self._numbers(holding), None)
        if first is None:
            return Answer(None, None, self.table.default, (), _names(hinging, unknown))
        hinging[-1] &= (holding[-1] & -holding[-1]) - 1
        row = self.table.rows[first]
        return Answer(row, first, row.then, (row,), _names(hinging, unknown))

    def _all(
        self, holding: list[int], hinging: list[int], unknown: Sequence[ColumnIndex]
    ) -> Answer:
        rows = self.table.rows
        held = list(self._numbers(holding))
        hinges_on = _names(hinging, unknown)
        if not held:
            return Answer(None, None, self.table.default, (), hinges_on)
        first = rows[held[0]]
        return Answer(first, held[0], first.then, tuple(rows[i] for i in held), hinges_on)

    def _deny(
        self, holding: list[int], hinging: list[int], unknown: Sequence[ColumnIndex]
    ) -> Answer:
        """Return the first denial that holds; where none does, the first row that allows."""
        doubted = [h & d for h, d in zip(hinging, self._denies, strict=True)]
        if self.table.deny_unknown:
            holding = [h | d for h, d in zip(holding, doubted, strict=True)]
        denying = [h & d for h, d in zip(holding, self._denies, strict=True)]
        denied = next(self._numbers(denying), None)
        first = next(self._numbers(holding), None) if denied is None else denied
        if first is None:
            return Answer(None, None, self.table.default, (), _names(hinging, unknown))
        row = self.table.rows[first]
        hinges_on = () if denied is not None else _names(doubted, unknown)
        return Answer(row, first, row.then, (row,), hinges_on)

    def explain(self, facts: Facts, most: int = 3) -> Answer:
        """Return the same answer with the rows that one fact kept from deciding."""
        found = self._known(facts)
        unknown: list[ColumnIndex] = []
        if found is None:
            found, unknown = self._looked_up(facts)
        if unknown or not self._first:
            answer = self._answer(found, unknown)
            known = iter(found)
            found = [c.when_unknown if c in unknown else next(known) for c in self._columns]
            _, almost = self._near.find(found, most)
        else:
            index, almost = self._near.find(found, most)
            answer = self._otherwise if index is None else self._ready[index] or self._made(index)
        return Answer(
            answer.row, answer.index, answer.output, answer.rows, answer.hinges_on, almost
        )

    def _known(self, facts: Facts) -> list[Blocks] | None:
        """Return each fact's rows, or None where one is unknown or must be looked at closely."""
        try:
            values = self._pick(facts)
            for place in self._truths:
                if values[place].__class__ is not bool:
                    return None
            return list(map(getitem, self._exact, values))
        except (KeyError, TypeError):
            return None

    def _numbers(self, blocks: Sequence[int]) -> Iterator[int]:
        """Yield the numbers of these rows, lowest first."""
        for start, block in zip(self._layout.starts, blocks, strict=False):
            rows = block
            while rows:
                lowest = rows & -rows
                yield start + lowest.bit_length() - 1
                rows ^= lowest


def _picker(names: list[str]) -> Callable[[Facts], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)
    # Of one name, a getter would give the bare value.
    return lambda facts: tuple(facts[name] for name in names)


def _names(rows: Sequence[int], unknown: Sequence[ColumnIndex]) -> tuple[str, ...]:
    """Return the unknown columns on which some of these rows hinge."""
    return tuple(
        column.name
        for column in unknown
        if any(held & block for held, block in zip(column.hinging, rows, strict=False))
    )
