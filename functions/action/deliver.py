"""Decide how a delivery begins, waits and ends. Pure: no clock, no storage.

    read → check → render → claim → wire → receipt

Nothing is claimed before it is ready to leave: until then it may be asked for again as often as
anybody likes. Once claimed, nobody else touches it while the lease holds.
"""

from datetime import datetime, timedelta

from functions.action.channel import (
    Busy,
    Channel,
    Dedup,
    ProviderAnswer,
    Refused,
    Sent,
    Unsure,
)
from mos.events import ActionDecided, ActionDelivered, ActionHeld
from mos.model.base import derive_id, point
from mos.model.delivery import Delivery, DeliveryReceipt, DeliveryStatus

ENDED = {
    DeliveryStatus.SENT,
    DeliveryStatus.DONE,
    DeliveryStatus.SKIPPED,
    DeliveryStatus.REFUSED,
    DeliveryStatus.UNKNOWN,
}
NEVER_LEFT = {DeliveryStatus.SKIPPED, DeliveryStatus.REFUSED}
"""How a delivery ends of which it is certain that nothing of it left."""
LEASE = timedelta(seconds=90)
"""How long a claim holds: longer than any invocation of this layer may take."""
_FIRST, _LONGEST, _MOST_RECEIPTS = 5.0, 900.0, 20
_LOST = "nobody knows whether the provider took it"


def action_id_of(event: ActionDecided) -> str:
    """Return the idempotency key of this delivery: one per decision."""
    return name_action(event.decision_id)


def name_action(decision_id: str) -> str:
    """Return the id of the action that a decision leads to."""
    return derive_id("act", decision_id)


def open_delivery(event: ActionDecided, held: Delivery | None, channel: Channel) -> Delivery:
    """Return the delivery of a decision as it stands: what is stored of it, or a new one."""
    if held is not None:
        return held
    return _new(event, event.occurred_at).model_copy(
        update={
            "brings": channel.brings,
            "undo": channel.remedy,
            "can_undo": channel.undo is not None,
        }
    )


def find_state(
    event: ActionDecided, delivery: Delivery, now: datetime, channel: Channel
) -> Delivery:
    """Return the delivery as it stands before anything is read for it.

    One that ended stays as it ended, and one that is claimed waits for its lease. Whose claimer
    died is tried again where the provider takes that for one; elsewhere it ends as unknown, until
    a receipt tells. What is too late is skipped.
    """
    if delivery.status in ENDED:
        return delivery
    if delivery.status is DeliveryStatus.CLAIMED:
        until = delivery.leased_until or now
        if until > now:
            return _wait(delivery, until)
        delivery = delivery.model_copy(update={"is_unsure": True})
        if channel.dedup is Dedup.RECEIPT:
            return end(delivery, DeliveryStatus.UNKNOWN, "first_try_died_and_provider_has_no_key")
    if now > event.expires_at:
        waited = f": {delivery.reason}" if delivery.holds else ""
        return end_unsent(delivery, DeliveryStatus.SKIPPED, f"expired{waited}")
    return delivery.model_copy(update={"held_until": None})


def end_unsent(delivery: Delivery, status: DeliveryStatus, reason: str) -> Delivery:
    """Return the delivery ended without another try: unknown, where an earlier one may be there."""
    if not delivery.is_unsure:
        return end(delivery, status, reason)
    return end(delivery, DeliveryStatus.UNKNOWN, f"{reason}; an earlier try may have arrived")


def claim(delivery: Delivery, now: datetime, owner: str) -> Delivery:
    """Return the delivery claimed by one invocation, for as long as its lease holds."""
    return delivery.model_copy(
        update={
            "status": DeliveryStatus.CLAIMED,
            "reason": "claimed",
            "at": now,
            "attempts": delivery.attempts + 1,
            "owner": owner or None,
            "leased_until": now + LEASE,
            "held_until": None,
        }
    )


def settle(
    event: ActionDecided, delivery: Delivery, answer: ProviderAnswer, now: datetime, dedup: Dedup
) -> Delivery:
    """Return the delivery after the provider's answer: ended, or held until it may be asked again.

    Where nobody knows, a provider that takes it for one is asked again; another never is.
    """
    match answer:
        case Sent(provider_id, note):
            done = end(delivery, DeliveryStatus.SENT, note or "sent")
            return done.model_copy(update={"provider_id": provider_id, "is_unsure": False})
        case Refused(why):
            return end_unsent(delivery, DeliveryStatus.REFUSED, why)
        case Busy(why, until, _, taken):
            delivery = delivery.model_copy(update={"is_unsure": delivery.is_unsure or taken})
            return hold(event, delivery, until, now, why)
        case Unsure(why):
            delivery = delivery.model_copy(update={"is_unsure": True})
            if dedup is Dedup.RECEIPT:
                return end(delivery, DeliveryStatus.UNKNOWN, f"{_LOST}: {why}")
            return hold(
                event, delivery, None, now, f"{_LOST}, asked again with the same key: {why}"
            )


