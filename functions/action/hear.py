"""Take in what a provider tells of a message by its own id: it may be one of ours."""

from dataclasses import dataclass

from functions.action import channels
from functions.action.channel import Channel
from functions.action.deliver import receive_receipt
from functions.action.repository import Deliveries
from functions.action.reputation import Reputation
from functions.action.switches import Switches
from mos import plugins
from mos.events import ProviderReceiptObserved, ReceiptObserved
from mos.model.delivery import Delivery, DeliveryReceipt, DeliveryStatus
from mos.model.lesson import Outcome

_REJECTED = "task.rejected"
_NEVER_SENT = {DeliveryStatus.SKIPPED, DeliveryStatus.REFUSED, DeliveryStatus.RETRY}


@dataclass(frozen=True)
class Heard:
    """Whether it was about something of ours, what came of it for learning, and the delivery."""

    is_ours: bool
    outcome: Outcome | None = None
    delivery: Delivery | None = None


def hear_receipt(event: ReceiptObserved, deliveries: Deliveries) -> str | None:
    """Keep a receipt with its delivery; return why it is one that nobody had asked for, or None.

    Raises:
        ConflictError: it is being sent right now; the bus asks again.
    """
    delivery, version = deliveries.find(event.action_id)
    if delivery is None:
        return "no action of ours has this id"
    channel = plugins.load(channels, delivery.channel, "CHANNEL", Channel)
    told = DeliveryReceipt(
        name=event.receipt, at=event.occurred_at, signal_id=event.trace_id, why=event.why
    )
    reputation = Reputation(deliveries.table, Switches(deliveries.table))
    after, counts = reputation.add_receipt(
        delivery, receive_receipt(delivery, told, channel), event, channel
    )
    if after != delivery:
        deliveries.save(after, version, counts)
    is_denial = event.receipt in channel.denials
    if delivery.status in _NEVER_SENT and not delivery.attempts and not is_denial:
        return f"we never sent it: {delivery.status.value} ({delivery.reason})"
    return None


def hear_provider(event: ProviderReceiptObserved, deliveries: Deliveries) -> Heard:
    """Keep the receipt with its delivery; return what came of it.

    What is not ours changes nothing, and neither does what we did there ourselves.

    Raises:
        ConflictError: it is being sent right now; the bus asks again.
    """
    action_id = deliveries.find_by_provider(event.provider, event.provider_id)
    delivery, version = deliveries.find(action_id) if action_id else (None, 0)
    if delivery is None:
        return Heard(is_ours=False)
    if event.receipt == _REJECTED and _is_taken_back(delivery, deliveries):
        return Heard(is_ours=True)
    receipt = DeliveryReceipt(
        name=event.receipt, at=event.occurred_at, signal_id=event.trace_id, why=event.why
    )
    after = receive_receipt(
        delivery, receipt, plugins.load(channels, delivery.channel, "CHANNEL", Channel)
    )
    if after != delivery:
        deliveries.save(after, version)
    return Heard(is_ours=True, outcome=_find_outcome(event, delivery), delivery=after)


def _is_taken_back(delivery: Delivery, deliveries: Deliveries) -> bool:
    """Say whether we have put it into the bin ourselves, or are about to."""
    if delivery.undone is not None and delivery.undone.done:
        return True
    return deliveries.find_undo(delivery.action_id) is not None


def _find_outcome(event: ProviderReceiptObserved, delivery: Delivery) -> Outcome | None:
    """Return what came of the action; nothing is learned of who was forgotten."""
    if event.outcome is None or delivery.person_id is None:
        return None
    return Outcome(
        kind=event.outcome,
        signal_id=event.trace_id,
        at=event.occurred_at,
        person_id=delivery.person_id,
        group_id=delivery.group_id,
        action_id=delivery.action_id,
    )
