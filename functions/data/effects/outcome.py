"""Which signals say that something came of what we did. Pure."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from mos.identity.deal import read_state
from mos.identity.meetings import is_rescheduled
from mos.model.deal import DealState
from mos.model.lesson import Outcome, OutcomeKind
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.facts import counts_as_human
from mos.policy.source_system import is_own_write
from mos.reply.effect import kind_of
from mos.reply.kind import NO_INTEREST, REPLY, read_kind

_OUTCOMES = {
    SignalKind.EMAIL_CLICKED: OutcomeKind.CLICKED,
    SignalKind.EMAIL_REPLIED: OutcomeKind.REPLIED,
    SignalKind.MEETING_BOOKED: OutcomeKind.MEETING,
    SignalKind.TASK_ACCEPTED: OutcomeKind.TASK_ACCEPTED,
    SignalKind.TASK_REJECTED: OutcomeKind.TASK_REJECTED,
    SignalKind.EMAIL_UNSUBSCRIBED: OutcomeKind.UNSUBSCRIBED,
    SignalKind.EMAIL_COMPLAINED: OutcomeKind.COMPLAINED,
}

_DEALS = {
    DealState.OPEN: OutcomeKind.OPPORTUNITY,
    DealState.LOST: OutcomeKind.OPPORTUNITY,
    DealState.WON: OutcomeKind.WON,
    DealState.RENEWED: OutcomeKind.WON,
}
"""What a deal's state says came of us: one that was lost was an opportunity once."""


def find_outcome(signal: Signal, person_id: str, group_id: str, bundle: Bundle) -> Outcome | None:
    """Return the outcome in a signal, or None.

    A deal's is what the bundle reads in its stage: one that nobody can read is none until somebody
    can. Our own write that comes back says nothing of what came of us.
    """
    if is_own_write(signal, bundle):
        return None
    if signal.kind is not SignalKind.DEAL_CHANGED:
        return read_outcome(signal, person_id, group_id)
    return _outcome(_DEALS.get(read_state(signal, bundle)), signal, person_id, group_id)


def read_outcome(signal: Signal, person_id: str, group_id: str) -> Outcome | None:
    """Return the outcome in a signal that is about no deal, or None.

    An answer without interest is none, and neither is a machine's click; a meeting that was moved
    is no second one.
    """
    return _outcome(_OUTCOMES.get(signal.kind), signal, person_id, group_id)


def find_taken_back(
    signal: Signal, log: Mapping[str, Signal], new: AbstractSet[str]
) -> Signal | None:
    """Return what had counted, and turns out to have been a machine's or without interest."""
    named = str(signal.properties.get("target"))
    if named in new:
        return None
    if signal.kind is SignalKind.REPLY_READ:
        is_nothing = read_kind(signal.properties.get(REPLY)) in NO_INTEREST
    else:
        is_nothing = signal.properties.get("actor") == "machine"
    return log.get(named) if is_nothing else None


def tell_deal_outcome(
    state: DealState | None, signal: Signal, person_id: str, group_id: str
) -> Outcome | None:
    """Return what the state into which a deal has come says came of us, or None."""
    kind = _DEALS.get(state) if state else None
    return _outcome(kind, signal, person_id, group_id)


def _outcome(
    kind: OutcomeKind | None, signal: Signal, person_id: str, group_id: str
) -> Outcome | None:
    if kind is None or not counts_as_human(signal) or signal.moves_nothing:
        return None
    if is_rescheduled(signal) or (kind is OutcomeKind.REPLIED and kind_of(signal) in NO_INTEREST):
        return None
    action = signal.properties.get("action_id")
    return Outcome(
        kind=kind,
        signal_id=signal.signal_id,
        at=signal.occurred_at,
        person_id=person_id,
        group_id=group_id,
        action_id=str(action) if action else None,
    )
