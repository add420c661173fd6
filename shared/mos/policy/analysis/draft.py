"""Draft tests: a lead for each row, at each threshold, and for what each row says. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from mos.policy.analysis.mutate import moved_rows
from mos.policy.analysis.mutate_value import moved_outputs
from mos.policy.analysis.space import Space, TooManyCasesError, deciding, whole
from mos.policy.table.engine import Answer, CompiledTable
from mos.policy.table.table import DecisionTable, Example, Hit


def drafts(table: DecisionTable, examples: Sequence[Example]) -> list[Example]:
    """Return examples that reach every row and notice every moved threshold, beyond those there.

    They state what the table says today: a draft for its owner to read, not a proof that it is
    right.
    """
    compiled = CompiledTable(table)
    leads: dict[str, dict[str, Any]] = {}
    for row_id, lead in _leads(table):
        leads.setdefault(row_id, lead)
    given = [e.given for e in examples]
    reached = {row.id for facts in given for row in compiled.evaluate(facts).rows}
    found = [lead for row_id, lead in leads.items() if row_id not in reached]
    for mutant, tried in _mutants(table, leads):
        if any(_differ(compiled, mutant, facts) for facts in (*given, *found)):
            continue
        found += [facts for facts in tried if _differ(compiled, mutant, facts)][:1]
    made = [_example(compiled, facts) for facts in found]
    return made + list(_unsaid(compiled, [*examples, *made], leads))


def _unsaid(
    compiled: CompiledTable, examples: Sequence[Example], leads: dict[str, dict[str, Any]]
) -> Iterator[Example]:
    """Yield an example of each row whose outputs, as it says them, no example states."""
    every, stated = compiled.table.hit is Hit.ALL, set[tuple[str, str]]()
    for example in examples:
        answer = compiled.evaluate(example.given)
        rows = [row.id for row in answer.rows] if every else [answer.row_id]
        for row_id in rows:
            keys = {one: {_key(row_id, one, every=every)} for one in compiled.table.outputs}
            if len(rows) == 1:
                keys = {one: named | {one} for one, named in keys.items()}
            stated |= {
                (row_id, one) for one, named in keys.items() if named & example.expect.keys()
            }
    for row in compiled.table.rows:
        outputs = dict.fromkeys(output for output, _, _ in moved_outputs(row.then, compiled.table))
        missing = [one for one in outputs if (row.id, one) not in stated]
        if missing and row.id in leads:
            said = {_key(row.id, one, every=every): row.then[one] for one in missing}
            lead = leads[row.id]
            yield Example(lead, said | ({} if every else {"row": row.id}))


def _key(row_id: str, output: str, *, every: bool) -> str:
    """Return how an example names an output: of a row, where every row that holds says its own."""
    return f"{row_id}#{output}" if every else output


def _mutants(
    table: DecisionTable, leads: dict[str, dict[str, Any]]
) -> Iterator[tuple[CompiledTable, list[dict[str, Any]]]]:
    """Yield the table with one threshold moved, and leads on both sides of it."""
    for place, row in enumerate(table.rows):
        for column, before, after, moved in moved_rows(row):
            rows = (*table.rows[:place], moved, *table.rows[place + 1 :])
            lead = leads.get(row.id, {})
            sides = [lead | {column: whole(v)} for v in (before, after, (before + after) / 2)]
            yield CompiledTable(replace(table, rows=rows)), sides


def _leads(table: DecisionTable) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield for each row a lead for whom it decides, or holds where all rows decide."""
    try:
        space = Space(table.columns, table.rows)
        if table.hit is Hit.ALL:
            boxes = ((row, space.box(row)) for row in table.rows)
            yield from ((row.id, space.facts(box)) for row, box in boxes if all(box))
            return
        for row, box in deciding(table, space):
            if row is not None:
                yield row.id, space.facts(box, in_full=table.deny_unknown)
    except TooManyCasesError:
        return


def _example(compiled: CompiledTable, facts: dict[str, Any]) -> Example:
    answer = compiled.evaluate(facts)
    if compiled.table.hit is Hit.ALL:
        said = {
            _key(row.id, output, every=True): value
            for row in answer.rows
            for output, value in row.then.items()
        }
        return Example(facts, {"rows": [row.id for row in answer.rows], **said})
    return Example(facts, dict(answer.output) | {"row": answer.row_id})


def _differ(one: CompiledTable, other: CompiledTable, facts: dict[str, Any]) -> bool:
    return _ids(one.evaluate(facts)) != _ids(other.evaluate(facts))


def _ids(answer: Answer) -> list[str]:
    return [row.id for row in answer.rows]
