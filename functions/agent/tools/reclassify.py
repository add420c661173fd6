"""Who really made a signal: a person, a machine, or nobody knows."""

from pydantic import Field

from functions.agent.log import signals_of
from functions.agent.propose import Proposed, propose
from functions.agent.subject import Subject, person
from functions.agent.tool import Answer, Desk, Effect, Tool
from mos.errors import MalformedError, MissingError
from mos.identity.correction import OPERATOR, reclassify
from mos.model.base import Noun
from mos.model.signal import Actor


class ReclassifyQuestion(Noun):
    """A signal of somebody, who really caused it, and why you think so."""

    subject: Subject
    signal_id: str = Field(
        pattern=r"^sig_[0-9a-f]{32}$", description="The signal: sig_…, see signals."
    )
    actor: Actor = Field(description="Who really caused it.")
    reason: str = Field(
        default="looked at by hand", min_length=3, max_length=200, description="Why you think so."
    )


def run(question: ReclassifyQuestion, desk: Desk) -> Answer:
    """Propose the correction: everything that came of the signal is worked out again."""
    profile = person(question.subject, desk)
    found = {s.signal_id: s for s in signals_of(profile, desk.bundle(None), desk)}
    target = found.get(question.signal_id)
    if target is None:
        raise MissingError(f"signal {question.signal_id} of {question.subject}: see `signals`")
    if target.actor is question.actor:
        raise MalformedError(f"it counts as {target.actor.value} already")
    told = reclassify(
        target, question.actor, question.reason,
        by=desk.scope.agent, source=OPERATOR, now=desk.now,
    )  # fmt: skip
    text = f"Proposed: {target.kind.value} of {target.occurred_at:%Y-%m-%d %H:%M} was "
    text += f"{question.actor.value}, not {target.actor.value}."
    return propose([told], text, desk)


TOOL = Tool(
    name="reclassify",
    description="Correct who caused a past signal (human, machine, unknown): engagement, "
    "interests, stages and credited outcomes are worked out again; nobody is contacted for it.",
    arguments=ReclassifyQuestion,
    answer=Proposed,
    run=run,
    examples=(
        {
            "subject": "Jane Doe at Bright Pay",
            "signal_id": "sig_0123456789abcdef0123456789abcdef",
            "actor": "machine",
        },
    ),
    for_operators=True,
    effect=Effect.ACTS,
)
