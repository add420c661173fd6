"""Published and computed vectors of every scheme, against the source's own proof."""

from datetime import UTC, datetime

import pytest

from functions.webhook import sources
from functions.webhook.errors import BadSignatureError, StaleError
from functions.webhook.request import request_to
from functions.webhook.source import Source
from mos.model.signal import Trust
from mos.plugins import load

SECRET = ("mos-test-secret",)
NOW = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
HUBSPOT = "https://hooks.example.com/in/hubspot?tenant=t1"
BODY = b'{"a":1}'
VECTORS = [
    (
        "hubspot",
        HUBSPOT,
        {
            "X-HubSpot-Signature-v3": "jbSOEgN69V00XbUTaMy/2hr6ne2heZIsQ129JL5i2mg=",
            "X-HubSpot-Request-Timestamp": "1700000000000",
        },
        b'[{"eventId":1,"subscriptionType":"contact.creation"}]',
    ),
    (
        "meta",
        "https://h/hooks/meta",
        {
            "X-Hub-Signature-256": "sha256="
            "b4f0f96dad48425c7e21c0af2d2485a0126ff8163d8d8c5adeaba0e2dfce0b77"
        },
        BODY,
    ),
    (
        "linkedin",
        "https://h/hooks/linkedin",
        {"X-LI-Signature": "afaf3ff92aec2f662be3644d4b3b33d4e51b6591234d15533b8ec9cf1fbd26ae"},
        BODY,
    ),
    (
        "segment",
        "https://h/hooks/segment",
        {"X-Signature": "18b8b06d5bd89c1e58c1fbde45bf020fbaf8d0a2"},
        BODY,
    ),
    (
        "calendly",
        "https://h/hooks/calendly",
        {
            "Calendly-Webhook-Signature": "t=1700000000,v1="
            "29082ef057f45436fdf7d858e8685d449ed9b5d515ba748f4dccbcb6da29a681"
        },
        BODY,
    ),
]


def source(name: str) -> Source:
    return load(sources, name, "SOURCE", Source)


@pytest.mark.parametrize(("name", "url", "headers", "body"), VECTORS, ids=[v[0] for v in VECTORS])
def test_a_vector_is_genuine_and_a_neighbour_is_not(
    name: str, url: str, headers: dict[str, str], body: bytes
) -> None:
    genuine = request_to("POST", url, headers, body)
    neighbour = request_to("POST", url, headers, body + b" ")

    assert source(name).verify(genuine, SECRET, NOW) is Trust.SIGNED
    with pytest.raises(BadSignatureError):
        source(name).verify(neighbour, SECRET, NOW)


def test_linkedin_accepts_its_prefix_in_the_header() -> None:
    digest = "hmacsha256=afaf3ff92aec2f662be3644d4b3b33d4e51b6591234d15533b8ec9cf1fbd26ae"
    request = request_to("POST", "https://h/", {"X-LI-Signature": digest}, BODY)

    assert source("linkedin").verify(request, SECRET, NOW) is Trust.SIGNED


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/in/hubspot?tenant=t1",
        "https://hooks.example.com/in/hubspot",
        "https://hooks.example.com/in/hubspot?tenant=t2",
    ],
)
def test_hubspot_signs_the_whole_public_url(url: str) -> None:
    _, _, headers, body = VECTORS[0]

    with pytest.raises(BadSignatureError):
        source("hubspot").verify(request_to("POST", url, headers, body), SECRET, NOW)


def test_the_timestamp_of_a_signature_cannot_be_exchanged() -> None:
    _, url, headers, body = VECTORS[4]
    header = headers["Calendly-Webhook-Signature"].replace("1700000000", "1700000001")
    request = request_to("POST", url, {"Calendly-Webhook-Signature": header}, body)

    with pytest.raises(BadSignatureError):
        source("calendly").verify(request, SECRET, NOW)


def test_calendly_grows_stale_after_three_minutes() -> None:
    _, url, headers, body = VECTORS[4]
    request = request_to("POST", url, headers, body)

    with pytest.raises(StaleError):
        source("calendly").verify(request, SECRET, NOW.replace(minute=16, second=21))
