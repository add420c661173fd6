"""Tokens of an issuer, verified in the function: against a local authorization server."""

import base64
import json
import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from functions.agent.address import Address
from functions.agent.issuer_keys import IssuerKeys
from mos.http import get_json
from tests.agents import Doors, with_agent
from tests.builders import NOON
from tests.issuer import AUDIENCE, Issuer, forge, make_key, public_pem

TOOLS = ["decide", "profile", "policy", "page"]


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.close()


def doors_of(issuer: Issuer, keys_url: str = "", **page: Any) -> Doors:
    said = {"tools": TOOLS, "subjects": ["agent-7"]} | page
    address = Address(AUDIENCE, issuer=issuer.url, audience=(AUDIENCE,))
    doors = Doors(with_agent("scout", **said), address)
    keys = IssuerKeys(issuer.url, keys_url, partial(get_json, "issuer"))
    doors.internet = replace(doors.internet, keys=keys)
    return doors


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def status(doors: Doors, token: str, method: str = "tools/list", **params: Any) -> int:
    return int(doors.ask(method, f"Bearer {token}", params)["statusCode"])


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_good_token_opens_what_its_agent_may_use(issuer: Issuer, algorithm: str) -> None:
    issuer.add_key("k", algorithm)

    reply = doors_of(issuer).ask("tools/list", f"Bearer {issuer.token(NOON, kid='k')}")

    shown = {tool["name"] for tool in json.loads(reply["body"])["result"]["tools"]}
    assert shown == {"decide", "profile", "policy"}


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(NOON.timestamp()) - 31},
        {"exp": None},
        {"exp": "never"},
        {"exp": True},
        {"nbf": int(NOON.timestamp()) + 60},
        {"iat": int(NOON.timestamp()) + 60},
        {"aud": "https://other.example/mcp"},
        {"aud": None},
        {"aud": []},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": None},
        {"sub": 7},
        {"token_use": "id"},
    ],
    ids=["expired", "for ever", "no time", "a truth for a time", "not yet", "made later",
         "wrong audience", "no audience", "empty audience", "wrong issuer", "no issuer",
         "no subject", "a number for a subject", "an id token"],
)  # fmt: skip
def test_a_token_whose_claims_are_wrong_is_refused(issuer: Issuer, claims: dict[str, Any]) -> None:
    reply = doors_of(issuer).ask("tools/list", f"Bearer {issuer.token(NOON, **claims)}")

    assert reply["statusCode"] == 401
    assert (
        'resource_metadata="https://mos.example/.well-known/'
        in (reply["headers"]["www-authenticate"])
    )


def test_a_small_difference_of_clocks_is_forgiven(issuer: Issuer) -> None:
    late = int(NOON.timestamp())

    assert status(doors_of(issuer), issuer.token(NOON, exp=late - 20, nbf=late + 20)) == 200


@pytest.mark.parametrize("typ", ["logout+jwt", "id_token+jwt", "dpop+jwt"])
def test_a_token_of_another_kind_is_refused(issuer: Issuer, typ: str) -> None:
    assert status(doors_of(issuer), issuer.token(NOON, typ=typ)) == 401


def test_no_token_is_taken_that_nobody_signed(issuer: Issuer) -> None:
    good, doors = issuer.token(NOON), doors_of(issuer)
    public = public_pem(issuer.keys["first"][1])

    for forged in (
        forge(good, {"alg": "none", "kid": "first"}),
        forge(good, {"alg": "None", "kid": "first"}),
        forge(good, {"alg": "HS256", "kid": "first"}, public),
        forge(good, {"alg": "RS256", "kid": "first"}, public),
        forge(good, {"alg": "ES256", "kid": "first"}, public),
        forge(good, {"alg": "RS256", "kid": "first", "crit": ["exp"]}, public),
        good[:-6] + "AAAAAA",
        good.rpartition(".")[0] + ".",
        f"{packed(b'[' * 5_000)}.e30.e30",
        f"{packed(b'[1]')}.e30.e30",
        "A.B.C",
    ):
        assert status(doors, forged) == 401


def test_a_short_key_is_no_key(issuer: Issuer) -> None:
    issuer.keys["first"] = ("RS256", rsa.generate_private_key(65537, 1024))  # noqa: S505  what must be refused
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        token = issuer.token(NOON)

    assert status(doors_of(issuer), token) == 401


def test_what_is_checked_is_what_is_answered(issuer: Issuer) -> None:
    doors = doors_of(issuer)
    reading = issuer.token(NOON, scope="mos:read")
    body = (
        '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "method": "ping", '
        '"params": {"name": "decide", "arguments": {"subject": "x", "fresh": true}}}'
    )

    reply = doors.send(body=body, authorization=f"Bearer {reading}")

    assert json.loads(reply["body"])["result"].get("content") is None
    assert doors.audit() == []


def test_a_key_of_somebody_else_under_the_issuers_name_is_refused(issuer: Issuer) -> None:
    doors = doors_of(issuer)
    assert status(doors, issuer.token(NOON)) == 200

    issuer.keys["first"] = ("RS256", make_key("RS256"))

    assert status(doors, issuer.token(NOON)) == 401


