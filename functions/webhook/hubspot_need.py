"""Which record one of HubSpot's notices wants read, and why. Pure."""

from types import MappingProxyType

from functions.webhook.fields import Element, Json, text
from functions.webhook.hubspot_association import Association
from mos.model.lookup import ReadReason, state_need

_READ = frozenset({"contact", "company", "deal"})
_ALWAYS = MappingProxyType({
    "creation": ReadReason.NEW_RECORD, "restore": ReadReason.RESTORED,
})  # fmt: skip
_STAGES = frozenset({"dealstage", "pipeline"})


def find_need(
    about: str, verb: str, change: Element, joined: Association | None
) -> dict[str, Json]:
    """Return the properties that say which record must be read; none where nothing is missing.

    A creation names the record and nothing of it. A stage is an id whose meaning stands in the
    deal. Another property needs a look only where nobody knows whose the record is. Of two that
    were joined the other one is looked at, where it is unknown.
    """
    if joined:
        is_worth = about in _READ and joined.other in {"company", "contact"} and not joined.removed
        why = ReadReason.IF_UNKNOWN
        return dict(state_need(why, joined.other, joined.other_id)) if is_worth else {}
    if about not in _READ:
        return {}
    record = text(change, "objectId")
    if verb in _ALWAYS:
        return dict(state_need(_ALWAYS[verb], about, record))
    if verb != "propertyChange":
        return {}
    is_stage = about == "deal" and change.get("propertyName") in _STAGES
    why = ReadReason.STAGE if is_stage else ReadReason.IF_UNKNOWN
    return dict(state_need(why, about, record))
