"""Move each threshold one step up and down: which change does no test notice? Pure.

What rows say, and parameters, are moved by `mutate_value`.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from mos.policy.analysis.space import Space, TooManyCasesError, deciding, meet
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.example import examples_of, seen
from mos.policy.table.condition import Condition, Interval
from mos.policy.table.engine import CompiledTable, FactError
from mos.policy.table.table import DecisionTable, Hit, Row


@dataclass(frozen=True)
class Mutant:
    """One thing moved by one step: where, from what, to what, and whether a test noticed.

    `what` says what was moved: a condition's threshold, an output of a row, or a parameter.
    """

    table: str
    row: str
    column: str
    before: Any
    after: Any
    noticed: bool
    what: str = "condition"

    @property
    def said(self) -> str:
        """Return it as one would say it."""
        change = f"{_write(self.before)} → {_write(self.after)}"
        if self.what == "parameter":
            where = f" ({self.column})" if self.column else ""
            return f"parameter {self.row}{where}: {change}"
        return f"{self.table}#{self.row}: {self.what} {self.column} {change}"


def mutants(
    bundle: Bundle, name: str, notice: Callable[[CompiledTable], bool] = lambda _: False
) -> list[Mutant]:
    """Return every mutant of a table's thresholds; `notice` says whether another test sees it.

    A step is 1 for whole numbers, and one of the last decimal that is written for others. A change
    that no lead could tell from the table as it is does not count.
    """
    table, examples = bundle.page(name), examples_of(bundle, name)
    found = []
    for place, row in enumerate(table.rows):
        for column, before, after, moved in moved_rows(row):
            rows = (*table.rows[:place], moved, *table.rows[place + 1 :])
            mutated = CompiledTable(replace(table, rows=rows))
            noticed = any(
                _outcome(mutated, e.given, e.expect) != e.expect for e in examples
            ) or notice(mutated)
            if noticed or not _means_the_same(table, mutated.table):
                found.append(Mutant(table.name, row.id, column, before, after, noticed))
    return found


def _means_the_same(one: DecisionTable, other: DecisionTable) -> bool:
    """Say whether no lead could tell two tables apart: then no test can, either."""
    if one.hit is Hit.ALL:
        return False
    try:
        space = Space(one.columns, (*one.rows, *other.rows))
        others = [(_id(row), box) for row, box in deciding(other, space)]
        return not any(
            _id(row) != name and meet(box, there)
            for row, box in deciding(one, space)
            for name, there in others
        )
    except TooManyCasesError:
        return False


def _id(row: Row | None) -> str:
    return row.id if row else ""


def score(found: list[Mutant]) -> float:
    """Return the share of mutants that some test noticed; where there are none, all of them."""
    return sum(m.noticed for m in found) / len(found) if found else 1.0


def _outcome(
    compiled: CompiledTable, given: dict[str, object], expect: dict[str, object]
) -> dict[str, object] | None:
    try:
        return seen(compiled.evaluate(given), compiled, expect)
    except FactError:
        return None


def moved_rows(row: Row) -> Iterator[tuple[str, float, float, Row]]:
    """Yield a row with one threshold moved by a step: its column, from what, to what."""
    for column, condition in row.when.items():
        for place, interval in enumerate(condition.intervals):
            for before, after, changed in _shifted(interval):
                intervals = (
                    *condition.intervals[:place], changed, *condition.intervals[place + 1 :],
                )  # fmt: skip
                when = row.when | {column: Condition(intervals=intervals, said=condition.said)}
                yield column, before, after, replace(row, when=when)


def _write(value: Any) -> str:  # noqa: ANN401  any value
    """Return a value as a page has it.

    >>> _write(5.0), _write(0.25), _write(True), _write("ae")
    ('5', '0.25', 'true', 'ae')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{int(value)}" if value == int(value) else f"{value:g}"
    return str(value)


def _shifted(interval: Interval) -> Iterator[tuple[float, float, Interval]]:
    low, high, closed_low, closed_high = interval
    for step in (-1, 1):
        if low == high:
            moved = step_by(low, step)
            yield low, moved, (moved, moved, closed_low, closed_high)
            continue
        if math.isfinite(low) and step_by(low, step) <= high:
            yield low, step_by(low, step), (step_by(low, step), high, closed_low, closed_high)
        if math.isfinite(high) and step_by(high, step) >= low:
            yield high, step_by(high, step), (low, step_by(high, step), closed_low, closed_high)


def step_by(number: float, step: int) -> float:
    """Return a number moved: by 1 where it is whole, else by one of its last written decimal."""
    decimals = len(repr(number).partition(".")[2].rstrip("0")) if "e" not in repr(number) else 9
    return round(number + step * 10.0**-decimals, decimals)


def has_thresholds(table: DecisionTable) -> bool:
    """Say whether any cell of a table names a number."""
    return any(c.intervals for row in table.rows for c in row.when.values())
