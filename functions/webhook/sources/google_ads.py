"""Google Ads lead forms: no signature, a key inside the body. Trust: token.

The key stays in the kept evidence, never in a signal. Put a long random key into the form.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from functions.webhook import form, strict
from functions.webhook.clock import moment
from functions.webhook.draft import Delivery, Draft
from functions.webhook.errors import BadSignatureError
from functions.webhook.fields import Element, Json, element, flag, several, text
from functions.webhook.identity import named
from functions.webhook.request import Request
from functions.webhook.sample import Sample
from functions.webhook.signature import Secrets, require_match
from functions.webhook.source import Source, Translation, only
from mos.errors import MalformedError
from mos.model.base import canonical
from mos.model.signal import SignalKind, Trust

_READ = {"user_column_data", "google_key", "is_test"}
_TEST_LEAD = "TeSter-123-"
"""How the lead that "Send test data" sends begins, each time the same."""


def _verify(request: Request, secrets: Secrets, _now: datetime) -> Trust:
    # The one sender whose proof is in the body: strict parsing has to come first.
    key = element(strict.parse(request.body), "the body").get("google_key")
    if not isinstance(key, str):
        raise BadSignatureError("google_key is missing from the body")
    require_match(key, secrets)
    return Trust.TOKEN


def _translate(_request: Request, body: Json, delivery: Delivery) -> Translation:
    return only(_draft(element(body)), delivery)


def _draft(lead: Element) -> Draft:
    lead_id = text(lead, "lead_id")
    answered = form.read(_answers(lead))
    rest = {key: value for key, value in lead.items() if key not in _READ}
    return Draft(
        key=lead_id or canonical(lead),
        kind=SignalKind.LEAD_SUBMITTED,
        name=f"form {text(lead, 'form_id') or 'unknown'}",
        at=moment(lead.get("lead_submit_time"), "lead_submit_time"),
        identifiers=(*answered.identifiers, named("google_ads_id", lead_id)),
        traits=answered.traits,
        company=answered.company,
        properties={**rest, **({"answers": answered.answers} if answered.answers else {})},
        is_test=flag(lead, "is_test") or (lead_id or "").startswith(_TEST_LEAD),
    )


def _answers(lead: Element) -> list[tuple[str, Json]]:
    found = []
    for column in several(lead, "user_column_data"):
        if not isinstance(column, Mapping):
            raise MalformedError("user_column_data must hold objects")
        name, question = text(column, "column_id"), text(column, "column_name")
        # A question of one's own has a number for an id: its words say what it asks.
        asked = question if name is None or (name.isdigit() and question) else name
        found.append((asked or "unknown", column.get("string_value")))
    return found


SOURCE = Source(_verify, _translate)

SAMPLES = (
    Sample(
        secret="key-in-the-form-8f2c",  # noqa: S106  a sample's secret
        at=datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC),
        url="https://hooks.example.com/hooks/google-ads",
        headers={"Content-Type": "application/json"},
        body=(
            b'{"lead_id":"TeSter-123-ABCDEFGHIJKLMNOPQRSTUVWXYZ","user_column_data":['
            b'{"column_id":"FULL_NAME","column_name":"Full name","string_value":"Ada Lovelace"},'
            b'{"column_id":"EMAIL","string_value":"Ada@Example.com"},'
            b'{"column_id":"COMPANY_NAME","string_value":"Acme"},'
            b'{"column_id":"JOB_TITLE","string_value":"CTO"},'
            b'{"column_id":"budget","string_value":"50k"}],"api_version":"1.0",'
            b'"form_id":40000000000,"campaign_id":9007199254740993,"gcl_id":"Cj0KCQ",'
            b'"google_key":"key-in-the-form-8f2c","is_test":true}'
        ),
        seals=False,
        kinds=(SignalKind.LEAD_SUBMITTED,),
        is_test=True,
    ),
)
