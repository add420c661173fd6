"""The Segment HTTP API as libraries call it: paths, keys, packing, limits, and browsers."""

import gzip
import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.webhook.request import Reply
from mos.model.signal import SignalKind, Trust
from tests.unit.webhook.gate import Gate, gate_for, gateway_event

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BASIC = {"authorization": "Basic d3JpdGUta2V5LTE6"}  # write-key-1:
TRACK = {"type": "track", "userId": "u-1", "event": "Demo", "messageId": "m-1"}


def event(path: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    return gateway_event("POST", f"https://hooks.example.com{path}", headers, body)


def post(
    path: str, body: object, headers: Mapping[str, str] = BASIC, gate: Gate | None = None
) -> tuple[Gate, Reply]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    gate = gate or gate_for("segment", "write-key-1", "browser:page-key")
    return gate, gate.send(event(path, raw, headers), NOW)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("identify", SignalKind.IDENTIFY), ("i", SignalKind.IDENTIFY),
        ("track", SignalKind.TRACK), ("t", SignalKind.TRACK),
        ("page", SignalKind.PAGE), ("p", SignalKind.PAGE),
        ("screen", SignalKind.PAGE), ("s", SignalKind.PAGE),
        ("group", SignalKind.GROUP), ("g", SignalKind.GROUP),
        ("alias", SignalKind.ALIAS), ("a", SignalKind.ALIAS),
    ],
)  # fmt: skip
def test_a_call_is_what_its_path_says(path: str, kind: SignalKind) -> None:
    gate, reply = post(f"/v1/{path}", {"userId": "u-1", "previousId": "u-0", "messageId": "m"})

    assert (reply.status, json.loads(reply.body)["success"]) == (200, True)
    assert [s.kind for s in gate.signals()] == [kind]


@pytest.mark.parametrize("path", ["batch", "import", "b"])
def test_several_calls_come_under_three_names(path: str) -> None:
    gate, reply = post(f"/v1/{path}", {"batch": [TRACK]})

    assert reply.status == 200
    assert [s.name for s in gate.signals()] == ["Demo"]


@pytest.mark.parametrize("path", ["/v1/m", "/v1/", "/v1/track/x", "/v2/track", "/v1/tracks"])
def test_other_paths_are_not_there(path: str) -> None:
    assert post(path, TRACK)[1].status == 404


def test_a_page_puts_its_key_into_the_body_and_is_trusted_less() -> None:
    said = {"batch": [TRACK | {"writeKey": "page-key"}], "writeKey": "page-key"}

    gate, reply = post("/v1/b", said, headers={"content-type": "text/plain"})

    assert reply.status == 200
    assert [s.trust for s in gate.signals()] == [Trust.UNSIGNED]
    assert "page-key" not in "".join(gate.queue.bodies)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"writeKey": "wrong"}, "bad_signature"),
        ({"writeKey": ""}, "missing_header"),
        ({"writeKey": ["page-key"]}, "missing_header"),
        ({"writeKey": "browser:page-key"}, "bad_signature"),
        ({}, "missing_header"),
    ],
)
def test_without_a_key_that_fits_nothing_comes_in(body: dict[str, Any], reason: str) -> None:
    gate, reply = post("/v1/track", TRACK | body, headers={})

    assert (reply.status, json.loads(reply.body)["reason"]) == (401, reason)
    assert gate.is_untouched()


def test_a_line_that_names_no_key_lets_nobody_in() -> None:
    gate = gate_for("segment", "browser:")

    assert post("/v1/track", TRACK, {"authorization": "Basic Og=="}, gate)[1].status == 401


def test_the_key_of_a_page_signs_nothing() -> None:
    gate = gate_for("segment", "browser:page-key")
    raw = json.dumps(TRACK).encode()

    reply = gate.send(event("/hooks/segment", raw, {"x-signature": "0" * 40}), NOW)

    assert reply.status == 401


@pytest.mark.parametrize("key", ["write-key-1", "page-key"])
def test_only_a_page_cannot_say_that_two_accounts_are_one(key: str) -> None:
    said = {"userId": "u-2", "previousId": "u-1", "messageId": "m", "writeKey": key}

    gate, _ = post("/v1/alias", said, headers={})

    (signal,) = gate.signals()
    assert ("user_id:u-1" in [i.key for i in signal.identifiers]) is (key == "write-key-1")


def test_a_packed_body_is_read_and_kept_unpacked() -> None:
    raw = json.dumps({"batch": [TRACK]}).encode()

    gate, reply = post("/v1/batch", gzip.compress(raw), BASIC | {"content-encoding": "gzip"})

    assert reply.status == 200
    assert [s.name for s in gate.signals()] == ["Demo"]
    assert list(gate.bucket.objects.values()) == [raw]


def test_a_body_that_was_unpacked_on_its_way_is_read_as_it_is() -> None:
    gate, reply = post("/v1/batch", {"batch": [TRACK]}, BASIC | {"content-encoding": "gzip"})

    assert reply.status == 200
    assert [s.name for s in gate.signals()] == ["Demo"]


@pytest.mark.parametrize(
    ("body", "coding", "answered"),
    [
        (gzip.compress(b" " * 50_000_000, 9), "gzip", (413, "too_large")),
        (b"hello", "gzip", (400, "malformed")),
        (gzip.compress(b"{}").decode(errors="replace").encode(), "gzip", (400, "spoilt")),
        (gzip.compress(b"{}")[:-4], "gzip", (400, "malformed")),
        (gzip.compress(b"{}") + b"more", "gzip", (400, "malformed")),
        (zlib.compress(b"{}"), "deflate", (400, "malformed")),
        (b"{}", "br", (400, "malformed")),
    ],
    ids=["a bomb", "no JSON", "taken for text", "cut off", "more behind it", "deflate", "brotli"],
)
def test_what_is_packed_badly_is_refused(
    body: bytes, coding: str, answered: tuple[int, str]
) -> None:
    gate, reply = post("/v1/batch", body, BASIC | {"content-encoding": coding})

    assert (reply.status, json.loads(reply.body)["reason"]) == answered
    assert gate.is_untouched()


def test_a_call_over_32_kilobytes_is_refused_as_segment_refuses_it() -> None:
    gate, reply = post("/v1/track", TRACK | {"properties": {"x": "y" * 33_000}})

    assert (reply.status, reply.body) == (400, '{"status":"rejected","reason":"too_large"}')
    assert gate.is_untouched()


def test_one_call_over_32_kilobytes_in_a_batch_is_parked_and_the_others_go_on() -> None:
    large = TRACK | {"properties": {"x": "y" * 33_000}, "messageId": "m-2"}

    gate, reply = post("/v1/batch", {"batch": [TRACK, large]})

    assert (reply.status, json.loads(reply.body)["parked"]) == (200, 1)
    assert len(gate.signals()) == 1
    assert json.loads(gate.parked.bodies[0])["reason"].startswith("too_large: ")


def test_a_batch_over_500_kilobytes_is_refused_as_segment_refuses_it() -> None:
    calls = [TRACK | {"messageId": str(n), "properties": {"x": "y" * 1000}} for n in range(500)]

    gate, reply = post("/v1/batch", {"batch": calls})

    assert (reply.status, json.loads(reply.body)["reason"]) == (400, "too_large")
    assert gate.is_untouched()
