"""An operator's word that what was done is to be taken back: a signal like any other. Pure."""

from collections.abc import Iterable
from datetime import datetime

from mos.identity.correction import OPERATOR
from mos.model.base import derive_id
from mos.model.signal import Actor, Signal, SignalKind, Trust

RECALL = "recall"
"""Which actions a signal wants taken back."""


def order_recall(actions: Iterable[str], why: str, *, by: str, now: datetime) -> Signal:
    """Return the signal by which an operator wants actions taken back.

    It is about what was done, and names nobody: it moves no person.
    """
    named, kind = tuple(sorted(set(actions))), SignalKind.RECALL_ORDERED
    return Signal(
        signal_id=derive_id("sig", OPERATOR, kind.value, *named, by, now.isoformat()),
        source=OPERATOR,
        kind=kind,
        name=kind.value,
        occurred_at=now,
        received_at=now,
        properties={RECALL: named, "reason": why, "by": by},
        trust=Trust.SIGNED,
        actor=Actor.HUMAN,
        actor_reason=OPERATOR,
    )


def read_recalled(signal: Signal) -> tuple[str, ...]:
    """Return the actions that a signal wants taken back."""
    named = signal.properties.get(RECALL)
    return tuple(map(str, named)) if isinstance(named, tuple | list) else ()
