"""SendGrid's Event Webhook: an array of e-mail events, signed with ECDSA.

The stored secret is the public verification key, in base64, as SendGrid shows it.
"""

import base64
from datetime import UTC, datetime
from types import MappingProxyType

from functions.webhook.actor import Judged, judge
from functions.webhook.bounce import PERMANENT, bounce_type
from functions.webhook.clock import moment, stamp
from functions.webhook.consent import WITHDRAWN
from functions.webhook.draft import Delivery, Draft
from functions.webhook.errors import BadSignatureError
from functions.webhook.fields import Element, Json, element, elements, text
from functions.webhook.identity import email
from functions.webhook.request import Request
from functions.webhook.sample import Sample
from functions.webhook.signature import Secrets, require_fresh
from functions.webhook.source import Source, Translation, each
from mos.model.base import canonical
from mos.model.consent import ConsentGrant
from mos.model.signal import Actor, SignalKind, Trust

_SIGNATURE = "x-twilio-email-event-webhook-signature"
_TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
_KINDS = MappingProxyType({
    "processed": SignalKind.EMAIL_SENT,
    "delivered": SignalKind.EMAIL_DELIVERED,
    "bounce": SignalKind.EMAIL_BOUNCED,
    "dropped": SignalKind.EMAIL_BOUNCED,
    "open": SignalKind.EMAIL_OPENED,
    "click": SignalKind.EMAIL_CLICKED,
    "spamreport": SignalKind.EMAIL_COMPLAINED,
    "unsubscribe": SignalKind.EMAIL_UNSUBSCRIBED,
    "group_unsubscribe": SignalKind.EMAIL_UNSUBSCRIBED,
    # One group again is no consent to all e-mail: the signal says so without granting anything.
    "group_resubscribe": SignalKind.CONSENT_CHANGED,
})  # fmt: skip
_REFUSALS = (
    ("unsubscribe", SignalKind.EMAIL_UNSUBSCRIBED),
    ("spam report", SignalKind.EMAIL_COMPLAINED),
)
"""Why SendGrid did not even try: the person is on its own list of those who have said no."""
_DEAD = ("bounced", "invalid")
_TEST_MAILBOX = "example@test.com"
"""To whom all events of "Test Your Integration" went."""
_WITHDRAWS = {SignalKind.EMAIL_UNSUBSCRIBED, SignalKind.EMAIL_COMPLAINED}


def _verify(request: Request, secrets: Secrets, now: datetime) -> Trust:
    signature, sent = request.header(_SIGNATURE), request.header(_TIMESTAMP)
    signed = sent.encode() + request.body
    if not any(_is_genuine(signature, signed, key) for key in secrets):
        raise BadSignatureError("the signature fits none of the stored public keys")
    require_fresh(stamp(sent), now)
    return Trust.SIGNED


def _is_genuine(signature: str, signed: bytes, key: str) -> bool:
    # Paid by this source only: seconds of cold start for the others.
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415

    try:
        public = load_der_public_key(base64.b64decode(key, validate=True))
        if not isinstance(public, ec.EllipticCurvePublicKey):
            return False
        public.verify(base64.b64decode(signature, validate=True), signed, ec.ECDSA(SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _translate(_request: Request, body: Json, delivery: Delivery) -> Translation:
    return each(elements(body), _draft, delivery)


def _replay_key(_request: Request, body: Json) -> str:
    # A retry may group the same events differently.
    return "\n".join(sorted(_key(item) for item in elements(body)))


def _key(item: Json) -> str:
    found = item.get("sg_event_id") if isinstance(item, dict) else None
    return found if isinstance(found, str) and found else canonical(item)


def _draft(item: Json) -> Draft:
    event = element(item)
    name = text(event, "event") or "unknown"
    kind = _kind(name.lower(), event)
    return Draft(
        key=_key(item),
        kind=kind,
        name=name,
        at=moment(event.get("timestamp"), "timestamp"),
        identifiers=(email(event.get("email")),),
        properties=_properties(event, name.lower()),
        consent=_consent(kind),
        actor=_actor(event, name.lower()),
        is_test=str(event.get("email")).strip().lower() == _TEST_MAILBOX,
    )


def _kind(name: str, event: Element) -> SignalKind:
    if name == "dropped":
        reason = _reason(event)
        return next((kind for word, kind in _REFUSALS if word in reason), SignalKind.EMAIL_BOUNCED)
    return _KINDS.get(name, SignalKind.UNMAPPED)


def _reason(event: Element) -> str:
    return str(event.get("reason") or "").lower()


def _properties(event: Element, name: str) -> dict[str, Json]:
    # Custom arguments, `action_id` and `decision_id` among them, stand beside SendGrid's own.
    kept = {key: value for key, value in event.items() if key not in {"email", "ip"}}
    if name == "bounce":
        stated = (event.get("type"), event.get("bounce_classification"))
        kept["bounce_type"] = bounce_type(*stated, status=event.get("status"))
    if name == "dropped":
        is_dead = _reason(event).startswith(_DEAD) and "smtpapi" not in _reason(event)
        kept["bounce_type"] = PERMANENT if is_dead else "dropped"
    return kept


def _consent(kind: SignalKind) -> tuple[ConsentGrant, ...]:
    return WITHDRAWN if kind in _WITHDRAWS else ()


def _actor(event: Element, name: str) -> Judged:
    if name == "dropped":
        # The person said no some time ago: that SendGrid remembers is nothing that they did now.
        return Actor.MACHINE, "the_providers_own_list"
    if event.get("sg_machine_open") is True:
        return Actor.MACHINE, "sg_machine_open"
    return judge(event.get("useragent"))


SOURCE = Source(_verify, _translate, _replay_key)

SAMPLES = (
    Sample(
        secret=(  # noqa: S106  a public key
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEbyNHyrfddoWP4FVaw7yZBIxKrK"
            "/ftry+BepsQsSTRWkdGhigpLN0p70z9jK4B5dpt3R1qt5MpYOMvabjONciqQ=="
        ),
        at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        url="https://hooks.example.com/hooks/sendgrid",
        headers={
            "X-Twilio-Email-Event-Webhook-Signature": "MEUCIQDXlCnEyp1HC3xRf8icLHI49dnc04r/yCAQ"
            "/O6Y4gysSgIgbZR1L3sAlY9gd8QyzXalLTEeN1OisHuypvzX4iwCg5s=",
            "X-Twilio-Email-Event-Webhook-Timestamp": "1700000000",
        },
        body=(
            b'[{"email":"Ada@Example.com","timestamp":1699999990,"event":"open",'
            b'"sg_event_id":"ev-1","sg_message_id":"m-1","sg_machine_open":true,'
            b'"useragent":"Mozilla/5.0","action_id":"act_1","decision_id":"dec_1"},\r\n'
            b'{"email":"bob@example.com","timestamp":1699999991,"event":"unsubscribe",'
            b'"sg_event_id":"ev-2"},{"email":"bob@example.com","timestamp":"soon",'
            b'"event":"click","sg_event_id":"ev-3"},\r\n'
            b'{"email":"bob@example.com","timestamp":1699999993,"event":"deferred",'
            b'"sg_event_id":"ev-4"}]\r\n'
        ),
        proof="X-Twilio-Email-Event-Webhook-Signature",
        timed=True,
        kinds=(SignalKind.EMAIL_OPENED, SignalKind.EMAIL_UNSUBSCRIBED, SignalKind.UNMAPPED),
        refused=1,
    ),
)
