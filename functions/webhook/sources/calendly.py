"""Calendly: meetings booked and cancelled, and routing forms of people who did not book.

A reschedule is two events in either order: the old meeting's cancellation and the new one's
creation. Every event names its `meeting_id`, and the new half the meeting that it `replaces`:
`mos.identity.meetings` counts what stands.
"""

from datetime import UTC, datetime
from types import MappingProxyType

from functions.webhook import form
from functions.webhook.clock import moment, stamp
from functions.webhook.draft import Delivery, Draft
from functions.webhook.fields import Element, Json, element, flag, inner, several, text
from functions.webhook.identity import Found, email, phone
from functions.webhook.request import Request
from functions.webhook.sample import Sample
from functions.webhook.signature import Secrets, mac, require_any, require_fresh, stamped
from functions.webhook.source import Source, Translation, only
from mos.model.base import canonical
from mos.model.signal import SignalKind, Trust

_HEADER = "calendly-webhook-signature"
_SECONDS = 180
_KINDS = MappingProxyType({
    "invitee.created": SignalKind.MEETING_BOOKED,
    "invitee.canceled": SignalKind.MEETING_CANCELED,
    "routing_form_submission.created": SignalKind.ROUTING_FORM_SUBMITTED,
})  # fmt: skip
_TRAITS = ("first_name", "last_name", "name", "timezone", "email")
_READ = {*_TRAITS, "questions_and_answers", "text_reminder_number"}


def _verify(request: Request, secrets: Secrets, now: datetime) -> Trust:
    sent, proofs = stamped(request.header(_HEADER), _HEADER)
    signed = sent.encode() + b"." + request.body
    require_any(
        [proof.lower() for proof in proofs], [mac(secret, signed).hex() for secret in secrets]
    )
    require_fresh(stamp(sent), now, _SECONDS)
    return Trust.SIGNED


def _translate(_request: Request, body: Json, delivery: Delivery) -> Translation:
    return only(_draft(element(body, "the body")), delivery)


def _draft(body: Element) -> Draft:
    event, payload = text(body, "event") or "unknown", inner(body, "payload")
    answered = form.read(
        (text(qa, "question") or "unknown", qa.get("answer"))
        for qa in map(element, several(payload, "questions_and_answers"))
    )
    number = phone(payload.get("text_reminder_number"))
    said = {key: payload[key] for key in _TRAITS if payload.get(key) is not None}
    return Draft(
        key=_key(event, payload, body),
        kind=_KINDS.get(event, SignalKind.UNMAPPED),
        name=event,
        at=moment(body.get("created_at"), "created_at"),
        identifiers=(email(payload.get("email")), *answered.identifiers, number),
        traits={**answered.traits, **_phone_trait(number, payload), **said},
        company=answered.company,
        properties=_properties(event, payload) | _answers(answered),
    )


def _phone_trait(number: Found, payload: Element) -> dict[str, Json]:
    """Return the number that the person wants to be reminded at, in the form of numbers."""
    stated = number.value if number else payload.get("text_reminder_number")
    return {"phone": stated} if stated else {}


def _key(event: str, payload: Element, body: Element) -> str:
    uri = text(payload, "uri")
    return f"{event}:{uri}" if uri else canonical(body)


def _properties(event: str, payload: Element) -> dict[str, Json]:
    kept = {key: value for key, value in payload.items() if key not in _READ}
    kept["meeting_id"] = text(payload, "uri")
    if text(payload, "old_invitee"):
        kept["replaces"] = text(payload, "old_invitee")
    if event == "invitee.canceled" and flag(payload, "rescheduled"):
        kept["reschedule_half"] = "old"
    if event == "invitee.created" and text(payload, "old_invitee"):
        kept["reschedule_half"] = "new"
    return kept


def _answers(answered: form.Form) -> dict[str, Json]:
    return {"answers": dict(answered.answers)} if answered.answers else {}


SOURCE = Source(_verify, _translate)

SAMPLES = (
    Sample(
        secret="mos-test-secret",  # noqa: S106  the published test secret
        at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        url="https://hooks.example.com/hooks/calendly",
        headers={
            "Calendly-Webhook-Signature": "t=1700000000,v1=0b2691e7b34afebaf876"
            "8ce8ac119cec3fa96a30125457f8135194338f27982d"
        },
        body=(
            b'{"event":"invitee.canceled","created_at":"2023-11-14T22:13:18.000000Z","payload":{'
            b'"uri":"https://api.calendly.com/scheduled_events/E1/invitees/I1",'
            b'"email":"ada@example.com","first_name":"Ada","last_name":"Lovelace",'
            b'"rescheduled":true,"new_invitee":"https://api.calendly.com/invitees/I2",'
            b'"cancellation":{"canceler_type":"invitee","reason":"moved"},'
            b'"questions_and_answers":[{"question":"Company name","answer":"Acme"},'
            b'{"question":"Budget?","answer":"50k"}],"tracking":{"utm_source":"ads"},'
            b'"scheduled_event":{"name":"Intro","start_time":"2023-11-20T09:00:00Z"}}}'
        ),
        proof="Calendly-Webhook-Signature",
        timed=True,
        kinds=(SignalKind.MEETING_CANCELED,),
    ),
)
