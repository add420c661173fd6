"""What a signal tells the action layer: what became of an action, and who has said no."""

from collections.abc import Iterable

from functions.data.people.change import PersonChange
from functions.data.people.ledger import find_all_ids
from functions.data.repository import IdentityRepository
from mos.events import ConsentWithdrawn, Event, ReceiptObserved, SignalReceived
from mos.model.profile import Profile
from mos.model.signal import Signal, SignalKind

_RECEIPTS = {
    SignalKind.EMAIL_SENT: "email.sent",
    SignalKind.EMAIL_DELIVERED: "email.delivered",
    SignalKind.EMAIL_BOUNCED: "email.bounced",
    SignalKind.EMAIL_COMPLAINED: "email.complained",
    SignalKind.TASK_ACCEPTED: "task.accepted",
    SignalKind.TASK_REJECTED: "task.rejected",
}


def tell_hands(change: PersonChange, new: set[str], identity: IdentityRepository) -> list[Event]:
    """Return what became of what was done, and what is to be taken back.

    Who has said no once says so again where they become one with somebody, and at a retry.
    """
    signals, after = change.claim.signals, change.after
    said: list[Event] = [receipt for signal in signals if (receipt := read_receipt(signal))]
    is_due = bool(change.joined) or any(
        says_no(s, after) or s.signal_id not in new for s in signals
    )
    if is_due and (after.suppressions or any(c.is_withdrawn for c in after.consents)):
        ids, _ = find_all_ids(identity, [after.profile_id])
        told = tell_withdrawal(signals[-1], after, ids)
        said += [told] if told else []
    return said


def read_receipt(signal: Signal) -> ReceiptObserved | None:
    """Return the receipt in a signal that names an action of ours, or None.

    What anybody can have sent proves nothing.
    """
    name, action = _RECEIPTS.get(signal.kind), signal.properties.get("action_id")
    if name is None or not isinstance(action, str) or signal.is_anybodys:
        return None
    return ReceiptObserved.following(
        SignalReceived.of(signal),
        occurred_at=signal.occurred_at,
        action_id=action,
        receipt=name,
    )


def says_no(signal: Signal, after: Profile) -> bool:
    """Say whether a signal is what a stop or a withdrawal of somebody rests on."""
    held = {one.signal_id for one in after.consents if one.is_withdrawn}
    return signal.signal_id in held | {one.signal_id for one in after.suppressions}


def tell_withdrawal(signal: Signal, after: Profile, ids: Iterable[str]) -> ConsentWithdrawn | None:
    """Return everything that somebody has withdrawn by now; None where that is nothing.

    A stop of one mailbox is none of the person: it says nothing of other channels.
    """
    purposes = sorted({c.purpose for c in after.consents if c.is_withdrawn})
    channels = sorted({s.channel for s in after.suppressions if s.address is None})
    if not purposes and not channels:
        return None
    return ConsentWithdrawn.following(
        SignalReceived.of(signal),
        people=tuple(sorted({after.profile_id, *ids})),
        purposes=tuple(purposes),
        channels=tuple(channels),
    )
