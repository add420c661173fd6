"""A call is let in by what is stored, or by a token that is fetched first."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from functions.webhook.registry import source_named
from functions.webhook.request import request_to
from mos.aws.exchange.credential import CredentialError
from mos.errors import UnavailableError
from mos.model.call import (
    BasicAuthority,
    BearerAuthority,
    OAuthAuthority,
    SignedAuthority,
    WebhookAuthority,
)
from mos.model.signal import Trust
from tests.contract.exchange.conftest import URL, House

TOKENS = f"{URL}/token"


def test_stored_tokens_and_passwords_are_sent_and_a_missing_one_says_where(house: House) -> None:
    house.secrets.stored = {"action/hubspot": ("pat-1", "pat-0"), "action/lob": ("key:",)}
    for _ in range(2):
        house.vendor.answer("/crm", 200)

    house.call("/crm", authority=BearerAuthority("action/hubspot"))
    house.call("/crm", authority=BasicAuthority("action/lob"))

    sent = [one["headers"]["authorization"] for one in house.vendor.asked]
    assert sent == ["Bearer pat-1", "Basic a2V5Og=="]
    with pytest.raises(CredentialError, match="/mos/<stage>/action/slack"):
        house.call("/crm", authority=BearerAuthority("action/slack"))


def test_awss_own_hosts_get_a_signature(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    house.vendor.answer("/v2", 200)

    house.call("/v2", "POST", SignedAuthority("ses", "eu-central-1"), body=b"{}")

    sent = house.vendor.asked[0]["headers"]["authorization"]
    assert sent.startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/eu-central-1/ses/aws4_request" in sent


GRANT = OAuthAuthority("action/salesforce", TOKENS, audience="https://login.vendor.example")


def test_a_token_is_fetched_once_kept_and_fetched_again_when_it_is_refused(
    house: House, certificate: tuple[Path, Path]
) -> None:
    pem = certificate[1].read_text()
    stored = {"client_id": "app", "subject": "mos@acme.example", "private_key": pem}
    house.secrets.stored = {"action/salesforce": (json.dumps(stored),)}
    house.vendor.answer("/token", 200, {"access_token": "one"})
    house.vendor.answer("/token", 200, {"access_token": "two", "expires_in": "7200"})
    for status in (200, 200, 401, 200, 401, 401):
        house.vendor.answer("/crm", status)
    house.vendor.answer("/token", 200, {"access_token": "three"})

    replies = [house.call("/crm", authority=GRANT).status for _ in range(4)]

    # A token that is refused is fetched anew once; a second refusal is the provider's answer.
    assert replies == [200, 200, 200, 401]
    tokens = [one for one in house.vendor.asked if one["path"] == "/token"]
    used = [o["headers"]["authorization"] for o in house.vendor.asked if o["path"] == "/crm"]
    assert used == [f"Bearer {n}" for n in ("one", "one", "one", "two", "two", "three")]
    form = dict(pair.split("=", 1) for pair in tokens[0]["body"].decode().split("&"))
    key = serialization.load_pem_private_key(pem.encode(), None).public_key()
    claims = jwt.decode(form["assertion"], key, ["RS256"], audience=GRANT.audience)  # type: ignore[arg-type]  # an RSA key
    assert (claims["iss"], claims["sub"]) == ("app", "mos@acme.example")
    assert pem not in str(house.vendor.asked)


def test_a_refresh_token_is_taken_to_the_issuer(house: House) -> None:
    stored = {"client_id": "app", "client_secret": "s3", "refresh_token": "r1"}
    house.secrets.stored = {"action/salesforce": (json.dumps(stored),)}
    house.vendor.answer("/token", 200, {"access_token": "one", "expires_in": 60})
    house.vendor.answer("/crm", 200)

    assert house.call("/crm", authority=GRANT).status == 200

    form = house.vendor.asked[0]["body"].decode()
    assert "grant_type=refresh_token" in form
    assert "refresh_token=r1" in form


@pytest.mark.parametrize(
    ("stored", "answer", "error", "says"),
    [
        ("no json", None, CredentialError, "one line of JSON"),
        ("[]", None, CredentialError, "one line of JSON"),
        ("{}", None, CredentialError, "lacks 'refresh_token'"),
        ('{"private_key": "x", "client_id": "a", "subject": "b"}', None,
         CredentialError, "RSA key"),
        ("good", (400, {"error": "invalid_grant", "error_description": "jane@acme.example"}),
         CredentialError, "invalid_grant"),
        ("good", (401, "<html>jane@acme.example"), CredentialError, "answered 401"),
        ("good", (500, {}), UnavailableError, "without a token"),
        ("good", (200, {"token": 1}), UnavailableError, "without a token"),
        ("good", (200, b"<html>"), UnavailableError, "without JSON"),
    ],
)  # fmt: skip
def test_what_opens_nothing_says_what_must_be_stored_and_tells_nothing_else(
    house: House, stored: str, answer: Any, error: type[Exception], says: str
) -> None:
    good = '{"client_id": "a", "client_secret": "b", "refresh_token": "c"}'
    house.secrets.stored = {"action/salesforce": (good if stored == "good" else stored,)}
    if answer:
        house.vendor.answer("/token", *answer)

    with pytest.raises(error, match=says) as caught:
        house.call("/crm", authority=GRANT)

    assert "jane@" not in str(caught.value)
    assert not any(one["path"] == "/crm" for one in house.vendor.asked)


def test_a_webhook_is_signed_by_each_stored_secret_and_a_receiver_takes_either(
    house: House,
) -> None:
    old, new = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
    house.secrets.stored = {"action/receiver": (new, old)}
    house.vendor.answer("/hooks", 204)
    body = '{"type":"tour.due","data":{"name":"Zoë"}}'.encode()

    house.call("/hooks", "POST", WebhookAuthority("action/receiver", "act_1"), body=body)

    [asked] = house.vendor.asked
    headers = {name: asked["headers"][name] for name in ("webhook-id", "webhook-timestamp",
                                                         "webhook-signature")}  # fmt: skip
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    sent = request_to("POST", f"{URL}/hooks", headers, body)
    assert headers["webhook-id"] == "act_1"
    for secret in (old, new):
        assert source_named("standard-webhooks").verify(sent, (secret,), at) is Trust.SIGNED
    with pytest.raises(CredentialError, match="/mos/<stage>/action/other"):
        house.call("/hooks", "POST", WebhookAuthority("action/other", "act_1"), body=body)
