"""One change of a CRM record, as HubSpot's webhooks carry it. Pure."""

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType

from functions.webhook import naming
from functions.webhook.clock import moment
from functions.webhook.crm_deal import deal_name, deal_properties
from functions.webhook.draft import Draft
from functions.webhook.fields import Element, Json, element, text
from functions.webhook.hubspot_association import OBJECTS, Association, read_association
from functions.webhook.hubspot_need import find_need
from functions.webhook.hubspot_task import read_task, read_task_kind
from functions.webhook.identity import Found, named
from mos.errors import MalformedError
from mos.model.base import canonical
from mos.model.consent import ConsentGrant, Purpose
from mos.model.signal import SignalKind

_KINDS = MappingProxyType({
    "contact": SignalKind.CONTACT_CHANGED,
    "company": SignalKind.COMPANY_CHANGED,
    "deal": SignalKind.DEAL_CHANGED,
})  # fmt: skip
_ENDS = MappingProxyType({
    "privacyDeletion": SignalKind.ERASURE_REQUESTED,
    "deletion": SignalKind.CONTACT_ARCHIVED,
    "restore": SignalKind.CONTACT_RESTORED,
})  # fmt: skip
_TEST_EVENT, _TEST_OBJECT, _TEST_FLAG = 100, "123", "NEW"
"""What the test button of the app screen sends, whatever the subscription: real ids are larger."""
_OPT_OUT = "hs_email_optout"
"""Of all mail; with a number behind it, of one kind of mail."""
_NAMING = MappingProxyType({"company": naming.company_name, "deal": deal_name})
_DUE = "hs_timestamp"
_PARENT, _TASK = "hs_parent_company_id", "task"
_BUYING_ROLE = "hs_buying_role"
_ROLES = MappingProxyType({
    "BLOCKER": "blocker",
    "BUDGET_HOLDER": "economic_buyer",
    "CHAMPION": "champion",
    "DECISION_MAKER": "economic_buyer",
    "END_USER": "end_user",
    "EXECUTIVE_SPONSOR": "champion",
    "INFLUENCER": "coach",
    "LEGAL_AND_COMPLIANCE": "legal_procurement",
})  # fmt: skip


def key_of(item: Json) -> str:
    """Return what makes a change itself: all that it says, since its `eventId` is not unique.

    A delivery that is tried again differs in its `attemptNumber` alone.
    """
    if not isinstance(item, Mapping):
        return canonical(item)
    return canonical({name: value for name, value in item.items() if name != "attemptNumber"})


def draft_of(item: Json) -> Draft:
    """Return what one change says.

    Raises:
        MalformedError: a field has a type that HubSpot does not send.
    """
    change = element(item)
    subscription = text(change, "subscriptionType") or "unknown"
    about, _, verb = subscription.partition(".")
    about = OBJECTS.get(str(change.get("objectTypeId") or change.get("fromObjectTypeId")), about)
    joined = read_association(about, change)
    about = joined.about if joined else about
    return Draft(
        key=key_of(item),
        kind=_kind(about, verb, change),
        name=subscription,
        at=moment(change.get("occurredAt"), "occurredAt"),
        identifiers=_identifiers(about, change, joined),
        traits=naming.traits(_property(change)) if about == "contact" else {},
        company=_company(about, change, joined),
        properties=_properties(about, verb, change, joined),
        consent=_consent(change) if about == "contact" else (),
        is_test=_is_test(change),
    )


def _is_test(change: Element) -> bool:
    named_so = change.get("changeFlag") == _TEST_FLAG or _object_id(change) == _TEST_OBJECT
    return change.get("eventId") == _TEST_EVENT and named_so


def _object_id(change: Element) -> str | None:
    """Return the record that a change is about: an association's events name only its two ends."""
    return text(change, "objectId") or text(change, "fromObjectId")


def _survivor(change: Element) -> str | None:
    """Return the record that is left of a merge: a new one, else the first of those merged."""
    return text(change, "newObjectId") or text(change, "primaryObjectId")


def _kind(about: str, verb: str, change: Element) -> SignalKind:
    if about == "contact" and verb in _ENDS:
        return _ENDS[verb]
    if about == "contact" and _consent(change):
        return SignalKind.CONSENT_CHANGED
    if about == "contact" and _role(change):
        return SignalKind.ROLE_CONFIRMED
    found = read_task_kind(verb, change) if about == _TASK else None
    return found or _KINDS.get(about, SignalKind.UNMAPPED)


