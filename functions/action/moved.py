"""Say when something leaves, or is to, where that is not the moment it was counted at. Pure."""

from datetime import datetime, timedelta

from functions.action.deliver import action_id_of
from mos.events import ActionDecided, TouchMoved
from mos.model.base import derive_id
from mos.model.delivery import Delivery, DeliveryStatus

_LEFT = {DeliveryStatus.SENT, DeliveryStatus.UNKNOWN}
_PLAN = timedelta(minutes=15)
"""Who waits for less has no plan that is worth telling: when it leaves is told then."""
_SOON, _QUARTER = timedelta(minutes=1), timedelta(minutes=15)


def tell_moved(event: ActionDecided, delivery: Delivery, now: datetime) -> list[TouchMoved]:
    """Return what is said of a touch that leaves later than it was counted; nothing if it does not.

    What never left is said elsewhere (`ActionUnsent`), and what touches nobody is counted nowhere.
    """
    if event.channel == "none" or not event.action.touches:
        return []
    if delivery.held_until is not None:
        if delivery.held_until - now < _PLAN:
            return []
        said, leaves = now, delivery.held_until
    elif delivery.status in _LEFT:
        said = leaves = delivery.at
    else:
        return []
    if not delivery.holds and not is_elsewhere(event.occurred_at, leaves):
        return []
    action_id = action_id_of(event)
    named = derive_id("evt", "TouchMoved", action_id, said.isoformat(), leaves.isoformat())
    return [
        TouchMoved.following(
            event,
            event_id=named,
            occurred_at=said,
            decision_id=event.decision_id,
            action_id=action_id,
            leaves_at=leaves,
        )
    ]


def is_elsewhere(counted: datetime, leaves: datetime) -> bool:
    """Say whether a moment may count otherwise than another: a minute off, or in another day.

    Midnights of all zones lie at quarters of an hour, so another quarter may be another day.
    """
    quarters = (int(at.timestamp()) // int(_QUARTER.total_seconds()) for at in (counted, leaves))
    return abs(leaves - counted) >= _SOON or len(set(quarters)) > 1
