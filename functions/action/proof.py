"""Say what a receipt proved of a delivery that had ended otherwise. Pure."""

from mos.events import ActionUnsent, DeliveryProved, Event
from mos.model.delivery import Delivery, DeliveryStatus


def tell_proof(receipt: Event, delivery: Delivery | None) -> list[Event]:
    """Return what follows from a receipt for learning, and for caps where it never left.

    Nothing where the receipt ended nothing. Told again, it says the same.
    """
    if delivery is None or delivery.proved_by != receipt.trace_id:
        return []
    has_left = delivery.status is DeliveryStatus.SENT
    said: list[Event] = [
        DeliveryProved.following(
            receipt,
            action_id=delivery.action_id,
            decision_id=delivery.decision_id,
            group_id=delivery.group_id,
            has_left=has_left,
        )
    ]
    if not has_left:
        unsent = ActionUnsent.following(
            receipt,
            decision_id=delivery.decision_id,
            action_id=delivery.action_id,
            why=delivery.reason,
        )
        said.append(unsent)
    return said
