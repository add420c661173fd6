"""Do the examples of a bundle hold, and which rows does none reach?"""

from typing import Any

from pydantic import Field

from functions.agent.policy_source import Source, describe_bundle
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.model.base import Noun
from mos.model.view import Said


class TestPolicyQuestion(Noun):
    """Which bundle to try, and of it one table or all."""

    bundle: Source = ""
    table: str = Field(
        default="", max_length=120, description="One table, such as routing/route; empty for all."
    )


class TestPolicyAnswer(Noun):
    """What failed, how many rows some example reaches, and which none does (`missed`)."""

    bundle: str
    examples: int
    failures: tuple[dict[str, Any], ...]
    failed_decisions: tuple[dict[str, Any], ...]
    rows: int
    reached: int
    coverage_percent: float
    missed: dict[str, tuple[str, ...]]


def run(question: TestPolicyQuestion, desk: Desk) -> Answer:
    """Run the examples, and the golden decisions where no table is named.

    Stories are played by `mos policy test` alone: they take the whole system.
    """
    about = describe_bundle(question.bundle, desk)
    named = {"tables": [question.table]} if question.table else {}
    found = desk.simulation.ask("test-policy", about | named)
    data = TestPolicyAnswer.model_validate({"bundle": about["bundle"], **found["data"]})
    tally = f"{data.examples} examples, {found['failed']} failed"
    share = f"{data.reached} of {data.rows} rows reached ({data.coverage_percent} %)"
    cite = f"bundle {data.bundle[:12]}"
    view = (Said.of(f"{tally}; {share}", cite), *(Said.of(line, cite) for line in found["lines"]))
    return Answer(data, view, alarm=bool(found["failed"]))


TOOL = Tool(
    name="test_policy",
    description="Run the examples and golden decisions of the bundle in force, a digest or a "
    "proposal: what fails, and which rows no example reaches.",
    arguments=TestPolicyQuestion,
    answer=TestPolicyAnswer,
    run=run,
    examples=({}, {"bundle": "pol_0123456789abcdef0123456789abcdef", "table": "routing/route"}),
    commands=(
        Command(
            "proposals test",
            help="Run a proposal's examples: what fails, which rows none reaches.",
            takes=("!bundle", "table"),
        ),
    ),
)
