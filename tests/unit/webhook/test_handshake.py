"""Handshakes: answered at once, refused without the token, and no oracle for anyone."""

import pytest

from tests.unit.webhook.gate import SAMPLES, event_of, gate_for

META = SAMPLES["meta-1"][1]
LINKEDIN = SAMPLES["linkedin-1"][1]


def test_metas_wrong_token_is_forbidden() -> None:
    gate = gate_for("meta", "another")

    reply = gate.send(event_of(META), META.at)

    assert (reply.status, reply.body) == (403, '{"status":"rejected","reason":"bad_signature"}')


def test_a_verify_token_of_its_own_replaces_the_app_secret() -> None:
    own = gate_for("meta", "app-secret", "verify:mos-test-secret")
    other = gate_for("meta", "mos-test-secret", "verify:another")

    assert own.send(event_of(META), META.at).status == 200
    assert other.send(event_of(META), META.at).status == 403


def test_a_verify_token_signs_nothing() -> None:
    _, sample = SAMPLES["meta-0"]
    gate = gate_for("meta", "app-secret", f"verify:{sample.secret}")

    assert gate.send(event_of(sample), sample.at).status == 401


def test_an_echoed_challenge_is_plain_text() -> None:
    reply = gate_for("meta", META.secret).send(event_of(META), META.at)

    assert reply.content_type == "text/plain"


@pytest.mark.parametrize("code", ["hmacsha256%3D%7B%22a%22:1%7D", "", "x", "a" * 200])
def test_linkedins_challenge_cannot_be_used_to_sign_a_body(code: str) -> None:
    event = event_of(LINKEDIN) | {"rawQueryString": f"challengeCode={code}"}

    reply = gate_for("linkedin", LINKEDIN.secret).send(event, LINKEDIN.at)

    assert reply.status == 400


def test_a_get_without_a_handshake_is_an_unsigned_request() -> None:
    _, sample = SAMPLES["hubspot-0"]
    event = event_of(sample, method="GET", body=b"", headers={})

    assert gate_for("hubspot", sample.secret).send(event, sample.at).status == 401
