"""LinkedIn Lead Sync and social notices: thin, signed, and re-validated every two hours."""

import json
import re
from datetime import UTC, datetime
from types import MappingProxyType

from functions.webhook.clock import moment
from functions.webhook.draft import Delivery, Draft
from functions.webhook.fields import Element, Json, element, elements, flag, text
from functions.webhook.identity import named
from functions.webhook.linkedin_lead import translate_record
from functions.webhook.request import Reply, Request
from functions.webhook.sample import Sample
from functions.webhook.signature import Secrets, mac, require_match
from functions.webhook.source import Source, Translation, each, only
from mos.errors import MalformedError
from mos.model.base import canonical
from mos.model.lookup import ReadReason, state_need
from mos.model.signal import SignalKind, Trust

_PREFIX = "hmacsha256="
# No `=` and no brackets: else a stranger could have us sign a body and send it to us.
_CODE = re.compile(r"[0-9A-Za-z-]{8,128}")
_KINDS = MappingProxyType({
    "CREATED": SignalKind.LEAD_SUBMITTED,
    "DELETED": SignalKind.LEAD_DELETED,
})  # fmt: skip


def _verify(request: Request, secrets: Secrets, _now: datetime) -> Trust:
    given = request.header("x-li-signature").removeprefix(_PREFIX).lower()
    signed = _PREFIX.encode() + request.body
    require_match(given, [mac(secret, signed).hex() for secret in secrets])
    return Trust.SIGNED


def _challenge(request: Request, secrets: Secrets) -> Reply:
    code = request.parameter("challengeCode")
    if not _CODE.fullmatch(code):
        raise MalformedError("challengeCode must be a UUID")
    answer = mac(secrets[0], code.encode()).hex()
    return Reply(200, json.dumps({"challengeCode": code, "challengeResponse": answer}))


def _translate(_request: Request, body: Json, delivery: Delivery) -> Translation:
    said = element(body, "the body")
    if "notifications" in said:
        return each(elements(said["notifications"], "notifications"), _notice, delivery)
    return only(_lead(said), delivery)


def _notice(item: Json) -> Draft:
    notice = element(item)
    return Draft(
        key=text(notice, "notificationId") or canonical(item),
        kind=SignalKind.UNMAPPED,
        name=text(notice, "action") or "notification",
        at=moment(notice.get("lastModifiedAt"), "lastModifiedAt"),
        properties=notice,
    )


def _lead(body: Element) -> Draft:
    action, response = text(body, "leadAction"), text(body, "leadGenFormResponse")
    is_lead = body.get("type") == "LEAD_ACTION" and response
    kind = _KINDS.get(action or "", SignalKind.UNMAPPED) if is_lead else SignalKind.UNMAPPED
    is_new = kind is SignalKind.LEAD_SUBMITTED
    return Draft(
        # A notice comes more than once; another one of the same lead has another time.
        key=f"{response}:{action}:{body.get('occurredAt')}" if is_lead else canonical(body),
        kind=kind,
        name=f"{text(body, 'type') or 'unknown'}.{action or 'unknown'}",
        at=moment(body.get("occurredAt"), "occurredAt"),
        identifiers=(named("linkedin_id", response),),
        # The lead's answers are not in the notice: they must be fetched by their id.
        properties={
            **body, "thin": True,
            **(state_need(ReadReason.ANSWERS, "lead", response) if is_new else {}),
        },
        is_test=flag(body, "testLead"),
    )  # fmt: skip


SOURCE = Source(_verify, _translate, challenge=_challenge, translate_record=translate_record)

_AT = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)
_SECRET = "mos-test-secret"  # noqa: S105  the published test secret
SAMPLES = (
    Sample(
        secret=_SECRET,
        at=_AT,
        url="https://hooks.example.com/hooks/linkedin",
        headers={
            "X-LI-Signature": "e79812a0d79145ba22fedb7ac49a33413b3a2ff4f306f6dcb369d939e1d144dd"
        },
        body=(
            b'{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:1-2",'
            b'"leadGenForm":"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3,1)",'
            b'"owner":{"sponsoredAccount":"urn:li:sponsoredAccount:4"},"leadType":"SPONSORED",'
            b'"leadAction":"DELETED","occurredAt":1772441000000}'
        ),
        proof="X-LI-Signature",
        kinds=(SignalKind.LEAD_DELETED,),
    ),
    Sample(
        secret=_SECRET,
        at=_AT,
        method="GET",
        url="https://hooks.example.com/hooks/linkedin"
        "?challengeCode=890e4665-4dfe-4ab1-b689-ed553bceeed0",
        body=b"",
        reply='{"challengeCode": "890e4665-4dfe-4ab1-b689-ed553bceeed0", "challengeResponse": '
        '"37a4a1ca03b0e193ba5403a6918db1cb378412f0c3bd7dddf691cd9d25fac33a"}',
    ),
)
