"""What a signal tells the action layer: what became of an action, and who has said no."""

from collections.abc import Iterable

from functions.data.people.change import PersonChange
from functions.data.people.ledger import find_all_ids
from functions.data.repository import IdentityRepository
from mos.events import (
    ConfirmationNeeded,
    ConsentWithdrawn,
    Event,
    ProviderReceiptObserved,
    ReceiptObserved,
    SignalReceived,
)
from mos.model.consent import Purpose
from mos.model.lesson import OutcomeKind
from mos.model.profile import Profile
from mos.model.signal import Signal, SignalKind, Trust
from mos.policy.facts import counts_as_human

_RECEIPTS = {
    SignalKind.EMAIL_SENT: "email.sent",
    SignalKind.EMAIL_DELIVERED: "email.delivered",
    SignalKind.EMAIL_BOUNCED: "email.bounced",
    SignalKind.EMAIL_COMPLAINED: "email.complained",
    SignalKind.TASK_ACCEPTED: "task.accepted",
    SignalKind.TASK_REJECTED: "task.rejected",
}

_OF_RECORDS = {
    SignalKind.TASK_ACCEPTED: OutcomeKind.TASK_ACCEPTED,
    SignalKind.TASK_REJECTED: OutcomeKind.TASK_REJECTED,
}
_SES, _NEVER_SENT = "ses", {"Reject", "Rendering Failure"}
_COMPLETED, _LONGEST = "task.completed", 200
_OWN_LIST = "OnAccountSuppressionList"
"""SES's word for a mail that it did not send, to an address on our own list at SES."""


def tell_hands(change: PersonChange, new: set[str], identity: IdentityRepository) -> list[Event]:
    """Return what became of what was done, and what is to be taken back.

    Who has said no once says so again where they become one with somebody, and at a retry.
    """
    signals, after = change.claim.signals, change.after
    said: list[Event] = [receipt for signal in signals if (receipt := read_receipt(signal))]
    said += [asked for signal in signals for asked in ask_for_confirmation(signal, after)]
    is_due = bool(change.joined) or any(
        says_no(s, after) or s.signal_id not in new for s in signals
    )
    if is_due and (after.suppressions or any(c.is_withdrawn for c in after.consents)):
        own = {after.profile_id}
        is_alone = change.is_first and not change.joined
        ids = own if is_alone else find_all_ids(identity, own)[0]
        told = tell_withdrawal(signals[-1], after, ids)
        said += [told] if told else []
    return said


def ask_for_confirmation(signal: Signal, after: Profile) -> list[ConfirmationNeeded]:
    """Return what is to be asked of whose mailbox: for each yes that waits to be confirmed.

    It is asked when the yes comes, or when it is told that they are where that takes a proof.
    """
    where = after.traits.get("country")
    told = where is not None and where.signal_id == signal.signal_id
    pending = [
        s
        for s in after.consents
        if s.pending and (s.signal_id == signal.signal_id or (s.unproven and told))
    ]
    if signal.moves_nothing or not counts_as_human(signal):
        return []
    return [
        ConfirmationNeeded.following(
            SignalReceived.of(signal),
            occurred_at=signal.received_at,
            person_id=after.profile_id,
            purpose=state.purpose,
            address=state.address,
            door=signal.source,
            language=str(after.trait("language") or ""),
        )
        for state in pending
        if state.purpose is Purpose.EMAIL_MARKETING and state.address
    ]


def read_receipt(signal: Signal) -> ReceiptObserved | None:
    """Return the receipt in a signal that names an action of ours, or None.

    What anybody can have sent proves nothing.
    """
    name, action = _name_receipt(signal), signal.properties.get("action_id")
    if name is None or not isinstance(action, str) or signal.is_anybodys:
        return None
    return ReceiptObserved.following(
        SignalReceived.of(signal),
        occurred_at=signal.occurred_at,
        action_id=action,
        receipt=name,
        why=_read_kind(signal),
    )


def _read_kind(signal: Signal) -> str:
    """Return what kind of bounce or complaint it is: no new one where SES did not send the mail."""
    said = signal.properties
    if _OWN_LIST in (said.get("bounceSubType"), said.get("complaintSubType")):
        return "suppressed"
    return str(said.get("bounce_type") or "") if signal.kind is SignalKind.EMAIL_BOUNCED else ""


def _name_receipt(signal: Signal) -> str | None:
    """Return what a signal tells of a message; SES's own words for one that it never sent."""
    if signal.source == _SES and signal.name in _NEVER_SENT:
        return "email.rejected"
    said = signal.properties.get("receipt")
    # A source says by name what its own channel's message came to; of another's it can't.
    is_its_own = isinstance(said, str) and said.startswith(f"{signal.source}.")
    return str(said) if is_its_own else _RECEIPTS.get(signal.kind)


def is_of_a_record(signal: Signal) -> bool:
    """Say whether a signal tells of a provider's record by its own id, and of nobody."""
    is_named = bool(signal.properties.get("task_id"))
    return signal.kind in _OF_RECORDS and is_named and not signal.identifiers


def read_provider_receipt(signal: Signal) -> ProviderReceiptObserved | None:
    """Return what a provider told of a record of its own, or None.

    Only what was signed counts. What a machine did to a task is kept, and is no rep's word.
    """
    if signal.trust is not Trust.SIGNED or signal.moves_nothing:
        return None
    said = signal.properties
    named = _COMPLETED if said.get("receipt") == _COMPLETED else _RECEIPTS[signal.kind]
    return ProviderReceiptObserved.following(
        SignalReceived.of(signal),
        occurred_at=signal.occurred_at,
        provider=signal.source,
        provider_id=str(said["task_id"]),
        receipt=named,
        why=str(said.get("reason") or "")[:_LONGEST],
        outcome=_OF_RECORDS[signal.kind] if counts_as_human(signal) else None,
    )


def says_no(signal: Signal, after: Profile) -> bool:
    """Say whether a stop or a withdrawal of somebody rests on a signal, or on what it corrects."""
    held = {one.signal_id for one in after.consents if one.is_withdrawn}
    found = held | {one.signal_id for one in after.suppressions}
    return signal.signal_id in found or signal.properties.get("target") in found


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
