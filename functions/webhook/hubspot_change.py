"""One change of a CRM record, as HubSpot's webhooks carry it. Pure."""

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType

from functions.webhook import naming
from functions.webhook.clock import moment
from functions.webhook.draft import Draft
from functions.webhook.fields import Element, Json, element, text
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
_OBJECTS = MappingProxyType({"0-1": "contact", "0-2": "company", "0-3": "deal", "0-27": "task"})
_TEST_EVENT, _TEST_OBJECT, _TEST_FLAG = 100, "123", "NEW"
"""What the test button of the app screen sends, whatever the subscription: real ids are larger."""
_OPT_OUT = "hs_email_optout"
"""Of all mail; with a number behind it, of one kind of mail."""
_DUE = "hs_timestamp"
_PARENT = "hs_parent_company_id"
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
    about = _OBJECTS.get(str(change.get("objectTypeId") or change.get("fromObjectTypeId")), about)
    return Draft(
        key=key_of(item),
        kind=_kind(about, verb, change),
        name=subscription,
        at=moment(change.get("occurredAt"), "occurredAt"),
        identifiers=_identifiers(about, change),
        traits=naming.traits(_property(change)) if about == "contact" else {},
        company=naming.company(_company(change)) if about == "company" else {},
        properties=_properties(about, verb, change),
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
    return _KINDS.get(about, SignalKind.UNMAPPED)


def _role(change: Element) -> str | None:
    """Return the buying role that sales has set, the first one known of several."""
    if change.get("propertyName") != _BUYING_ROLE:
        return None
    stated = str(change.get("propertyValue") or "").split(";")
    return next((_ROLES[role] for role in stated if role in _ROLES), None)


def _identifiers(about: str, change: Element) -> tuple[Found, ...]:
    merged = change.get("mergedObjectIds")
    ids = [_object_id(change), change.get("primaryObjectId"), change.get("newObjectId")]
    ids += merged if isinstance(merged, list) else []
    portal = text(change, "portalId")
    if about == "contact":
        mail = change.get("propertyValue") if change.get("propertyName") == "email" else None
        return (*(named("hubspot_id", value, tenant=portal) for value in ids), named("email", mail))
    if about == "company":
        return tuple(named("hubspot_company_id", value, "accounts", portal) for value in ids)
    return ()


def _property(change: Element) -> dict[str, Json]:
    """Return the property that has a new value: one that was cleared has none."""
    name, value = text(change, "propertyName"), change.get("propertyValue")
    if not name or value in (None, ""):
        return {}
    return {name: _due(value) if name == _DUE else value}


def _company(change: Element) -> dict[str, Json]:
    """Return a company's new property; its parent is the record of another company."""
    said = _property(change)
    if _PARENT not in said:
        return said
    record = named("hubspot_company_id", said[_PARENT], "accounts", text(change, "portalId"))
    return {_PARENT: record.key} if record else {}


def _due(value: Json) -> Json:
    """Return the time that a task is due: events count milliseconds in a text, reads are ISO."""
    with suppress(MalformedError):
        at = moment(value, _DUE)
        return at.isoformat() if at else value
    return value


def _properties(about: str, verb: str, change: Element) -> dict[str, Json]:
    known = {
        "change": verb,
        "object_id": _object_id(change),
        "portal_id": text(change, "portalId"),
        "change_source": text(change, "changeSource"),
        "change_source_id": text(change, "sourceId"),
        "survivor_id": _survivor(change),
        **_association(change),
    }
    name = text(change, "propertyName")
    if about in ("contact", "company") and name:
        known["property"] = naming.trait_name(name)
    if name and not _property(change) and change.get("isSensitive") is not True:
        own = naming.company_name if about == "company" else naming.trait_name
        known["cleared"] = own(name)
    if about == "contact" and (role := _role(change)):
        known |= {"role": role, "by": f"hubspot {text(change, 'sourceId') or ''}".strip()}
    if about == "deal":
        known |= {"deal_id": _object_id(change)} | _property(change)
    if _KINDS.get(about) is None:
        known |= {"object": about} | _property(change)
    return {name: value for name, value in known.items() if value is not None}


def _association(change: Element) -> dict[str, Json]:
    """Return the other end of an association, and whether it was taken away."""
    if change.get("toObjectId") is None:
        return {}
    kind = text(change, "toObjectTypeId")
    return {
        "to_object": _OBJECTS.get(kind or "", kind),
        "to_object_id": text(change, "toObjectId"),
        "association": text(change, "associationType") or text(change, "associationTypeId"),
        "removed": change.get("associationRemoved") is True,
    }


def _consent(change: Element) -> tuple[ConsentGrant, ...]:
    # Only ever a withdrawal: that somebody is not opted out is not that they opted in.
    opted_out = str(change.get("propertyValue")).strip().lower() == "true"
    if str(change.get("propertyName")).startswith(_OPT_OUT) and opted_out:
        return (ConsentGrant(purpose=Purpose.EMAIL_MARKETING, granted=False),)
    return ()
