"""Propose that a group be looked at now: enters by the same door as any signal."""

from functions.agent.compact import compact_decision, fit_lines
from functions.agent.ledger import list_newest
from functions.agent.subject import groups, person
from functions.agent.tool import Answer, Desk, Effect, Tool
from mos.events import SignalReceived
from mos.model.base import Noun, derive_id
from mos.model.signal import Actor, Signal, SignalKind, Trust


class DecideQuestion(Noun):
    """A person; with `fresh`, a new decision is proposed, otherwise the last one is returned.

    With `record`, everything that is kept of it.
    """

    subject: str
    fresh: bool = False
    record: bool = False
    reason: str = ""


def run(question: DecideQuestion, desk: Desk) -> Answer:
    """Return the group's last decision, or propose a new one.

    A proposal is a signal: it passes identity, policy and consent like anybody's, and the answer
    is found with `trace` a moment later.
    """
    bundle = desk.bundle(None)
    profile = person(question.subject, desk)
    if not question.fresh:
        held = [group.group_id for group in groups(profile, bundle, desk)]
        decisions = list_newest(held, desk, 1)
        if not decisions:
            return Answer(text="Nothing was decided yet.", data={"decision": None})
        last = decisions[0]
        text = f"{last.action}/{last.treatment} over {last.channel}: {last.reason}"
        shown = last.model_dump(mode="json") if question.record else compact_decision(last)
        return Answer(text=fit_lines([text]), data={"decision": shown})
    minute = f"{desk.now:%Y-%m-%dT%H:%M}"
    signal = Signal(
        signal_id=derive_id("sig", "agent", desk.scope.agent, profile.profile_id, minute),
        source="agent",
        kind=SignalKind.TRACK,
        name="decision requested",
        occurred_at=desk.now,
        received_at=desk.now,
        identifiers=profile.identifiers[:1],
        properties={"agent": desk.scope.agent, "reason": question.reason[:200]},
        trust=Trust.SIGNED,
        actor=Actor.MACHINE,
        actor_reason="agent",
    )
    desk.signals.send([SignalReceived.of(signal).model_dump_json(exclude_defaults=True)])
    return Answer(
        text=f"Proposed. Follow it with trace {signal.signal_id}.",
        data={"signal_id": signal.signal_id, "accepted": True},
    )


TOOL = Tool(
    name="decide",
    description="The last decision about a person's buying group; with fresh=true, propose that "
    "a new one be made now.",
    arguments=DecideQuestion,
    run=run,
    effect=Effect.PROPOSES,
)
