"""Everything that was weighed for one decision: who, what, and where each fell or how it stood."""

from collections.abc import Mapping

from pydantic import Field

from functions.agent.explain import render_facts
from functions.agent.ledger import bundle_of, read_decision
from functions.agent.names import name_people
from functions.agent.paging import Skip, count_after, cut_page
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.model.action import Candidate
from mos.model.base import Noun
from mos.model.decision import Decision
from mos.model.view import Rows, Said
from mos.policy.bundle.bundle import Bundle
from mos.policy.consent import explain_fall


class CandidatesQuestion(Noun):
    """Which decision: its id, or somebody's last one."""

    decision_id: str = Field(default="", max_length=80, description="A decision: dec_….")
    subject: str = Field(
        default="", max_length=320, description="A person: their last decision; or dec_…."
    )
    alive: bool = Field(default=False, description="Only those that passed every gate.")
    most: int = Field(default=30, ge=1, le=500, description="How many to show.")
    skip: Skip = 0


class Weighed(Noun):
    """One candidate: where it fell and why, or what it was worth and how likely it was drawn."""

    person_id: str | None
    who: str | None
    action: str
    treatment: str
    channel: str
    fell_at: str | None
    why: str | None
    facts: str
    worth: float | None
    probability: float | None
    factors: dict[str, float]


class CandidatesAnswer(Noun):
    """The candidates of one decision, the best first; `count` is of all that were asked for."""

    decision_id: str
    count: int
    candidates: tuple[Weighed, ...]


def run(question: CandidatesQuestion, desk: Desk) -> Answer:
    """Return the candidates, those that stood first, by worth."""
    kept = read_decision(question.decision_id, question.subject, desk)
    decision = Decision.parse(kept.body)
    every, bundle = decision.candidates, bundle_of(decision, desk)
    found = [c for c in every if c.fell is None or not question.alive]
    found.sort(key=lambda c: (c.fell is not None, -(c.priority or 0)))
    people = name_people([c.person_id for c in cut_page(found, question.skip, question.most)], desk)
    shown = tuple(
        _weigh(c, decision, bundle, people) for c in cut_page(found, question.skip, question.most)
    )
    alive = sum(c.fell is None for c in every)
    first = Said.of(f"{len(every)} candidates, {alive} passed every gate", kept.decision_id)
    table = Rows(
        title="Candidates",
        columns=("for", "action", "treatment", "worth", "p", "fell at", "why"),
        rows=tuple(
            (w.who, w.action, w.treatment, w.worth, w.probability, w.fell_at, w.why) for w in shown
        ),
        more=count_after(len(found), question.skip, len(shown)),
        next_skip=question.skip + len(shown),
    )
    data = CandidatesAnswer(decision_id=kept.decision_id, count=len(found), candidates=shown)
    return Answer(data, (first, table))


def _weigh(
    candidate: Candidate, decision: Decision, bundle: Bundle, people: Mapping[str, str]
) -> Weighed:
    fell = candidate.fell
    return Weighed(
        person_id=candidate.person_id,
        who=people.get(candidate.person_id or ""),
        action=candidate.action,
        treatment=candidate.treatment,
        channel=candidate.channel,
        fell_at=f"gates/{fell.gate.value}#{fell.row}" if fell else None,
        why=explain_fall(candidate, decision, bundle) or None,
        facts=render_facts(fell.facts) if fell else "",
        worth=None if fell else candidate.priority,
        probability=None if fell else candidate.probability,
        factors={f.name: f.value for f in candidate.factors},
    )


TOOL = Tool(
    name="candidates",
    description="Everything that was weighed for a decision: each person, action and treatment, "
    "where it fell, or what it was worth and how likely it was drawn.",
    arguments=CandidatesQuestion,
    answer=CandidatesAnswer,
    run=run,
    examples=(
        {"subject": "Jane Doe at Bright Pay", "alive": True},
        {"decision_id": "dec_0123456789abcdef0123456789abcdef"},
    ),
    commands=(Command("candidates", takes=("?subject", "decision_id", "alive", "most", "skip")),),
)
