"""Whether something is only rehearsed: rendered, checked and recorded, and nobody is called. Pure.

The deployment says so for all (`dry_run` in its settings), or a row of `contact/dry_run`.
"""

from functions.action.channel import Message
from mos.events import ActionDecided
from mos.model.account import Account
from mos.model.base import Facts
from mos.model.delivery import Delivery, DeliveryStatus
from mos.policy.bundle.bundle import Bundle

TABLE = "contact/dry_run"


def find_dry_run(
    event: ActionDecided, facts: Facts, account: Account | None, bundle: Bundle
) -> str:
    """Return by which row of the bundle this is only rehearsed; empty where it is not.

    `facts` are the person's at this moment; what is not known holds no row.
    """
    if TABLE not in bundle.names("tables"):
        return ""
    asked: Facts = {**event.facts, **facts}
    asked |= {
        "action.name": event.action.name,
        "action.channel": event.channel,
        "action.class": event.action.klass.value,
        "action.treatment": event.treatment,
    }
    if account is not None and account.domain:
        asked["account.domain"] = account.domain
    answer = bundle.table(TABLE).evaluate(asked)
    return f"{TABLE}#{answer.row_id}" if answer.output.get("dry") is True else ""


def rehearse(delivery: Delivery, message: Message, why: str) -> Delivery:
    """Return the delivery ended as one that would have been sent: it never left.

    Of its text the subject is kept, as of what is sent. One that an earlier try may have sent ends
    as unknown, and says both.
    """
    said, status = f"dry_run: would send by {delivery.channel} ({why})", DeliveryStatus.SKIPPED
    if delivery.is_unsure:
        said, status = f"{said}; an earlier try may have arrived", DeliveryStatus.UNKNOWN
    told = {
        "status": status,
        "reason": said,
        "held_until": None,
        "leased_until": None,
        "is_dry": True,
        "artefact": {"subject": message.subject, "owner": message.owner or ""},
    }
    return delivery.model_copy(update=told)
