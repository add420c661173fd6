"""Say of what was decided that it never left: what it took of caps is free again. Pure."""

from functions.action.deliver import NEVER_LEFT, action_id_of
from mos.events import ActionDecided, ActionUnsent
from mos.model.delivery import DeliveryStatus


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
