"""HubSpot app webhooks: signature v3 over the public URL, an array of changes, in no order."""

import base64
import re
from datetime import UTC, datetime

from functions.webhook.clock import stamp
from functions.webhook.draft import Delivery
from functions.webhook.fields import Json, elements
from functions.webhook.hubspot_change import draft_of, key_of
from functions.webhook.hubspot_record import translate_record
from functions.webhook.request import Request
from functions.webhook.sample import Sample
from functions.webhook.signature import Secrets, mac, require_fresh, require_match
from functions.webhook.source import Source, Translation, each
from mos.model.signal import SignalKind, Trust

_ESCAPES = re.compile(r"%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)


def _verify(request: Request, secrets: Secrets, now: datetime) -> Trust:
    signature = request.header("x-hubspot-signature-v3")
    sent = request.header("x-hubspot-request-timestamp")
    # HubSpot signs some characters decoded; a URL that it did not touch must pass as well.
    called = (request.url, *request.aliases)
    urls = {*called, *(_ESCAPES.sub(lambda found: chr(int(found[1], 16)), url) for url in called)}
    signed = [
        b"".join((request.method.encode(), url.encode(), request.body, sent.encode()))
        for url in sorted(urls)
    ]
    require_match(signature, [base64.b64encode(mac(s, text)) for s in secrets for text in signed])
    require_fresh(stamp(sent, per_second=1000), now)
    return Trust.SIGNED


def _translate(_request: Request, body: Json, delivery: Delivery) -> Translation:
    return each(elements(body), draft_of, delivery)


def _replay_key(_request: Request, body: Json) -> str:
    # A retry differs in its `attemptNumber`, and so in its bytes.
    return "\n".join(sorted(key_of(item) for item in elements(body)))


SOURCE = Source(_verify, _translate, _replay_key, translate_record=translate_record)

_AT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
SAMPLES = (
    Sample(
        secret="mos-test-secret",  # noqa: S106  the published test secret
        at=_AT,
        url="https://hooks.example.com/hooks/hubspot?to=a%40b",
        headers={
            "X-HubSpot-Signature-v3": "IadsZBgL1XKJzcOYFcKT1rp6V/3zCkB9U0BWapU1BoI=",
            "X-HubSpot-Request-Timestamp": "1700000000000",
        },
        body=(
            b'[{"objectId":123456,"eventId":100,"subscriptionId":111112,"portalId":99999,'
            b'"appId":55555,"occurredAt":1699999990000,"subscriptionType":"contact.propertyChange",'
            b'"attemptNumber":0,"propertyName":"lifecyclestage",'
            b'"propertyValue":"marketingqualifiedlead","changeSource":"CRM"},'
            b'{"objectId":123456,"eventId":101,"subscriptionId":111113,"portalId":99999,'
            b'"occurredAt":"yesterday","subscriptionType":"contact.propertyChange"},'
            b'{"objectId":77,"eventId":102,"subscriptionId":111114,"portalId":99999,'
            b'"occurredAt":1699999990000,"subscriptionType":"ticket.creation"},'
            b'{"objectId":123457,"eventId":103,"subscriptionId":111115,"portalId":99999,'
            b'"occurredAt":1699999990000,"subscriptionType":"contact.privacyDeletion"}]'
        ),
        proof="X-HubSpot-Signature-v3",
        timed=True,
        kinds=(SignalKind.CONTACT_CHANGED, SignalKind.UNMAPPED, SignalKind.ERASURE_REQUESTED),
        refused=1,
    ),
)