def hold(
    event: ActionDecided, delivery: Delivery, until: datetime | None, now: datetime, why: str
) -> Delivery:
    """Return the delivery held until a moment: the one said, or one that comes later each time.

    Nothing is held past the moment at which it would be too late.
    """
    if until is None or until <= now:
        longest = min(_LONGEST, _FIRST * 2.0 ** min(delivery.holds, 10))
        drawn = point("hold", delivery.action_id, str(delivery.holds))
        until = now + timedelta(seconds=longest * (0.5 + 0.5 * drawn))
    latest = max(event.expires_at, now) + timedelta(seconds=1)
    return _hold(delivery, min(until, latest), why)


def end(delivery: Delivery, status: DeliveryStatus, reason: str) -> Delivery:
    """Return the delivery ended."""
    return delivery.model_copy(
        update={"status": status, "reason": reason, "leased_until": None, "held_until": None}
    )


def deliver(event: ActionDecided, delivery: Delivery) -> ActionDelivered | ActionHeld:
    """Return what to tell the next layer: how it ended, or until when it is held."""
    if delivery.held_until is not None:
        return ActionHeld.following(
            event,
            decided=event,
            action_id=delivery.action_id,
            held_until=delivery.held_until,
            held_why=delivery.reason,
        )
    return ActionDelivered.following(
        event,
        run_id=event.run_id,
        decision_id=event.decision_id,
        action_id=delivery.action_id,
        group_id=event.group_id,
        person_id=event.person_id,
        action=event.action.name,
        treatment=event.treatment,
        channel=event.channel,
        segment=event.segment,
        probability=event.probability,
        status=delivery.status,
        reason=delivery.reason,
        outcomes=event.action.outcomes,
        account_id=event.account_id,
        bundle=event.bundle,
        brings=delivery.brings,
    )


def receive_receipt(delivery: Delivery, receipt: DeliveryReceipt, channel: Channel) -> Delivery:
    """Return the delivery with what its provider told since: each signal counts once.

    A receipt proves that it was taken: one of which nobody knew was sent. A denial proves that it
    never left, even where the provider had taken it.
    """
    if receipt.signal_id in {known.signal_id for known in delivery.receipts}:
        return delivery
    receipts = tuple(sorted((*delivery.receipts, receipt), key=lambda r: (r.at, r.signal_id)))
    found = delivery.model_copy(update={"receipts": receipts[-_MOST_RECEIPTS:]})
    is_denied = receipt.name in channel.denials
    if delivery.status is DeliveryStatus.UNKNOWN and not is_denied:
        ended = end(found, DeliveryStatus.SENT, f"sent: its provider told ({receipt.name})")
    elif is_denied and delivery.status in (DeliveryStatus.SENT, DeliveryStatus.UNKNOWN):
        why = f"never left: its provider told ({receipt.name})"
        ended = end(found, DeliveryStatus.REFUSED, why)
    else:
        return found
    return ended.model_copy(update={"is_unsure": False, "proved_by": receipt.signal_id})


def still(event: ActionDecided, now: datetime) -> Delivery:
    """Return the delivery of an action that touches nobody: done as soon as it is decided."""
    return end(_new(event, now), DeliveryStatus.DONE, event.reason)


def _new(event: ActionDecided, now: datetime) -> Delivery:
    return Delivery(
        action_id=action_id_of(event),
        decision_id=event.decision_id,
        group_id=event.group_id,
        person_id=event.person_id,
        action=event.action.name,
        treatment=event.treatment,
        channel=event.channel,
        purpose=event.action.purpose.value if event.action.purpose else None,
        status=DeliveryStatus.RETRY,
        reason="new",
        at=now,
    )


def _wait(delivery: Delivery, until: datetime) -> Delivery:
    """Return a claimed delivery as somebody else sees it, who waits: nothing of it is stored."""
    said = "another try is sending it"
    return delivery.model_copy(update={"held_until": _ceiling(until), "reason": said})


def _hold(delivery: Delivery, until: datetime, why: str) -> Delivery:
    return delivery.model_copy(
        update={
            "status": DeliveryStatus.RETRY,
            "reason": why,
            "held_until": _ceiling(until),
            "holds": delivery.holds + 1,
            "leased_until": None,
            "owner": None,
        }
    )


def _ceiling(until: datetime) -> datetime:
    """Return the next whole second: a state machine waits never less than it was told to."""
    return until.replace(microsecond=0) + timedelta(seconds=1 if until.microsecond else 0)
