"""Is a decision the same to the bit when it is made again from its record?"""

from pydantic import Field

from functions.agent.cited import cite_line
from functions.agent.ledger import read_decision
from functions.agent.tool import Answer, Desk, Tool
from mos.model.base import Noun


class ReplayQuestion(Noun):
    """Which decision to make again."""

    decision_id: str = Field(min_length=1, max_length=80, description="A decision: dec_….")


class ReplayAnswer(Noun):
    """Whether it is the same to the bit, and every place where it is not.

    `whole` says whether the record holds every input; one from which somebody was erased cannot be
    made again, and is not the same.
    """

    decision_id: str
    bundle: str
    same: bool
    whole: bool
    differences: tuple[str, ...]


def run(question: ReplayQuestion, desk: Desk) -> Answer:
    """Decide again from the record and its bundle, and compare the bytes. Nothing is written."""
    kept = read_decision(question.decision_id, "", desk)
    found = desk.simulation.ask("replay", {"body": kept.body})
    view = tuple(cite_line(line, kept.decision_id) for line in found["lines"])
    data = ReplayAnswer.model_validate(found["data"])
    return Answer(data, view, alarm=bool(data.differences))


TOOL = Tool(
    name="replay",
    description="Decide again from a decision's record alone, and compare the bytes: the same, or "
    "every place where it differs. Nothing is written.",
    arguments=ReplayQuestion,
    answer=ReplayAnswer,
    run=run,
    examples=({"decision_id": "dec_0123456789abcdef0123456789abcdef"},),
)
