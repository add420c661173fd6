"""Evaluate a decision table. Pure: no clock, no storage."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mos.policy.condition import ColumnType
from mos.policy.index import ColumnIndex
from mos.policy.table import DecisionTable, Hit, Row


# Not frozen: that alone would cost a microsecond an answer.
@dataclass(slots=True)
class Answer:
    """What a table says: the deciding row (None: the default), its output, and the rest.

    `rows` are all rows that hold; `hinges_on` names unknown facts that could change the answer;
    `almost` are rows before the deciding one that failed in one column only: (row, column).
    """

    row: Row | None
    index: int | None
    output: Mapping[str, Any]
    rows: tuple[Row, ...] = ()
    hinges_on: tuple[str, ...] = ()
    almost: tuple[tuple[Row, str], ...] = ()

    @property
    def row_id(self) -> str:
        """Return the deciding row's id, or `default`."""
        return self.row.id if self.row else "default"

    @property
    def why(self) -> str:
        """Return the deciding row's reason."""
        return self.row.why if self.row else "no row holds"


class FactError(ValueError):
    """A fact is not of its column's type; the text names both."""


class CompiledTable:
    """A table ready to answer: one bitmap index per column."""

    def __init__(self, table: DecisionTable) -> None:
        self.table = table
        self._everything = (1 << len(table.rows)) - 1
        self._columns = [
            (name, ColumnIndex(kind, [row.when.get(name) for row in table.rows]))
            for name, kind in table.columns.items()
            if any(name in row.when for row in table.rows)
        ]
        self._denies = 0
        if table.hit is Hit.DENY_OVERRIDES:
            for i, row in enumerate(table.rows):
                self._denies |= (not row.then.get("allow", False)) << i

    def evaluate(self, facts: Mapping[str, Any]) -> Answer:
        """Return what the table says of these facts. A missing fact is unknown, never false.

        Raises:
            FactError: a fact has another type than its column.
        """
        known, unknown = self._everything, None
        for name, column in self._columns:
            fact = facts.get(name)
            if fact is None:
                unknown = [column] if unknown is None else [*unknown, column]
                continue
            rows = column.exact.get(fact) if fact.__class__ is str else None
            known &= column.rows(_typed(name, column.kind, fact)) if rows is None else rows
        if unknown is None:
            return self._answer(known, 0, facts)
        holding = possible = known
        for column in unknown:
            holding &= column.when_unknown
            possible &= column.when_unknown | column.hinging
        return self._answer(holding, possible & ~holding, facts)

    def explain(self, facts: Mapping[str, Any], most: int = 3) -> Answer:
        """Return the same answer with the rows that one fact kept from deciding."""
        answer = self.evaluate(facts)
        failed_once = failed_more = 0
        for name, column in self._columns:
            fact = facts.get(name)
            rows = (
                column.when_unknown
                if fact is None
                else column.rows(_typed(name, column.kind, fact))
            )
            failed = self._everything & ~rows
            failed_more |= failed_once & failed
            failed_once |= failed
        near = failed_once & ~failed_more
        if answer.index is not None and self.table.hit is Hit.FIRST:
            near &= (1 << answer.index) - 1
        almost = tuple((row, self._culprit(i, facts)) for i, row in self._rows(near, most))
        return Answer(
            answer.row, answer.index, answer.output, answer.rows, answer.hinges_on, almost
        )

    def _answer(self, holding: int, hinging: int, facts: Mapping[str, Any]) -> Answer:
        decisive = holding
        if self.table.hit is Hit.DENY_OVERRIDES:
            if self.table.deny_unknown:
                holding |= hinging & self._denies
            decisive = holding & self._denies or holding
        if not decisive:
            return Answer(None, None, self.table.default, (), self._unknowns(hinging, facts))
        first = (decisive & -decisive).bit_length() - 1
        row = self.table.rows[first]
        if self.table.hit is Hit.ALL:
            rows = tuple(found for _, found in self._rows(holding))
            return Answer(row, first, row.then, rows, self._unknowns(hinging, facts))
        if self.table.hit is Hit.FIRST:
            hinging &= (1 << first) - 1
        else:
            hinging = 0 if not row.then.get("allow", False) else hinging & self._denies
        return Answer(row, first, row.then, (row,), self._unknowns(hinging, facts))

    def _unknowns(self, rows: int, facts: Mapping[str, Any]) -> tuple[str, ...]:
        if not rows:
            return ()
        return tuple(
            name
            for name, column in self._columns
            if facts.get(name) is None and column.hinging & rows
        )

    def _culprit(self, index: int, facts: Mapping[str, Any]) -> str:
        for name, column in self._columns:
            fact = facts.get(name)
            rows = column.when_unknown if fact is None else column.rows(fact)
            if not rows >> index & 1:
                return name
        raise AssertionError("a row that holds has no culprit")

    def _rows(self, mask: int, most: int | None = None) -> list[tuple[int, Row]]:
        found: list[tuple[int, Row]] = []
        while mask and (most is None or len(found) < most):
            lowest = mask & -mask
            index = lowest.bit_length() - 1
            found.append((index, self.table.rows[index]))
            mask ^= lowest
        return found


def _typed(name: str, kind: ColumnType, fact: Any) -> Any:  # noqa: ANN401  any fact
    if kind is ColumnType.NUMBER:
        if isinstance(fact, int | float) and not isinstance(fact, bool) and fact == fact:  # noqa: PLR0124  NaN
            return fact
    elif kind is ColumnType.BOOLEAN:
        if isinstance(fact, bool):
            return fact
    elif isinstance(fact, str) or (kind is ColumnType.SET and isinstance(fact, tuple | list)):
        return fact
    raise FactError(f"{name} is a {kind}, found {fact!r}")
