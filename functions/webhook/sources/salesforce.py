"""Salesforce Change Data Capture: by Event Relay on a partner's event bus, or over HTTP.

On the bus IAM is the proof: nobody but Salesforce can put events there whose source begins with its
name. Over HTTP an EventBridge API destination brings the same body, with the shared key of
`verify_key`.
"""

from datetime import UTC, datetime

from functions.webhook.change_event import spread
from functions.webhook.draft import Delivery
from functions.webhook.fields import Json, element
from functions.webhook.request import Request
from functions.webhook.salesforce_answer import translate_record
from functions.webhook.salesforce_record import draft_of
from functions.webhook.sample import Sample
from functions.webhook.signature import verify_key
from functions.webhook.source import Source, Translation, each
from mos.model.base import canonical
from mos.model.signal import SignalKind


def _translate(_request: Request, body: Json, delivery: Delivery) -> Translation:
    return each(spread(element(body, "the body")), draft_of, delivery)


def _replay_key(_request: Request, body: Json) -> str:
    # A relay that starts again sends what it sent, in another envelope with another id.
    return canonical(spread(element(body, "the body")))


SOURCE = Source(
    verify_key, _translate, _replay_key, native="aws.partner/salesforce.com/",
    advice="Its key is what the API destination's connection sends.",
    translate_record=translate_record,
)  # fmt: skip

_SECRET = "shared-with-the-relay-1"  # noqa: S105  a sample's secret
_SAMPLE = (
    b'{"version":"0","id":"5c42b99e-c214-4a9c-8fbd-000000000001",'
    b'"detail-type":"OpportunityChangeEvent",'
    b'"source":"aws.partner/salesforce.com/00DZz0000000001MAA/0YLZz0000000001OAA",'
    b'"time":"2026-09-21T12:53:20Z","detail":{"payload":{"ChangeEventHeader":{'
    b'"entityName":"Opportunity","recordIds":["006Zz0000000201IAA","006Zz0000000202IAA"],'
    b'"changeType":"UPDATE","changeOrigin":"","transactionKey":"000a5148-405c-21fe","sequenceNumber":2,'
    b'"commitTimestamp":1790000000000,"commitNumber":1790000000433528300,'
    b'"commitUser":"005Zz0000000012IAA","changedFields":["StageName","IsClosed","IsWon"]},'
    b'"StageName":"Closed Won","IsClosed":true,"IsWon":true},"schemaId":"WsFvMM5T4XghRnIzNnyzBw"}}'
)
_GAP = (
    b'{"ChangeEventHeader":{"entityName":"Account","recordIds":["000000000000000AAA"],'
    b'"changeType":"GAP_OVERFLOW","transactionKey":"000a5148","sequenceNumber":6,'
    b'"commitTimestamp":1714417568000,"commitNumber":72784848482,"changedFields":[]},"Name":null}'
)
_AT = datetime(2026, 9, 21, 12, 53, 25, tzinfo=UTC)
SAMPLES = (
    Sample(
        secret=_SECRET, at=_AT, url="https://hooks.example.com/hooks/salesforce",
        headers={"x-api-key": _SECRET}, body=_SAMPLE, proof="x-api-key", seals=False,
        kinds=(SignalKind.DEAL_CHANGED, SignalKind.DEAL_CHANGED),
    ),
    Sample(
        secret=_SECRET, at=_AT, url="https://hooks.example.com/hooks/salesforce",
        headers={"Authorization": f"Bearer {_SECRET}"}, body=_GAP, proof="Authorization",
        seals=False, kinds=(SignalKind.UNMAPPED,),
    ),
)  # fmt: skip
