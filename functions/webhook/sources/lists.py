"""Uploaded lists: rows that `mos import` has read from a CSV, signed with the list door's secret.

The header is `X-MOS-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.
"""

from datetime import UTC, datetime

from functions.webhook.clock import stamp
from functions.webhook.draft import Delivery
from functions.webhook.fields import Json, element, elements, text
from functions.webhook.list_row import draft_of
from functions.webhook.request import Request
from functions.webhook.sample import Sample
from functions.webhook.signature import Secrets, mac, require_any, require_fresh, stamped
from functions.webhook.source import Source, Translation, each
from mos.errors import MalformedError
from mos.model.signal import Provenance, SignalKind, Trust

_HEADER = "x-mos-signature"


def _verify(request: Request, secrets: Secrets, now: datetime) -> Trust:
    sent, proofs = stamped(request.header(_HEADER), _HEADER)
    signed = sent.encode() + b"." + request.body
    wanted = [mac(secret, signed).hex() for secret in secrets]
    require_any([proof.lower() for proof in proofs], wanted)
    require_fresh(stamp(sent), now)
    return Trust.SIGNED


def _translate(_request: Request, body: Json, delivery: Delivery) -> Translation:
    upload = element(body, "the body")
    name = text(upload, "list")
    if not name:
        raise MalformedError("list must name the list")
    stated = text(upload, "provenance") or Provenance.SECOND_PARTY.value
    try:
        provenance = Provenance(stated)
    except ValueError:
        raise MalformedError(f"provenance must be one of {', '.join(Provenance)}") from None
    rows = elements(upload.get("rows"), "rows")
    return each(rows, lambda row: draft_of(element(row), name, provenance), delivery)


SOURCE = Source(_verify, _translate)

SAMPLES = (
    Sample(
        secret="mos-test-secret",  # noqa: S106  the published test secret
        at=datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC),
        url="https://hooks.example.com/hooks/lists",
        headers={
            "X-MOS-Signature": "t=1772442000,v1=90c980ba8edf9a6662ce285ffd9c5618"
            "3b08782c1a69a05bf499ac5844f9f638"
        },
        body=(
            b'{"list":"spring-fair","provenance":"second_party","rows":['
            b'{"row":"1","fields":{"first_name":"Ada","last_name":"Byron","email":"Ada@example.com"},'
            b'"company":{"name":"Acme","domain":"acme.example"},"consent":{"email_marketing":true}},'
            b'{"row":"2","fields":{"email":"not an address"}},'
            b'{"row":"3","fields":{"name":"Nobody Known","city":"Delft"}}]}'
        ),
        proof="X-MOS-Signature",
        timed=True,
        kinds=(SignalKind.LIST_ROW, SignalKind.LIST_ROW),
        refused=1,
    ),
)