def test_a_token_brings_no_key_of_its_own(issuer: Issuer) -> None:
    good = issuer.token(NOON)

    forged = forge(good, {"alg": "RS256", "jku": "http://127.0.0.1:9/keys", "kid": "mine"}, b"x")

    assert status(doors_of(issuer), forged) == 401
    assert not any("127.0.0.1:9" in path for path in issuer.asked)


def test_a_new_key_is_found_and_a_made_up_one_is_asked_for_once(issuer: Issuer) -> None:
    doors = doors_of(issuer)
    assert status(doors, issuer.token(NOON)) == 200
    fetched = issuer.asked.count("/keys")

    issuer.add_key("second", "RS256")
    later = NOON + timedelta(seconds=31)
    keys = doors.internet.keys
    assert keys is not None
    assert [key["kid"] for key in keys.find("second", later)] == ["second"]
    for number in range(50):
        assert keys.find(f"made-up-{number}", later) == []

    assert issuer.asked.count("/keys") == fetched + 1


def test_an_issuer_that_does_not_answer_is_no_fault_of_the_callers(issuer: Issuer) -> None:
    doors = doors_of(issuer)
    issuer.status = 500

    reply = doors.ask("tools/list", f"Bearer {issuer.token(NOON)}")

    assert reply["statusCode"] == 503
    assert reply["headers"]["retry-after"] == "60"
    assert issuer.url not in reply["body"]


@pytest.mark.parametrize("broken", [b"", b"[]", b"{}", b'{"keys": 7}', b"<html>", b"\xff\xfe"])
def test_keys_that_cannot_be_read_are_no_fault_of_the_callers(
    issuer: Issuer, broken: bytes
) -> None:
    issuer.body = broken

    assert status(doors_of(issuer, f"{issuer.url}/keys"), issuer.token(NOON)) == 503


def test_known_keys_serve_while_the_issuer_is_away_but_not_for_ever(issuer: Issuer) -> None:
    keys = IssuerKeys(issuer.url, "", partial(get_json, "issuer"))
    assert keys.find("first", NOON)
    issuer.status = 503

    assert keys.find("first", NOON + timedelta(hours=2))
    for away in (timedelta(hours=3), timedelta(hours=25)):
        wanted = "other" if away < timedelta(hours=24) else "first"
        with pytest.raises(Exception, match="cannot be had"):
            keys.find(wanted, NOON + away)


def test_no_redirect_is_followed_and_no_plain_address_asked(issuer: Issuer) -> None:
    issuer.redirect = "http://127.0.0.1:9/keys"
    assert status(doors_of(issuer), issuer.token(NOON)) == 503

    issuer.redirect, issuer.metadata = "", {"jwks_uri": "http://keys.example/jwks"}
    assert status(doors_of(issuer), issuer.token(NOON)) == 503

    issuer.metadata = {"issuer": "https://other.example"}
    assert status(doors_of(issuer), issuer.token(NOON)) == 503


@pytest.mark.parametrize(
    "page",
    [{"subjects": ["another"]}, {"subjects": [], "clients": ["other-app"]}, {"subjects": []},
     {"subjects": ["agent-7"], "clients": ["other-app"]}],
    ids=["another subject", "another client", "nobody", "the subject with another client"],
)  # fmt: skip
def test_a_subject_that_no_agent_is_may_not_in(issuer: Issuer, page: dict[str, Any]) -> None:
    reply = doors_of(issuer, **page).ask("tools/list", f"Bearer {issuer.token(NOON)}")

    assert reply["statusCode"] == 403
    assert json.loads(reply["body"])["error"] == "unknown_subject"
    assert "agent-7" not in reply["body"]


def test_no_token_makes_an_operator(issuer: Issuer) -> None:
    doors = doors_of(issuer, subjects=["another"])
    doors.bundle = with_agent("operator", doors.bundle, tools=["page"], subjects=["agent-7"])

    assert status(doors, issuer.token(NOON)) == 403


def test_a_scope_that_is_missing_is_named_so_that_a_client_can_step_up(issuer: Issuer) -> None:
    doors = doors_of(issuer)
    reading, nothing = (issuer.token(NOON, scope=scope) for scope in ("mos:read", "openid"))
    asked = {"name": "decide", "arguments": {"subject": "x", "fresh": True}}

    refused = doors.ask("tools/call", f"Bearer {reading}", asked)

    assert refused["statusCode"] == 403
    challenge = refused["headers"]["www-authenticate"]
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="mos:read mos:propose"' in challenge
    assert "resource_metadata=" in challenge
    assert status(doors, reading, "tools/call", name="policy", arguments={}) == 200
    assert status(doors, nothing) == 403
    assert status(doors, issuer.token(NOON, scope=None, scp=["mos:read"])) == 200


def test_a_token_opens_no_tool_that_the_bundle_does_not_list(issuer: Issuer) -> None:
    doors = doors_of(issuer, tools=["policy"])
    token = issuer.token(NOON, scope="mos:read mos:propose mos:act")

    reply = doors.ask("tools/call", f"Bearer {token}", {"name": "profile", "arguments": {}})

    assert json.loads(reply["body"])["result"]["isError"]


def test_tokens_of_ours_still_open(issuer: Issuer) -> None:
    assert doors_of(issuer).ask("tools/list")["statusCode"] == 200
    assert issuer.asked == []
