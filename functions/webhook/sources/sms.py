"""AWS End User Messaging: what became of our texts, and what people text back.

Delivery events come natively through EventBridge (`aws.sms-voice`), or from an API destination.
Replies come from an SNS topic whose subscription's address carries the key
(`https://mos:<secret>@…`). A stop word in any form withdraws consent to texts; no word gives any.
"""

from datetime import UTC, datetime
from types import MappingProxyType

from functions.webhook import strict
from functions.webhook.clock import moment
from functions.webhook.draft import Delivery, Draft
from functions.webhook.fields import Element, Json, element, inner, text
from functions.webhook.identity import phone
from functions.webhook.request import Request
from functions.webhook.sample import Sample
from functions.webhook.signature import verify_key
from functions.webhook.sms_words import stops_texts
from functions.webhook.source import Source, Translation, only
from mos.errors import MalformedError
from mos.model.base import canonical
from mos.model.consent import ConsentGrant, Purpose
from mos.model.signal import SignalKind

_WITHDRAWN = (ConsentGrant(purpose=Purpose.SMS_MARKETING, granted=False),)
_RECEIPTS = MappingProxyType({
    "TEXT_SUCCESSFUL": "sms.sent",
    "TEXT_SENT": "sms.sent",
    "TEXT_DELIVERED": "sms.delivered",
    "TEXT_INVALID": "sms.rejected",
    "TEXT_BLOCKED": "sms.rejected",
    "TEXT_PROTECT_BLOCKED": "sms.rejected",
    "TEXT_INVALID_MESSAGE": "sms.rejected",
    "TEXT_UNREACHABLE": "sms.failed",
    "TEXT_CARRIER_UNREACHABLE": "sms.failed",
    "TEXT_CARRIER_BLOCKED": "sms.failed",
    "TEXT_SPAM": "sms.failed",
    "TEXT_TTL_EXPIRED": "sms.failed",
})  # fmt: skip
"""What of AWS's events is a receipt. Of `TEXT_UNKNOWN` nobody knows anything, for good."""
_OPTED_OUT = "TEXT_BLOCKED"
_TAGS = ("action_id", "decision_id")


def _translate(_request: Request, body: Json, delivery: Delivery) -> Translation:
    said = element(body, "the body")
    if "detail" in said:
        return only(_draft_event(element(said["detail"], "detail")), delivery)
    if said.get("Type") == "Notification":
        return only(_draft_reply(_open(said), said), delivery)
    return only(_draft_event(said) if "eventType" in said else _draft_other(said), delivery)


def _open(envelope: Element) -> Element:
    try:
        return element(strict.parse((text(envelope, "Message") or "").encode()), "Message")
    except MalformedError:
        # SNS itself says in words that a topic works.
        return {}


def _draft_event(event: Element) -> Draft:
    name = text(event, "eventType") or "unknown"
    tags = inner(event, "context")
    ours = {tag: tags[tag] for tag in _TAGS if isinstance(tags.get(tag), str)}
    told = {"receipt": _RECEIPTS[name]} if name in _RECEIPTS else {}
    kept = {
        "message_id": event.get("messageId"),
        "status": event.get("messageStatus"),
        "usd": event.get("totalMessagePrice"),
        "parts": event.get("totalMessageParts"),
    }
    stated = event.get("eventTimestamp")
    has_left = name == _OPTED_OUT
    return Draft(
        key=canonical([event.get("messageId"), name, stated]),
        kind=SignalKind.CONSENT_CHANGED if has_left else SignalKind.UNMAPPED,
        name=name,
        at=moment(stated, "eventTimestamp"),
        identifiers=(phone(event.get("destinationPhoneNumber")),),
        properties={**kept, **ours, **told},
        consent=_WITHDRAWN if has_left else (),
    )


def _draft_reply(reply: Element, envelope: Element) -> Draft:
    """Return what somebody has texted back: its words stay where the body is kept."""
    said = text(reply, "messageBody") or ""
    stops = stops_texts(said)
    if not reply:
        return _draft_other(envelope)
    return Draft(
        key=text(reply, "inboundMessageId") or canonical(reply),
        kind=SignalKind.CONSENT_CHANGED if stops else SignalKind.UNMAPPED,
        name="sms.opted_out" if stops else "sms.replied",
        at=moment(envelope.get("Timestamp"), "Timestamp"),
        identifiers=(phone(reply.get("originationNumber")),),
        properties={"answers": reply.get("previousPublishedMessageId")},
        consent=_WITHDRAWN if stops else (),
    )


def _draft_other(said: Element) -> Draft:
    name = text(said, "Type") or "unknown"
    return Draft(key=canonical(said), kind=SignalKind.UNMAPPED, name=name[:200])


SOURCE = Source(
    verify_key,
    _translate,
    native="aws.sms-voice",
    advice="Its secret is the password in the topic's subscription: https://mos:<secret>@…",
)

_AT = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)
_KEY = "shared-with-the-topic-01"
_URL = "https://hooks.example.com/hooks/sms"
SAMPLES = (
    Sample(
        secret=_KEY,
        at=_AT,
        url=_URL,
        headers={"x-api-key": "shared-with-the-topic-01"},
        body=(
            b'{"version":"0","source":"aws.sms-voice","detail-type":"Text Message Delivery Status'
            b' Updated","detail":{"eventType":"TEXT_DELIVERED","eventTimestamp":1772442000000,'
            b'"isFinal":true,"destinationPhoneNumber":"+14255550156","messageId":"m-1",'
            b'"messageStatus":"DELIVERED","context":{"action_id":"act_1","decision_id":"dec_1"},'
            b'"totalMessageParts":1,"totalMessagePrice":0.00581}}'
        ),
        proof="x-api-key",
        seals=False,
        kinds=(SignalKind.UNMAPPED,),
    ),
    Sample(
        secret=_KEY,
        at=_AT,
        url=_URL,
        headers={"Authorization": "Bearer shared-with-the-topic-01"},
        body=(
            b'{"Type":"Notification","MessageId":"n-1","TopicArn":"arn:aws:sns:us-east-1:1:sms",'
            b'"Message":"{\\"originationNumber\\":\\"+14255550182\\",\\"messageBody\\":'
            b'\\" Stop. \\",\\"inboundMessageId\\":\\"i-1\\"}",'
            b'"Timestamp":"2026-03-02T09:00:00.000Z"}'
        ),
        proof="Authorization",
        seals=False,
        kinds=(SignalKind.CONSENT_CHANGED,),
    ),
)
