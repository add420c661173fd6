"""Segment: signed webhooks, and the Segment HTTP API itself under /v1 with a write key.

Segment signs only the first event of a batch. Such a batch fails here, because the signature must
cover the whole body: set the batch size to 1, or send to `/v1/batch` with the write key.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime

from functions.webhook import strict
from functions.webhook.draft import Delivery, Draft
from functions.webhook.errors import BadSignatureError, MissingHeaderError, OverLimitError
from functions.webhook.fields import Element, Json, element, elements, inner
from functions.webhook.request import Request
from functions.webhook.sample import Sample
from functions.webhook.segment_event import CALLS, draft_of
from functions.webhook.signature import Secrets, credential, mac, require_match
from functions.webhook.source import Source, Translation, each, only
from mos.model.base import canonical
from mos.model.signal import SignalKind, Trust

_CALL_BYTES = 32 * 1024
_BATCH_BYTES = 500 * 1024
_HOOK_BYTES = 1024 * 1024
_PAGE = "browser:"
"""Marks a write key that stands in a page, where anybody can read it: its trust is unsigned."""


def _verify(request: Request, secrets: Secrets, _now: datetime) -> Trust:
    own = tuple(secret for secret in secrets if not secret.startswith(_PAGE))
    if "x-signature" not in request.headers and (
        "authorization" in request.headers or _is_spec(request)
    ):
        page = [s.removeprefix(_PAGE) for s in secrets if s.startswith(_PAGE) and s != _PAGE]
        key = _key(request)
        require_match(key, (*own, *page))
        with suppress(BadSignatureError):
            require_match(key, own)
            return Trust.TOKEN
        return Trust.UNSIGNED
    given = request.header("x-signature").lower()
    require_match(given, [mac(secret, request.body, "sha1").hex() for secret in own])
    return Trust.SIGNED


def _key(request: Request) -> str:
    """Return the write key. Libraries in a page put it into the body: that has to be read first."""
    if "authorization" in request.headers:
        user, password = credential(request)
        return user or password
    stated = element(strict.parse(request.body), "the body").get("writeKey")
    if not isinstance(stated, str) or not stated:
        raise MissingHeaderError("authorization")
    return stated


def _translate(request: Request, body: Json, delivery: Delivery) -> Translation:
    limits = (_CALL_BYTES, _BATCH_BYTES) if _is_spec(request) else (_HOOK_BYTES, _HOOK_BYTES)
    if isinstance(body, Mapping) and "batch" not in body:
        _refuse_over("the call", len(request.body), limits[0])
        return only(_draft(_typed(body, request), delivery), delivery)
    _refuse_over("the batch", len(request.body), limits[1])
    shared = body if isinstance(body, Mapping) else {}
    items = elements(body["batch"], "batch") if shared else elements(body)
    context = inner(shared, "context")

    def one(item: Json) -> Draft:
        message = element(item)
        _refuse_over("the call", len(canonical(message).encode()), limits[0])
        sent = {"sentAt": shared["sentAt"]} if "sentAt" in shared else {}
        whole = {**sent, **message, "context": {**context, **inner(message, "context")}}
        return _draft(whole, delivery)

    return each([_bare(item) for item in items], one, delivery)


def _draft(message: Element, delivery: Delivery) -> Draft:
    return draft_of(message, delivery.received_at, delivery.trust)


def _bare(item: Json) -> Json:
    """Return a message of a batch without the write key, which a page puts into each."""
    return {k: v for k, v in item.items() if k != "writeKey"} if isinstance(item, Mapping) else item


def _is_spec(request: Request) -> bool:
    return "/v1/" in request.path


def _refuse_over(what: str, size: int, limit: int) -> None:
    if size > limit:
        raise OverLimitError(what, size, limit)


def _typed(body: Element, request: Request) -> Element:
    call = CALLS.get(request.path.rstrip("/").rpartition("/")[2])
    return {**body, "type": call} if _is_spec(request) and call else body


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
        kinds=(SignalKind.IDENTIFY, SignalKind.GROUP, SignalKind.PAGE),
        refused=1,
    ),
)
