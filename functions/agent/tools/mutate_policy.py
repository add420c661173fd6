"""Which change of what a table asks or says would no test notice?"""

from typing import Any

from pydantic import Field

from functions.agent.counted import suggest_names
from functions.agent.policy_source import Source, describe_bundle, list_changed_tables, open_bundle
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.errors import MalformedError, MissingError
from mos.model.base import Noun
from mos.model.view import Said


class MutatePolicyQuestion(Noun):
    """Which bundle to try, and of it which table."""

    bundle: Source = ""
    table: str = Field(
        default="",
        max_length=120,
        description="One table, such as routing/route; of a proposal, without it, those that it "
        "changes.",
    )


class MutatePolicyAnswer(Noun):
    """How much was moved by a step, and how many of these changes a test noticed.

    `moved` says how many conditions and outputs.

    `missed` are those that none did; `failing` are tests that fail before anything is moved.
    """

    bundle: str
    tables: tuple[str, ...]
    moved: dict[str, int] = Field(default_factory=dict)
    mutants: int
    noticed: int
    score_percent: float
    missed: tuple[dict[str, Any], ...]
    passed_over: tuple[str, ...]
    failing: tuple[str, ...]


def run(question: MutatePolicyQuestion, desk: Desk) -> Answer:
    """Move each threshold and each output one step.

    Raises:
        MalformedError: no table is named, and the bundle is no proposal's.
        MissingError: the bundle has no such table.
    """
    about, tables = describe_bundle(question.bundle, desk), [question.table]
    if not question.table:
        if not question.bundle.startswith("pol_"):
            raise MalformedError("name a table: routing/route, say")
        tables = list_changed_tables(question.bundle, desk)
    elif question.table not in (known := open_bundle(question.bundle, desk).names("tables")):
        hint = suggest_names(question.table, known, "`read_policy` lists them")
        raise MissingError(f"table {question.table}: {hint}")
    found = desk.simulation.ask("mutate-policy", about | {"tables": tables})
    data = MutatePolicyAnswer.model_validate(
        {"bundle": about["bundle"], "tables": tables, **found["data"]}
    )
    cite = f"tests of {', '.join(tables)}" if tables else "the proposal's pages"
    first = "" if tables else "It changes no table. "
    view = tuple(Said.of(first + line, cite) for line in found["lines"][-1:] + found["lines"][:-1])
    return Answer(data, view, alarm=bool(data.missed or data.failing))


TOOL = Tool(
    name="mutate_policy",
    description="Move each threshold of a table one step up and down, and what each row says, and "
    "tell which change no example or golden decision would notice.",
    arguments=MutatePolicyQuestion,
    answer=MutatePolicyAnswer,
    run=run,
    examples=({"table": "routing/route"}, {"bundle": "pol_0123456789abcdef0123456789abcdef"}),
    commands=(
        Command(
            "proposals mutate",
            help="Which change of what a proposal asks and says would no test notice?",
            takes=("!bundle", "table"),
        ),
    ),
)
