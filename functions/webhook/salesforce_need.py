"""Which record a Salesforce change event wants read, and why. Pure."""

from datetime import timedelta

from functions.webhook.change_event import RecordChange
from functions.webhook.fields import Json
from mos.identity.lists.ids import lengthen
from mos.model.lookup import ReadReason, name_since, state_need

OBJECTS = frozenset({"Account", "Contact", "Lead", "Opportunity", "OpportunityContactRole"})

_TRANSACTION = timedelta(minutes=10)
"""How long a transaction may last: its records carry the times at which it wrote them."""


def find_need(change: RecordChange) -> dict[str, Json]:
    """Return the properties that say which record must be read; none where nothing is missing.

    A gap event says only that something has changed. One that names no single record (`001*`, the
    empty id of an overflow) is about a whole object: all of it that has changed since is read,
    from before the transaction that it tells of. An update names only what has changed: its record
    is looked at where nobody knows whose it is.
    """
    if change.entity not in OBJECTS or change.verb == "DELETE":
        is_lost = change.is_gap or change.record_id is None
        return {"needs_read": True} if is_lost and change.verb != "DELETE" else {}
    if change.record_id is None:
        since = name_since(change.at - _TRANSACTION) if change.at else None
        asked = state_need(ReadReason.OVERFLOW, change.entity, since)
        return {"needs_read": True, **asked}
    if change.is_gap:
        is_back = change.verb == "UNDELETE"
        why = ReadReason.RESTORED if is_back else ReadReason.GAP
        return dict(state_need(why, change.entity, change.record_id))
    account = change.values.get("AccountId")
    if isinstance(account, str) and change.entity != "Account":
        return dict(state_need(ReadReason.IF_UNKNOWN, "Account", lengthen(account)))
    is_update = change.verb == "UPDATE" and change.entity != "OpportunityContactRole"
    if not is_update:
        return {}
    return dict(state_need(ReadReason.IF_UNKNOWN, change.entity, change.record_id))
