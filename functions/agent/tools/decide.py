"""Propose that a group be looked at now: enters by the same door as any signal."""

from typing import Any

from pydantic import Field

from functions.agent.compact import CompactDecision, compact_decision
from functions.agent.ledger import list_newest
from functions.agent.propose import Proposed, propose
from functions.agent.subject import Subject, groups, person
from functions.agent.tool import Answer, Desk, Effect, Tool
from mos.model.base import Noun, derive_id
from mos.model.profile import Profile
from mos.model.signal import Actor, Signal, SignalKind, Trust
from mos.model.view import Said


class DecideQuestion(Noun):
    """Whose group to look at, and whether now."""

    subject: Subject
    fresh: bool = Field(default=False, description="Propose that a new decision be made now.")
    record: bool = Field(default=False, description="Everything that is kept of it, uncut.")
    reason: str = Field(default="", max_length=200, description="Why a new one is wanted.")


class DecideAnswer(Proposed):
    """The last decision over the person's groups; with `fresh` the signal that asks for a new one.

    With `record`, `body` is the ledger's own record.
    """

    decision: CompactDecision | None = None
    body: dict[str, Any] | None = None


def run(question: DecideQuestion, desk: Desk) -> Answer:
    """Return the group's last decision, or propose a new one.

    A proposal is a signal: it passes identity, policy and consent like anybody's, and the answer
    is found with `trace` a moment later.
    """
    profile = person(question.subject, desk)
    return _ask_anew(question, profile, desk) if question.fresh else _last(question, profile, desk)


def _last(question: DecideQuestion, profile: Profile, desk: Desk) -> Answer:
    held = [group.group_id for group in groups(profile, desk.bundle(None), desk)]
    decisions = list_newest(held, desk, 1)
    if not decisions:
        return Answer(DecideAnswer(), (Said.of("Nothing was decided yet.", profile.profile_id),))
    last = decisions[0]
    text = f"{last.action}/{last.treatment} by {last.channel}: {last.reason}"
    body = last.model_dump(mode="json") if question.record else None
    data = DecideAnswer(decision=compact_decision(last), body=body)
    return Answer(data, (Said.of(text, last.decision_id),), whole=question.record)


def _ask_anew(question: DecideQuestion, profile: Profile, desk: Desk) -> Answer:
    minute = f"{desk.now:%Y-%m-%dT%H:%M}"
    signal = Signal(
        signal_id=derive_id("sig", "agent", desk.scope.agent, profile.profile_id, minute),
        source="agent",
        kind=SignalKind.TRACK,
        name="decision requested",
        occurred_at=desk.now,
        received_at=desk.now,
        identifiers=profile.identifiers[:1],
        properties={"agent": desk.scope.agent, "reason": question.reason},
        trust=Trust.SIGNED,
        actor=Actor.MACHINE,
        actor_reason="agent",
    )
    return propose([signal], "Proposed.", desk)


TOOL = Tool(
    name="decide",
    description="The last decision about a person's buying group; with fresh=true, propose that "
    "a new one be made now.",
    arguments=DecideQuestion,
    answer=DecideAnswer,
    run=run,
    examples=({"subject": "Jane Doe at Bright Pay", "fresh": True},),
    effect=Effect.PROPOSES,
)
