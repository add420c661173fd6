"""HubSpot app webhooks: signature v3 over the public URL, an array of changes, in no order."""

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from functions.webhook import naming
from functions.webhook.clock import moment, stamp
from functions.webhook.draft import Delivery, Draft
from functions.webhook.fields import Element, Json, element, elements, text
from functions.webhook.identity import Found, named
from functions.webhook.request import Request
from functions.webhook.sample import Sample
from functions.webhook.signature import Secrets, mac, require_fresh, require_match
from functions.webhook.source import Source, Translation, each
from mos.model.base import canonical
from mos.model.consent import ConsentGrant, Purpose
from mos.model.signal import SignalKind, Trust

_ESCAPES = re.compile(r"%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)
_KINDS = MappingProxyType({
    "contact": SignalKind.CONTACT_CHANGED,
    "company": SignalKind.COMPANY_CHANGED,
    "deal": SignalKind.DEAL_CHANGED,
})  # fmt: skip
_OBJECTS = MappingProxyType({"0-1": "contact", "0-2": "company", "0-3": "deal"})
_OPT_OUT = "hs_email_optout"
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


def _verify(request: Request, secrets: Secrets, now: datetime) -> Trust:
    signature = request.header("x-hubspot-signature-v3")
    sent = request.header("x-hubspot-request-timestamp")
    # HubSpot signs some characters decoded; a URL that it did not touch must pass as well.
    urls = {request.url, _ESCAPES.sub(lambda found: chr(int(found[1], 16)), request.url)}
    signed = [
        b"".join((request.method.encode(), url.encode(), request.body, sent.encode()))
        for url in sorted(urls)
    ]
    require_match(signature, [base64.b64encode(mac(s, text)) for s in secrets for text in signed])
    require_fresh(stamp(sent, per_second=1000), now)
    return Trust.SIGNED


def _translate(_request: Request, body: Json, delivery: Delivery) -> Translation:
    return each(elements(body), _draft, delivery)


def _replay_key(_request: Request, body: Json) -> str:
    # A retry differs in its `attemptNumber`, and so in its bytes.
    return "\n".join(sorted(_key(item) for item in elements(body)))


def _key(item: Json) -> str:
    if isinstance(item, Mapping) and item.get("eventId") is not None:
        return canonical([item.get(k) for k in ("portalId", "subscriptionId", "eventId")])
    return canonical(item)


def _draft(item: Json) -> Draft:
    change = element(item)
    subscription = text(change, "subscriptionType") or "unknown"
    about, _, verb = subscription.partition(".")
    about = _OBJECTS.get(str(change.get("objectTypeId")), about)
    return Draft(
        key=_key(item),
        kind=_kind(about, verb, change),
        name=subscription,
        at=moment(change.get("occurredAt"), "occurredAt", per_second=1000),
        identifiers=_identifiers(about, change),
        traits=naming.traits(_property(change)) if about == "contact" else {},
        company=naming.company(_property(change)) if about == "company" else {},
        properties=_properties(about, verb, change),
        consent=_consent(change) if about == "contact" else (),
    )


def _kind(about: str, verb: str, change: Element) -> SignalKind:
    if about == "contact" and verb == "privacyDeletion":
        return SignalKind.ERASURE_REQUESTED
    if about == "contact" and _consent(change):
        return SignalKind.CONSENT_CHANGED
    if about == "contact" and _role(change):
        return SignalKind.ROLE_CONFIRMED
    return _KINDS.get(about, SignalKind.UNMAPPED)


def _role(change: Element) -> str | None:
    """Return the buying role that sales has set, the first one known of several."""
    if change.get("propertyName") != _BUYING_ROLE:
        return None
    named = str(change.get("propertyValue") or "").split(";")
    return next((_ROLES[role] for role in named if role in _ROLES), None)


def _identifiers(about: str, change: Element) -> tuple[Found, ...]:
    ids = [change.get("objectId"), change.get("primaryObjectId"), change.get("newObjectId")]
    merged = change.get("mergedObjectIds")
    ids += merged if isinstance(merged, list) else []
    if about == "contact":
        mail = change.get("propertyValue") if change.get("propertyName") == "email" else None
        return (*(named("hubspot_id", value) for value in ids), named("email", mail))
    if about == "company":
        return tuple(named("hubspot_company_id", value, "accounts") for value in ids)
    return ()


def _property(change: Element) -> dict[str, Json]:
    name = text(change, "propertyName")
    return {name: change.get("propertyValue")} if name else {}


def _properties(about: str, verb: str, change: Element) -> dict[str, Json]:
    known = {
        "change": verb,
        "object_id": text(change, "objectId"),
        "portal_id": text(change, "portalId"),
        "change_source": text(change, "changeSource"),
        "change_source_id": text(change, "sourceId"),
    }
    if about in ("contact", "company") and (name := text(change, "propertyName")):
        known["property"] = naming.trait_name(name)
    if about == "contact" and (role := _role(change)):
        known |= {"role": role, "by": f"hubspot {text(change, 'sourceId') or ''}".strip()}
    if about == "deal":
        known |= {"deal_id": text(change, "objectId")} | _property(change)
    if _KINDS.get(about) is None:
        known |= _property(change)
    return {name: value for name, value in known.items() if value is not None}


def _consent(change: Element) -> tuple[ConsentGrant, ...]:
    # Only ever a withdrawal: that somebody is not opted out is not that they opted in.
    opted_out = str(change.get("propertyValue")).lower() == "true"
    if change.get("propertyName") == _OPT_OUT and opted_out:
        return (ConsentGrant(purpose=Purpose.EMAIL_MARKETING, granted=False),)
    return ()


SOURCE = Source(_verify, _translate, _replay_key)

_AT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
SAMPLES = (
    Sample(
        secret="mos-test-secret",  # noqa: S106  the published test secret
        at=_AT,
        url="https://hooks.example.com/hooks/hubspot?to=a%40b",
        headers={
            "X-HubSpot-Signature-v3": "IadsZBgL1XKJzcOYFcKT1rp6V/3zCkB9U0BWapU1BoI=",
            "X-HubSpot-Request-Timestamp": "1700000000000",
        },
        body=(
            b'[{"objectId":123456,"eventId":100,"subscriptionId":111112,"portalId":99999,'
            b'"appId":55555,"occurredAt":1699999990000,"subscriptionType":"contact.propertyChange",'
            b'"attemptNumber":0,"propertyName":"lifecyclestage",'
            b'"propertyValue":"marketingqualifiedlead","changeSource":"CRM"},'
            b'{"objectId":123456,"eventId":101,"subscriptionId":111113,"portalId":99999,'
            b'"occurredAt":"yesterday","subscriptionType":"contact.propertyChange"},'
            b'{"objectId":77,"eventId":102,"subscriptionId":111114,"portalId":99999,'
            b'"occurredAt":1699999990000,"subscriptionType":"ticket.creation"},'
            b'{"objectId":123457,"eventId":103,"subscriptionId":111115,"portalId":99999,'
            b'"occurredAt":1699999990000,"subscriptionType":"contact.privacyDeletion"}]'
        ),
        proof="X-HubSpot-Signature-v3",
        timed=True,
        kinds=(SignalKind.CONTACT_CHANGED, SignalKind.UNMAPPED, SignalKind.ERASURE_REQUESTED),
        refused=1,
    ),
)
