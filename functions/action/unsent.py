"""Say of what was decided that it never left, or stands no more: its room in caps is free. Pure."""

from functions.action.deliver import NEVER_LEFT, action_id_of
from functions.action.handoff import is_handoff
from mos.events import ActionDecided, ActionUnsent
from mos.model.base import derive_id
from mos.model.delivery import Delivery, DeliveryStatus

_TAKEN_UP = frozenset({"task.accepted", "task.completed"})


def tell_unsent(
    event: ActionDecided, status: DeliveryStatus | None, reason: str
) -> list[ActionUnsent]:
    """Return what is said of a decision that ended so; nothing where it left, or may have."""
    if event.channel == "none" or status not in NEVER_LEFT:
        return []
    return [
        ActionUnsent.following(
            event, decision_id=event.decision_id, action_id=action_id_of(event), why=reason
        )
    ]


def tell_taken_back(delivery: Delivery, *, ended: bool) -> list[ActionUnsent]:
    """Return what is said of a hand-off that its provider has proved to have taken back.

    Nobody speaks to them about it any more; with `ended` a word of ours wants it so. Nothing is
    said of one that its rep had begun or completed, who has spoken to them perhaps, nor of anything
    else: an audience may have shown its ads by then, and a mail is never taken back. Said again it
    is the same.
    """
    undone = delivery.undone
    if undone is None or not undone.done or not is_handoff(delivery):
        return []
    if any(receipt.name in _TAKEN_UP for receipt in delivery.receipts):
        return []
    return [
        ActionUnsent(
            event_id=derive_id("evt", "ActionUnsent", "undone", delivery.action_id),
            cause_id=delivery.action_id,
            trace_id=delivery.decision_id,
            occurred_at=undone.at,
            decision_id=delivery.decision_id,
            action_id=delivery.action_id,
            why=f"taken back: {undone.why}",
            taken_back_at=undone.at if ended else None,
        )
    ]
