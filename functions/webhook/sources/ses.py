"""Amazon SES: natively through EventBridge, or over HTTP from an EventBridge API destination.

Over HTTP the shared secret stands in `x-api-key`, or in `Authorization` as a Bearer token or the
Basic password. An SNS topic's envelope is opened where its subscription's address carries that
password (`https://mos:<secret>@…`); what only a certificate could prove is refused, and no address
in a body is ever called: a person confirms the subscription. Mails that SES has received come by
such a topic, with their content or with the place in a bucket where it lies.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from functions.webhook import strict
from functions.webhook.draft import Delivery
from functions.webhook.fields import Element, Json, element, text
from functions.webhook.mail_event import translate_received, translate_record
from functions.webhook.request import Request
from functions.webhook.sample import Sample
from functions.webhook.ses_event import RECEIVED, draft_of, spread
from functions.webhook.signature import verify_key
from functions.webhook.source import Source, Translation, each, only
from mos.errors import MalformedError
from mos.model.signal import SignalKind


def _translate(_request: Request, body: Json, delivery: Delivery) -> Translation:
    event = _event(element(body, "the body"))
    if text(event, "notificationType") == RECEIVED:
        return translate_received(event, delivery)
    items = spread(event)
    return each(items, draft_of, delivery) if len(items) > 1 else only(draft_of(items[0]), delivery)


def _event(body: Element) -> Element:
    """Take the event out of EventBridge's or SNS's envelope; it may have come without one."""
    if "detail" in body:
        return element(body["detail"], "detail")
    if body.get("Type") != "Notification" or "TopicArn" not in body:
        return body
    try:
        event = strict.parse((text(body, "Message") or "").encode())
    except MalformedError:
        # SNS itself says in words that a topic works.
        return body
    return {"Timestamp": body.get("Timestamp"), **event} if isinstance(event, Mapping) else body


SOURCE = Source(verify_key, _translate, native="aws.ses", translate_record=translate_record)

_AT = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)
_SECRET = "shared-with-eventbridge-1"  # noqa: S105  a sample's secret
_URL = "https://hooks.example.com/hooks/ses"
SAMPLES = (
    Sample(
        secret=_SECRET,
        at=_AT,
        url=_URL,
        headers={"x-api-key": "shared-with-eventbridge-1"},
        body=(
            b'{"version":"0","id":"12a18625","detail-type":"Email Bounced","source":"aws.ses",'
            b'"detail":{"eventType":"Bounce","bounce":{"bounceType":"Permanent",'
            b'"bounceSubType":"General","timestamp":"2026-03-02T09:00:00.000Z",'
            b'"bouncedRecipients":[{"emailAddress":"Ada@example.com","status":"5.1.1"},'
            b'{"emailAddress":"bob@example.com"}]},"mail":{"messageId":"m-1",'
            b'"timestamp":"2026-03-02T08:59:00.000Z","destination":["ada@example.com"],'
            b'"tags":{"action_id":["act_1"],"decision_id":["dec_1"]}}}}'
        ),
        proof="x-api-key",
        seals=False,
        kinds=(SignalKind.EMAIL_BOUNCED, SignalKind.EMAIL_BOUNCED),
    ),
    Sample(
        secret=_SECRET,
        at=_AT,
        url=_URL,
        headers={"Authorization": "Bearer shared-with-eventbridge-1"},
        body=(
            b'{"eventType":"Click","click":{"link":"https://example.com/demo",'
            b'"timestamp":"2026-03-02T09:00:01.000Z","userAgent":"Barracuda Sentinel"},'
            b'"mail":{"messageId":"m-2","destination":["ada@example.com"],"tags":{}}}'
        ),
        proof="Authorization",
        seals=False,
        kinds=(SignalKind.EMAIL_CLICKED,),
    ),
)
