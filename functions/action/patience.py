"""By when a provider should tell of what was sent; find those of which it has told nothing."""

from datetime import timedelta

from functions.action import channels
from functions.action.channel import Channel, Message
from functions.action.repository import Deliveries
from mos import plugins
from mos.model.base import Instant
from mos.model.delivery import Delivery, DeliveryStatus

_MOST = 500
_OUTSIDE = {DeliveryStatus.SENT, DeliveryStatus.UNKNOWN}


def find_silent(deliveries: Deliveries, now: Instant) -> dict[str, list[Delivery]]:
    """Return the deliveries that have just passed their channel's patience, by channel.

    Each is looked at once. What was taken back meanwhile is not waited for, nor what never left.
    """
    found: dict[str, list[Delivery]] = {}
    for name in plugins.discover(channels, "CHANNEL", Channel):
        channel = name.replace("-", "_")
        due = deliveries.list_awaited(channel, now, _MOST)
        silent = [one for one in deliveries.list_named(due.values()) if is_silent(one, now)]
        for place in due:
            deliveries.drop_awaited(channel, place)
        if silent:
            found[channel] = silent
    return found


def is_silent(delivery: Delivery, now: Instant) -> bool:
    """Say whether a provider should have told of a delivery by now, and has not."""
    if delivery.told_by is None or delivery.told_by > now or delivery.receipts:
        return False
    is_undone = delivery.undone is not None and delivery.undone.done
    return delivery.status in _OUTSIDE and not is_undone


def await_receipt(
    deliveries: Deliveries, delivery: Delivery, channel: Channel, message: Message
) -> Delivery:
    """Note by when the provider should have told: as its settings say, else as its channel."""
    stated = message.settings.get("patience_hours")
    tells = not channel.tells_by or message.settings.get(channel.tells_by)
    usual = channel.patience if tells else None
    patience = timedelta(hours=float(stated)) if stated else usual
    if not patience:
        return delivery
    due = delivery.at + patience
    deliveries.note_awaited(delivery.channel, due, delivery.action_id)
    return delivery.model_copy(update={"told_by": due})
