"""What does a table of the policy say of some facts, and what almost decided?"""

from typing import Any

from pydantic import Field

from functions.agent.counted import suggest_names
from functions.agent.policy_source import Source, open_bundle
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.errors import MalformedError, MissingError
from mos.model.base import Noun
from mos.model.view import Said
from mos.policy.fact_values import say_fact
from mos.policy.table.engine import FactError
from mos.policy.table.table import Hit

_MOST_ALMOST = 10


class EvaluateQuestion(Noun):
    """Which table is asked about which facts."""

    table: str = Field(min_length=1, max_length=120, description="A table, such as routing/route.")
    facts: dict[str, Any] = Field(
        max_length=200,
        description='Facts by name, a set as a list: {"account.employees": 500, "group.roles": '
        '["champion"]}. What is left out is unknown.',
    )
    bundle: Source = ""


class NearRow(Noun):
    """A row that one fact kept from holding."""

    row: str
    column: str


class RowOutput(Noun):
    """What one row that holds gives."""

    row: str
    output: dict[str, Any]


class EvaluateAnswer(Noun):
    """The row that decides (null: the default), its outputs, and the rows that almost held.

    Where every row that holds counts (`hit` is not first), `each` is what each of them gives.
    `hinges_on` names facts that are unknown and that the answer depends on; `strange` are facts
    that no column reads.
    """

    bundle: str
    table: str
    row: str | None
    output: dict[str, Any]
    rows: tuple[str, ...]
    hit: str
    each: tuple[RowOutput, ...]
    almost: tuple[NearRow, ...]
    hinges_on: tuple[str, ...]
    strange: tuple[str, ...]


def run(question: EvaluateQuestion, desk: Desk) -> Answer:
    """Return what the table says.

    Raises:
        MissingError: the bundle has no such table.
        MalformedError: a fact is of another type than its column.
    """
    bundle = open_bundle(question.bundle, desk)
    tables = bundle.names("tables")
    if question.table not in tables:
        hint = suggest_names(question.table, tables, "`read_policy` lists them")
        raise MissingError(f"table {question.table!r}: {hint}")
    table = bundle.table(question.table)
    given = {n: tuple(v) if isinstance(v, list) else v for n, v in question.facts.items()}
    try:
        found = table.explain(given, most=_MOST_ALMOST)
    except FactError as error:
        raise MalformedError(str(error)) from None
    data = EvaluateAnswer(
        bundle=bundle.digest,
        table=question.table,
        row=found.row_id,
        output=dict(found.output),
        rows=tuple(row.id for row in found.rows),
        hit=table.table.hit.value,
        each=tuple(
            RowOutput(row=row.id, output=dict(row.then))
            for row in found.rows
            if table.table.hit is not Hit.FIRST
        ),
        almost=tuple(NearRow(row=r.id, column=c) for r, c in found.almost[:_MOST_ALMOST]),
        hinges_on=tuple(found.hinges_on),
        strange=tuple(sorted(set(given) - set(table.table.columns))),
    )
    return Answer(data, _show(data))


def _show(data: EvaluateAnswer) -> tuple[Said, ...]:
    said = _write(data.output) or "nothing"
    row = f"{data.table}#{data.row}" if data.row else f"{data.table}, no row: the default"
    view = [Said.of(said, row)]
    if len(data.each) > 1:
        view = [Said.of(f"{len(data.each)} rows hold, and each counts ({data.hit})", data.table)]
        view += [Said.of(_write(one.output), f"{data.table}#{one.row}") for one in data.each]
    if data.hinges_on:
        view.append(Said.of(f"It hinges on what is unknown: {', '.join(data.hinges_on)}", row))
    view += [Said.of(f"Almost {a.row}: {a.column}", f"{data.table}#{a.row}") for a in data.almost]
    if data.strange:
        said = f"No column reads {', '.join(data.strange)}; `read_policy` names those that it has"
        view.append(Said.of(said, data.table))
    return tuple(view)


def _write(output: dict[str, Any]) -> str:
    return ", ".join(f"{name} = {say_fact(value)}" for name, value in output.items())


TOOL = Tool(
    name="evaluate",
    description="What a table of the policy says of some facts: the row that decides, its "
    "outputs, the rows that almost held, and what it hinges on.",
    arguments=EvaluateQuestion,
    answer=EvaluateAnswer,
    run=run,
    examples=({"table": "routing/route", "facts": {"account.employees": 500}},),
    commands=(Command("policy ask"),),
)
