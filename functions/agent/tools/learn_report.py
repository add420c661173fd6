"""What came of us, which arms did better, and which channels stood on the way?"""

from pydantic import Field

from functions.agent.learn_markdown import list_sentences, list_tables, render_markdown
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.model.base import Noun
from mos.model.learn_report import LearnReport
from mos.model.lesson import OutcomeKind
from mos.model.view import Block, Said


class LearnReportQuestion(Noun):
    """How many days back, and which outcome channels are credited with."""

    days: int = Field(default=90, ge=1, le=400, description="How many days back.")
    outcome: OutcomeKind = Field(
        default=OutcomeKind.MEETING, description="Which outcome channels are credited with."
    )


class LearnReportAnswer(Noun):
    """The report, and the same as a page of Markdown."""

    report: LearnReport
    markdown: str


def run(question: LearnReportQuestion, desk: Desk) -> Answer:
    """Return what stands in learning's records: outcomes, arms, channels; nothing is changed.

    Raises:
        UnavailableError: the simulation does not answer.
    """
    about = {
        "at": desk.now.isoformat(),
        "days": question.days,
        "kind": question.outcome.value,
        "bundle": desk.bundle(None).digest,
    }
    report = LearnReport.parse(str(desk.simulation.ask("learn_report", about)["report"]))
    data = LearnReportAnswer(report=report, markdown=render_markdown(report))
    return Answer(data, _show(report))


def _show(report: LearnReport) -> tuple[Block, ...]:
    said = [Said.of(text, "lessons") for text in list_sentences(report)]
    return (*said, *(rows for rows in list_tables(report) if rows.rows))


TOOL = Tool(
    name="learn_report",
    description="What came of us in some days, by account and in money; how each experiment's and "
    "hold-out's arms did, or how many accounts and weeks it takes to tell; and which channels "
    "stood on the way, by every model of attribution side by side.",
    arguments=LearnReportQuestion,
    answer=LearnReportAnswer,
    run=run,
    for_operators=True,
    examples=({}, {"days": 30, "outcome": "won"}),
    commands=(Command("learn report"),),
)
