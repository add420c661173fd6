"""Case 19: secrets of Standard Webhooks as their pages show them, and what can be none."""

import base64
import json
from typing import Any

import pytest

from functions.webhook.errors import UnusableSecretError
from functions.webhook.request import Request, request_to
from mos.errors import RejectedError
from tests.builders import NOON
from tests.cases.doors import mac, pass_door

KEY = b"0123456789abcdef01234567"
SHORT = KEY[:-1]
ODD = bytes(range(240, 256)) + b"\xfb\xff"
B64, SHORT64 = (base64.b64encode(key).decode() for key in (KEY, SHORT))
OTHER = base64.b64encode(b"x" * 32).decode()


def request(key: bytes, extra: str = "") -> Request:
    body, sent = json.dumps({"type": "lead.submitted", "data": {}}).encode(), int(NOON.timestamp())
    proof = base64.b64encode(mac(f"m1.{sent}.".encode() + body, key=key)).decode()
    headers = {"webhook-id": "m1", "webhook-timestamp": str(sent),
               "webhook-signature": f"{extra} v1,{proof}".strip()}  # fmt: skip
    return request_to("POST", "https://h/hooks/standard-webhooks", headers, body)


def came(stored: Any, key: bytes, extra: str = "") -> str:
    try:
        pass_door("standard-webhooks", request(key, extra), stored, NOON)
    except RejectedError as error:
        return error.reason
    return "accepted"


@pytest.mark.parametrize(
    ("stored", "key", "extra"),
    [
        ((f"whsec_{B64}",), KEY, ""),
        ((f"whsec_{B64}",), KEY, f"v1,{OTHER}"),
        ((f"whsec_{SHORT64}", f"whsec_{B64}"), KEY, ""),
        ((f"v1,whsec_{B64}",), KEY, ""),
        ((f"whsec_{SHORT64.rstrip('=')}",), SHORT, ""),
        (("whsec_polar_key",), b"whsec_polar_key", ""),
        (("whsec_polar_key",), b"polar_key", ""),
        ((f"whsec_{B64}\r",), KEY, ""),
        ((f' "whsec_{B64}"',), KEY, ""),
        ((f"whsec_{base64.urlsafe_b64encode(ODD).decode()}",), ODD, ""),
        (("plain text",), b"plain text", ""),
        ((f"\ufeffwhsec_{B64}\u200b",), KEY, ""),
        ((f"SECRET=whsec_{B64}",), KEY, ""),
        ((f"`whsec_{B64[:9]}\n{B64[9:]}`",), KEY, ""),
        ((B64,), KEY, ""),
    ],
    ids=["as shown", "two signatures", "two secrets", "v1 in front", "no padding",
         "text with prefix", "text without", "carriage return", "quotes",
         "for addresses", "plain text", "unseen marks", "its name", "broken line", "bare"],
)  # fmt: skip
def test_case_19_a_secret_is_taken_as_its_page_shows_it(
    stored: Any, key: bytes, extra: str
) -> None:
    assert came(stored, key, extra) == "accepted"


@pytest.mark.parametrize("stored", ["whsec_", "v1,", "whsk_abc", "v1,whsec_", '""'])
def test_case_19_what_can_be_no_key_is_named_to_the_operator_alone(
    stored: str,
) -> None:
    with pytest.raises(UnusableSecretError, match="operator must store whsec_") as found:
        pass_door("standard-webhooks", request(KEY), (stored,), NOON)

    assert found.value.reason == "bad_signature"
    assert stored == "whsec_" or stored not in found.value.detail


def test_case_19_another_key_never_fits() -> None:
    assert came((f"whsec_{B64}",), b"another key") == "bad_signature"
    assert came((f"whsec_{B64}",), b"") == "bad_signature"
