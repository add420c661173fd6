"""Meta Lead Ads: thin notices of a lead, signed with the app secret.

The secret's lines that start with `verify:` are verify tokens only. Without such a line the app
secret itself is the token; prefer a line of its own, since Meta sends the token in a URL.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from functions.webhook.clock import moment
from functions.webhook.draft import Delivery, Draft
from functions.webhook.errors import BadSignatureError, BadTokenError
from functions.webhook.fields import Element, Json, element, inner, text
from functions.webhook.identity import named
from functions.webhook.meta_lead import translate_record
from functions.webhook.request import Reply, Request
from functions.webhook.sample import Sample
from functions.webhook.signature import Secrets, mac, require_match
from functions.webhook.source import Source, Translation, each
from mos.errors import MalformedError
from mos.model.base import canonical
from mos.model.lookup import ReadReason, state_need
from mos.model.signal import SignalKind, Trust

_TOKEN = "verify:"  # noqa: S105  a prefix, not a secret
_TEST_LEAD = re.compile(r"4{9,}")
"""The lead that the app dashboard's test button sends: no real id is fours alone."""


def _verify(request: Request, secrets: Secrets, _now: datetime) -> Trust:
    given = request.header("x-hub-signature-256").removeprefix("sha256=").lower()
    keys = [secret for secret in secrets if not secret.startswith(_TOKEN)]
    require_match(given, [mac(key, request.body).hex() for key in keys])
    return Trust.SIGNED


def _challenge(request: Request, secrets: Secrets) -> Reply:
    tokens = [s.removeprefix(_TOKEN) for s in secrets if s.startswith(_TOKEN)] or list(secrets)
    try:
        require_match(request.parameter("hub.verify_token"), tokens)
    except BadSignatureError:
        raise BadTokenError("hub.verify_token is not the token that is stored") from None
    if request.parameter("hub.mode") != "subscribe":
        raise MalformedError("hub.mode must be subscribe")
    # Plain text, so that an echoed challenge can never run in a browser.
    return Reply(200, request.parameter("hub.challenge")[:500], "text/plain")


def _translate(_request: Request, body: Json, delivery: Delivery) -> Translation:
    return each(_changes(element(body, "the body")), _draft, delivery)


def _changes(body: Element) -> list[Json]:
    """Return one element per change: what is not an entry of changes is kept as it came."""
    sample = body.get("sample")
    if isinstance(sample, Mapping):
        # The dashboard shows a change by itself; who sends that on is trying the door.
        return [{"change": sample, "is_sample": True}]
    entries = body.get("entry")
    if not isinstance(entries, list):
        return [{"change": body}] if "field" in body and "value" in body else [body]
    found: list[Json] = []
    for entry in entries:
        changes = entry.get("changes") if isinstance(entry, Mapping) else None
        if isinstance(changes, list):
            shared = {
                "object": body.get("object"),
                "id": entry.get("id"),
                "time": entry.get("time"),
            }
            found += [{**shared, "change": change} for change in changes]
        else:
            found.append(entry)
    return found


def _draft(item: Json) -> Draft:
    entry = element(item)
    change = inner(entry, "change")
    if change.get("field") != "leadgen":
        name = f"{text(entry, 'object') or 'unknown'}.{text(change, 'field') or 'unknown'}"
        at = moment(entry.get("time"), "time")
        return Draft(canonical(item), SignalKind.UNMAPPED, name, at, properties=change)
    lead = inner(change, "value")
    lead_id = text(lead, "leadgen_id")
    if lead_id is None:
        raise MalformedError("leadgen_id is missing")
    return Draft(
        key=lead_id,
        kind=SignalKind.LEAD_SUBMITTED,
        name="leadgen",
        at=moment(lead.get("created_time"), "created_time"),
        identifiers=(named("meta_id", lead_id),),
        # The lead's answers are not in the notice: they must be fetched by their id.
        properties={
            **lead, "leadgen_id": lead_id, "thin": True,
            **state_need(ReadReason.ANSWERS, "lead", lead_id),
        },
        is_test=entry.get("is_sample") is True or bool(_TEST_LEAD.fullmatch(lead_id)),
    )  # fmt: skip


SOURCE = Source(_verify, _translate, challenge=_challenge, translate_record=translate_record)

_AT = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)
_SECRET = "mos-test-secret"  # noqa: S105  the published test secret
SAMPLES = (
    Sample(
        secret=_SECRET,
        at=_AT,
        url="https://hooks.example.com/hooks/meta",
        headers={
            "X-Hub-Signature-256": "sha256=b4d2f5094c23485982ac"
            "2d86c17449b3aa35cb4cd74213b8c77d28402c19bf5b"
        },
        body=(
            b'{"object":"page","entry":[{"id":"153125381133","time":1438292065,"changes":['
            b'{"field":"leadgen","value":{"leadgen_id":"123123123123123","page_id":"123123123",'
            b'"form_id":"12312312312","ad_id":"12312312312","created_time":1440120384}},'
            b'{"field":"leadgen","value":{"leadgen_id":{"not":"an id"}}},'
            b'{"field":"feed","value":{"item":"like"}}]}]}'
        ),
        proof="X-Hub-Signature-256",
        kinds=(SignalKind.LEAD_SUBMITTED, SignalKind.UNMAPPED),
        refused=1,
    ),
    Sample(
        secret=_SECRET,
        at=_AT,
        method="GET",
        url="https://hooks.example.com/hooks/meta?hub.mode=subscribe"
        "&hub.challenge=1158201444&hub.verify_token=mos-test-secret",
        body=b"",
        reply="1158201444",
    ),
)
