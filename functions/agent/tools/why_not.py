"""Why was somebody not given an action: where it fell, or by what it lost, and what turns it."""

from typing import Any

from pydantic import Field

from functions.agent.cited import cite_line
from functions.agent.full_caps import FullCap, find_full_caps, render_full_caps
from functions.agent.ledger import read_decision
from functions.agent.near import NearRoute, find_near_routes, render_near_routes
from functions.agent.subject import Subject, person
from functions.agent.tool import Answer, Desk, Tool
from mos.model.action import Candidate
from mos.model.base import Facts, Noun
from mos.model.decision import Decision, Route


class WhyNotQuestion(Noun):
    """Who was not given what."""

    subject: Subject
    action: str = Field(
        min_length=1, max_length=80, description="An action of the catalogue, such as bdr_call."
    )


class FactTurn(Noun):
    """A change of facts that turns a decision, in words and as facts."""

    said: str
    facts: Facts


class SmallestTurns(Noun):
    """The smallest changes that turn it: how many facts each changes, how many cases were tried."""

    facts_changed: int
    flips: tuple[FactTurn, ...]
    tried: int
    cases: int


class WhyNotAnswer(Noun):
    """Each treatment's fate with the row's condition, what was chosen instead, and what turns it.

    `flips` is null where no fact can: the action was chosen, or the group was held out. `caps` are
    those that had no room for it, and when they open again.
    """

    decision_id: str
    bundle: str
    person_id: str
    action: str
    was_chosen: bool
    treatments: tuple[dict[str, Any], ...]
    chosen: Candidate
    reason: str
    route: Route
    flips: SmallestTurns | None
    routes: tuple[NearRoute, ...] | None
    caps: tuple[FullCap, ...]


def run(question: WhyNotQuestion, desk: Desk) -> Answer:
    """Return gate, row, condition, facts and factors, with the smallest flip."""
    kept = read_decision("", question.subject, desk)
    about = {"body": kept.body, "person_id": kept.person_id, "name": kept.name}
    found = desk.simulation.ask("why-not", about | {"action": question.action})
    decision = Decision.parse(kept.body)
    near = find_near_routes(decision, kept.person_id, desk)
    view = [cite_line(line, kept.decision_id) for line in found["lines"]]
    full = find_full_caps(decision, person(question.subject, desk), desk, question.action)
    view += [*render_full_caps(full), *render_near_routes(near, decision)]
    data = found["data"] | {"routes": near, "caps": full}
    return Answer(WhyNotAnswer.model_validate(data), tuple(view))


TOOL = Tool(
    name="why_not",
    description="Why the last decision did not give somebody an action: gate, row, condition, "
    "facts and factors, with the smallest change of facts that would have given it the highest "
    "priority.",
    arguments=WhyNotQuestion,
    answer=WhyNotAnswer,
    run=run,
    examples=({"subject": "Jane Doe at Bright Pay", "action": "bdr_call"},),
)
