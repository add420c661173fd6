"""Hostile requests: turned away with a code, and nothing is queued."""

import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.webhook import strict
from mos.errors import MalformedError
from tests.unit.webhook.gate import SAMPLES, Gate, event_of, gate_for

KEY = "mos-test-secret"
NOW = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
DEEP = b"[" * 200_000
BODIES = {
    "empty": b"",
    "truncated": b'{"type":"track","event":"De',
    "two values": b"{}{}",
    "deep arrays": DEEP,
    "deep objects": b'{"a":' * 40 + b"1" + b"}" * 40,
    "deep behind a string": b'{"a":"]]]]","b":' + b"[" * 33 + b"]" * 33 + b"}",
    "the same key twice": b'{"type":"track","type":"identify"}',
    "NaN": b'{"type":"track","properties":{"n":NaN}}',
    "Infinity": b'{"properties":{"n":-Infinity}}',
    "1e400": b'{"properties":{"n":1e400}}',
    "5000 digits": b'{"properties":{"n":' + b"1" * 5000 + b"}}",
    "65 digits": b'{"properties":{"n":-' + b"1" * 65 + b"}}",
    "half a surrogate pair": b'{"event":"\\ud800"}',
    "half a pair in a key": b'{"\\udfff":1}',
    "UTF-16": '{"type":"track"}'.encode("utf-16"),
    "UTF-8 with a BOM": b'\xef\xbb\xbf{"type":"track"}',
    "latin-1": b'{"event":"caf\xe9"}',
    "a comment": b'{"type":"track"} // hello',
    "a number": b"1",
    "a text": b'"track"',
    "null": b"null",
    "half a million elements": b"[" + b"1," * 500_000 + b"1]",
    "wrong type of a field": b'{"type":"track","event":["a"]}',
    "wrong type of properties": b'{"type":"track","properties":[1]}',
    "an impossible time": b'{"type":"track","timestamp":1e300}',
    "a time before time": b'{"type":"track","timestamp":"0001-01-01T00:00:00+14:00"}',
}


def signed(body: bytes) -> dict[str, str]:
    return {"x-signature": hmac.digest(KEY.encode(), body, "sha1").hex()}


def segment(body: bytes, headers: dict[str, str]) -> tuple[Gate, str, int]:
    gate = gate_for("segment", KEY)
    sample = SAMPLES["segment-0"][1]
    event = event_of(sample, body=body, headers=headers, is_base64=True)
    reply = gate.send(event, NOW)
    return gate, reply.body, reply.status


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_signed_but_hostile_body_is_malformed(body: bytes) -> None:
    gate, said, status = segment(body, signed(body))

    assert (status, said) == (400, '{"status":"rejected","reason":"malformed"}')
    assert gate.is_untouched()


def test_a_body_over_a_mebibyte_is_too_large_and_never_hashed() -> None:
    body = b" " * (1024 * 1024 + 1)

    gate, said, status = segment(body, {"x-signature": "nothing"})

    assert (status, said) == (413, '{"status":"rejected","reason":"too_large"}')
    assert gate.is_untouched()


@pytest.mark.parametrize("name", ["nobody", "__init__", "google_ads", "..", "HUBSPOT", ""])
def test_an_unknown_door_is_not_there(name: str) -> None:
    gate = gate_for("segment", KEY)
    event = event_of(SAMPLES["segment-0"][1]) | {"rawPath": f"/hooks/{name}"}

    reply = gate.send(event, NOW)

    assert (reply.status, reply.body) == (404, '{"status":"rejected","reason":"unknown_source"}')
    assert gate.is_untouched()


@pytest.mark.parametrize("header", ["Ünïcode", "", "v1,", "\ud800", "sha256=", "Basic !!!"])
@pytest.mark.parametrize("key", SAMPLES)
def test_a_strange_proof_is_only_a_bad_proof(key: str, header: str) -> None:
    name, sample = SAMPLES[key]
    gate = gate_for(name, sample.secret)
    headers = {**sample.headers, (sample.proof or "x"): header, "authorization": header}

    reply = gate.send(event_of(sample, headers=headers, method="POST", body=b"{}"), sample.at)

    assert reply.status in {400, 401}
    assert gate.is_untouched()


def test_a_gateway_body_that_is_not_base64_is_malformed() -> None:
    event = event_of(SAMPLES["segment-0"][1]) | {"body": "%%%", "isBase64Encoded": True}

    assert gate_for("segment", KEY).send(event, NOW).status == 400


def test_a_megabyte_of_quotes_is_read_in_one_pass() -> None:
    with pytest.raises(MalformedError):
        strict.parse(b'"\\' * (512 * 1024))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=200), proof=st.text(max_size=60))
def test_no_bytes_enter_without_a_valid_signature(body: bytes, proof: str) -> None:
    for name, sample in SAMPLES.values():
        gate = gate_for(name, sample.secret)
        headers = {**sample.headers, (sample.proof or "x"): proof}
        event = event_of(sample, body=body, headers=headers, method="POST", is_base64=True)

        reply = gate.send(event, sample.at)

        assert reply.status in {400, 401}
        assert gate.is_untouched()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "event", "data", "traits", "context", "email", "payload"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(value=JSON)
def test_any_signed_json_is_accepted_or_refused_but_never_an_error(value: object) -> None:
    body = json.dumps(value).encode()

    gate, _, status = segment(body, signed(body))

    assert status in {200, 400}
    assert bool(gate.bucket.objects) is (status == 200)


@settings(max_examples=200, deadline=None)
@given(raw=st.binary(max_size=300))
def test_the_parser_refuses_or_reads_any_bytes(raw: bytes) -> None:
    try:
        value = strict.parse(raw)
    except MalformedError:
        return

    assert strict.parse(json.dumps(value).encode()) == value
