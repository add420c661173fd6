"""The timer of a decision to wait: a signal that makes the group decide again. Pure."""

from mos.events import SignalReceived
from mos.model.base import derive_id
from mos.model.decision import Decision
from mos.model.signal import Actor, Identifier, Signal, SignalKind, Trust
from mos.ports import Timer


def timers(decision: Decision) -> list[Timer]:
    """Return the timer that a decision to wait starts; none for any other."""
    at = decision.wait_until
    if at is None:
        return []
    name = derive_id("tmr", decision.decision_id, at.isoformat())
    signal = Signal(
        signal_id=derive_id("sig", "scheduler", name),
        source="scheduler",
        kind=SignalKind.TIMER_DUE,
        name="wait_is_over",
        occurred_at=at,
        received_at=at,
        identifiers=(Identifier(type="group_id", value=decision.group_id, collection="accounts"),),
        properties={"timer": name, "decision_id": decision.decision_id},
        trust=Trust.SIGNED,
        actor=Actor.MACHINE,
        actor_reason="scheduler",
    )
    body = SignalReceived.of(signal).model_dump_json(exclude_defaults=True)
    return [Timer(name=name, at=at, body=body)]
