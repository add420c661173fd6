"""Decide how a delivery begins and ends. Pure: no clock, no storage."""

from datetime import datetime

from functions.action.channel import Channel
from mos.events import ActionDecided, ActionDelivered
from mos.model.base import derive_id
from mos.model.delivery import Delivery, DeliveryStatus

ENDED = {
    DeliveryStatus.SENT,
    DeliveryStatus.DONE,
    DeliveryStatus.SKIPPED,
    DeliveryStatus.REFUSED,
    DeliveryStatus.UNKNOWN,
}


def action_id_of(event: ActionDecided) -> str:
    """Return the idempotency key of this delivery: one per decision."""
    return derive_id("act", event.decision_id)


def begin(event: ActionDecided, held: Delivery | None, now: datetime, channel: Channel) -> Delivery:
    """Return the delivery as it stands before anything is sent.

    One that ended stays as it ended. One whose first try died after its claim is tried again only
    where the provider dedups; elsewhere it ends as unknown: never twice, and never silently.
    """
    if held and held.status in ENDED:
        return held
    if held and held.status is DeliveryStatus.CLAIMED and not channel.dedups:
        return _ended(held, DeliveryStatus.UNKNOWN, "first_try_died_and_provider_does_not_dedup")
    fresh = held or _claimed(event, now).model_copy(
        update={"brings": channel.brings, "undo": channel.undo}
    )
    if now > event.expires_at:
        return _ended(fresh, DeliveryStatus.SKIPPED, "expired")
    return fresh.model_copy(
        update={"status": DeliveryStatus.CLAIMED, "attempts": fresh.attempts + 1}
    )


def deliver(event: ActionDecided, delivery: Delivery) -> ActionDelivered:
    """Return what to tell the next layer of a delivery that has ended."""
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


def still(event: ActionDecided, now: datetime) -> Delivery:
    """Return the delivery of an action that touches nobody: done as soon as it is decided."""
    return _ended(_claimed(event, now), DeliveryStatus.DONE, event.reason)


def _claimed(event: ActionDecided, now: datetime) -> Delivery:
    return Delivery(
        action_id=action_id_of(event),
        decision_id=event.decision_id,
        group_id=event.group_id,
        person_id=event.person_id,
        action=event.action.name,
        treatment=event.treatment,
        channel=event.channel,
        status=DeliveryStatus.CLAIMED,
        reason="claimed",
        at=now,
    )


def _ended(delivery: Delivery, status: DeliveryStatus, reason: str) -> Delivery:
    return delivery.model_copy(update={"status": status, "reason": reason})
