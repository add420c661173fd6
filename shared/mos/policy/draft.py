"""Draft tests: a lead for each row, and one at each threshold that no test notices. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from mos.policy.engine import Answer, CompiledTable
from mos.policy.mutate import moved_rows
from mos.policy.space import Box, Space, TooManyCasesError, without
from mos.policy.table import DecisionTable, Example, Hit


def drafts(table: DecisionTable, examples: Sequence[Example]) -> list[Example]:
    """Return examples that reach every row and notice every moved threshold, beyond those there.

    They state what the table says today: a draft for its owner to read, not a proof that it is
    right.
    """
    compiled = CompiledTable(table)
    found: list[Example] = []
    given = [e.given for e in examples]
    reached = {row.id for facts in given for row in compiled.evaluate(facts).rows}
    leads = dict(_leads(table))
    for row in table.rows:
        if row.id not in reached and row.id in leads:
            found.append(_example(compiled, leads[row.id]))
            given.append(leads[row.id])
    for place, row in enumerate(table.rows):
        for column, before, after, moved in moved_rows(row):
            rows = (*table.rows[:place], moved, *table.rows[place + 1 :])
            mutant = CompiledTable(replace(table, rows=rows))
            if any(_differ(compiled, mutant, facts) for facts in given):
                continue
            for value in (before, after, (before + after) / 2):
                facts = leads.get(row.id, {}) | {column: value}
                if _differ(compiled, mutant, facts):
                    found.append(_example(compiled, facts))
                    given.append(facts)
                    break
    return found


def _leads(table: DecisionTable) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield for each row a lead for whom it decides, or holds where all rows decide."""
    try:
        space = Space(table.columns, table.rows)
    except TooManyCasesError:
        return
    taken: list[Box] = []
    for row in table.rows:
        left = [space.box(row)] if all(space.box(row)) else []
        for box in taken:
            left = without(left, box)
        if left:
            yield row.id, space.facts(left[0])
        if table.hit is Hit.FIRST:
            taken.append(space.box(row))


def _example(compiled: CompiledTable, facts: dict[str, Any]) -> Example:
    answer = compiled.evaluate(facts)
    if compiled.table.hit is Hit.ALL:
        return Example(facts, {"rows": [row.id for row in answer.rows]})
    return Example(facts, dict(answer.output) | {"row": answer.row_id})


def _differ(one: CompiledTable, other: CompiledTable, facts: dict[str, Any]) -> bool:
    return _ids(one.evaluate(facts)) != _ids(other.evaluate(facts))


def _ids(answer: Answer) -> list[str]:
    return [row.id for row in answer.rows]
