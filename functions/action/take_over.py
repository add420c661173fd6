"""A task that another rep takes over: the one before is stopped or taken back, once the new stands.

Never before: where the new task does not arrive, the old one stays, so that somebody has it.
"""

from datetime import datetime

from functions.action.deliver import name_action
from functions.action.take_back import note, take_back
from functions.action.wire import Wire
from mos.events import ActionDecided
from mos.model.delivery import Delivery, DeliveryStatus

WHY = "another rep has it now: a promise about it was broken"
_FINISHED = "task.completed"


def take_over(event: ActionDecided, delivery: Delivery, wire: Wire, now: datetime) -> None:
    """Take back what a delivered task replaces; one that its owner has completed stays theirs.

    All is noted first: what a provider does not do now, the sweep does.
    """
    if not event.replaces or delivery.status is not DeliveryStatus.SENT:
        return
    actions = [name_action(decision) for decision in event.replaces]
    deliveries = {one.action_id: one for one in wire.deliveries.list_named(actions)}
    replaced = [one for one in actions if not _is_finished(deliveries.get(one))]
    for action_id in replaced:
        wire.deliveries.note_recall(action_id, WHY, now)
    known = [deliveries[one] for one in replaced if one in deliveries]
    take_back(wire, note(wire, known, WHY, now), now)


def _is_finished(delivery: Delivery | None) -> bool:
    return delivery is not None and any(r.name == _FINISHED for r in delivery.receipts)