def _role(change: Element) -> str | None:
    """Return the buying role that sales has set, the first one known of several."""
    if change.get("propertyName") != _BUYING_ROLE:
        return None
    stated = str(change.get("propertyValue") or "").split(";")
    return next((_ROLES[role] for role in stated if role in _ROLES), None)


def _identifiers(about: str, change: Element, joined: Association | None) -> tuple[Found, ...]:
    ids = [joined.object_id] if joined else _all_ids(change)
    portal = text(change, "portalId")
    if about == "contact":
        mail = change.get("propertyValue") if change.get("propertyName") == "email" else None
        return (*(named("hubspot_id", value, tenant=portal) for value in ids), named("email", mail))
    if about == "company":
        return tuple(named("hubspot_company_id", value, "accounts", portal) for value in ids)
    return ()


def _all_ids(change: Element) -> list[Json]:
    """Return every record that a change is about: of a merge, those that became one."""
    merged = change.get("mergedObjectIds")
    ids = [_object_id(change), change.get("primaryObjectId"), change.get("newObjectId")]
    return ids + (merged if isinstance(merged, list) else [])


def _property(change: Element) -> dict[str, Json]:
    """Return the property that has a new value: one that was cleared has none."""
    name, value = text(change, "propertyName"), change.get("propertyValue")
    if not name or value in (None, ""):
        return {}
    return {name: _due(value) if name == _DUE else value}


def _company(about: str, change: Element, joined: Association | None) -> dict[str, Json]:
    """Return a company's new property, or whose a deal or a contact is.

    A company's parent is the record of another company.
    """
    if joined:
        return joined.company
    said = _property(change) if about == "company" else {}
    if _PARENT not in said:
        return naming.company(said)
    record = named("hubspot_company_id", said[_PARENT], "accounts", text(change, "portalId"))
    return naming.company({_PARENT: record.key}) if record else {}


def _due(value: Json) -> Json:
    """Return the time that a task is due: events count milliseconds in a text, reads are ISO."""
    with suppress(MalformedError):
        at = moment(value, _DUE)
        return at.isoformat() if at else value
    return value


def _properties(
    about: str, verb: str, change: Element, joined: Association | None
) -> dict[str, Json]:
    known: dict[str, Json] = {
        "change": verb,
        "object_id": joined.object_id if joined else _object_id(change),
        "portal_id": text(change, "portalId"),
        "change_source": text(change, "changeSource"),
        "change_source_id": text(change, "sourceId"),
        "survivor_id": _survivor(change),
        **(joined.properties if joined else {}),
    }
    name = text(change, "propertyName")
    if about in ("contact", "company") and name:
        known["property"] = naming.trait_name(name)
    if name and not _property(change) and change.get("isSensitive") is not True:
        known["cleared"] = _NAMING.get(about, naming.trait_name)(name)
    if about == "contact" and (role := _role(change)):
        known |= {"role": role, "by": f"hubspot {text(change, 'sourceId') or ''}".strip()}
    if about == "deal":
        known |= _deal(change, joined)
    if _KINDS.get(about) is None:
        known |= {"object": about} | _property(change)
    known |= find_need(about, verb, change, joined)
    if about == _TASK:
        known |= read_task(verb, change)
    return {name: value for name, value in known.items() if value is not None}


def _deal(change: Element, joined: Association | None) -> dict[str, Json]:
    """Return which deal a change is about, what it says of it, and which were merged into it."""
    if joined:
        return {"deal_id": joined.object_id}
    survivor = _survivor(change)
    own = _property(change)
    said = {**own, **deal_properties(own), "deal_id": survivor or _object_id(change)}
    merged = sorted({str(one) for one in _all_ids(change) if one is not None} - {survivor})
    return {**said, "merged_ids": merged} if survivor else said


def _consent(change: Element) -> tuple[ConsentGrant, ...]:
    # Only ever a withdrawal: that somebody is not opted out is not that they opted in.
    opted_out = str(change.get("propertyValue")).strip().lower() == "true"
    if str(change.get("propertyName")).startswith(_OPT_OUT) and opted_out:
        return (ConsentGrant(purpose=Purpose.EMAIL_MARKETING, granted=False),)
    return ()
