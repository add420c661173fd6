"""Segment: signed webhooks, and the Segment HTTP API itself under /v1 with a write key.

Segment signs only the first event of a batch. Such a batch fails here, because the signature must
cover the whole body: set the batch size to 1, or send to `/v1/batch` with the write key.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from functions.webhook.draft import Delivery
from functions.webhook.fields import Element, Json, element, elements, inner
from functions.webhook.request import Request
from functions.webhook.sample import Sample
from functions.webhook.segment_event import draft_of
from functions.webhook.signature import Secrets, credential, mac, require_match
from functions.webhook.source import Source, Translation, each, only
from mos.model.signal import SignalKind, Trust

_CALLS = {"identify", "track", "page", "group", "alias"}


def _verify(request: Request, secrets: Secrets, _now: datetime) -> Trust:
    if "authorization" in request.headers and "x-signature" not in request.headers:
        user, password = credential(request)
        require_match(user or password, secrets)
        return Trust.TOKEN
    given = request.header("x-signature").lower()
    require_match(given, [mac(secret, request.body, "sha1").hex() for secret in secrets])
    return Trust.SIGNED


def _translate(request: Request, body: Json, delivery: Delivery) -> Translation:
    if isinstance(body, Mapping) and "batch" not in body:
        return only(draft_of(_typed(body, request), delivery.received_at), delivery)
    messages = _batch(body) if isinstance(body, Mapping) else elements(body)
    return each(messages, lambda m: draft_of(element(m), delivery.received_at), delivery)


def _typed(body: Element, request: Request) -> Element:
    call = request.path.rstrip("/").rpartition("/")[2]
    return {**body, "type": call} if "/v1/" in request.path and call in _CALLS else body


def _batch(body: Element) -> list[Json]:
    """Give every message what it shares with its batch."""
    shared = {key: body[key] for key in ("sentAt",) if key in body}
    context = inner(body, "context")
    return [
        {**shared, **message, "context": {**context, **inner(message, "context")}}
        if isinstance(message, Mapping) and isinstance(message.get("context", {}), Mapping)
        else message
        for message in elements(body["batch"], "batch")
    ]


SOURCE = Source(_verify, _translate)

_AT = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)
SAMPLES = (
    Sample(
        secret="mos-test-secret",  # noqa: S106  the published test secret
        at=_AT,
        url="https://hooks.example.com/hooks/segment",
        headers={"X-Signature": "9841b18eb98a8db8990f7e718932b19ebc70cfdc"},
        body=(
            b'{"type":"track","event":"Demo Requested","messageId":"msg-1","userId":"u-1",'
            b'"anonymousId":"a-1","originalTimestamp":"2026-03-02T09:10:00Z",'
            b'"sentAt":"2026-03-02T09:10:01Z","receivedAt":"2026-03-02T09:00:04Z",'
            b'"context":{"traits":{"email":" Ada@Example.com "},"userAgent":"Mozilla/5.0 (X11)",'
            b'"consent":{"categoryPreferences":{"Advertising":false,"Functional":true}}},'
            b'"properties":{"plan":{"tier":"pro"},"action_id":"act_1"}}'
        ),
        proof="X-Signature",
        kinds=(SignalKind.TRACK,),
    ),
    Sample(
        secret="write-key-1",  # noqa: S106  a sample's secret
        at=_AT,
        url="https://hooks.example.com/v1/batch",
        headers={"Authorization": "Basic d3JpdGUta2V5LTE6"},
        body=(
            b'{"sentAt":"2026-03-02T09:00:04Z","batch":['
            b'{"type":"identify","messageId":"m1","userId":"u-1","traits":{"email":"ada@example.com",'
            b'"firstName":"Ada","company":{"name":"Acme","employee_count":51}}},'
            b'{"type":"group","messageId":"m2","userId":"u-1","groupId":"g-1",'
            b'"traits":{"name":"Acme","website":"https://www.acme.com/"}},'
            b'{"type":"page","messageId":"m3","anonymousId":7.5,"properties":"none"},'
            b'{"type":"screen","messageId":"m4","anonymousId":"a-1"},'
            b'{"type":"screen","messageId":"m4","anonymousId":"a-1"}]}'
        ),
        proof="Authorization",
        seals=False,
        kinds=(SignalKind.IDENTIFY, SignalKind.GROUP, SignalKind.UNMAPPED),
        refused=1,
    ),
)
