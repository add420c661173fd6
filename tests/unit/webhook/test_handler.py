"""The Lambda around the pipeline: doors, native events, crashes, and what is kept."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from functions.webhook.handler import step_native
from functions.webhook.repository import Inbox
from mos.errors import UnavailableError
from mos.model.signal import SignalKind, Trust
from tests.unit.webhook.gate import SAMPLES, Gate, event_of, gate_for

NOW = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)
NATIVE = {
    "version": "0",
    "id": "4c1b",
    "detail-type": "Email Clicked",
    "source": "aws.ses",
    "detail": {
        "eventType": "Click",
        "mail": {
            "messageId": "m-9",
            "destination": ["ada@example.com"],
            "tags": {"action_id": ["act_9"], "decision_id": ["dec_9"]},
        },
        "click": {"timestamp": "2026-03-02T09:00:00Z", "link": "https://example.com/"},
    },
}


def native(gate: Gate, event: dict[str, object]) -> int:
    return step_native(event, Inbox(gate.bucket, gate.queue, gate.parked), NOW).status


def test_a_native_ses_event_needs_no_secret_and_names_its_action() -> None:
    gate = Gate()

    assert native(gate, NATIVE) == 200

    (signal,) = gate.signals()
    assert (signal.kind, signal.trust) == (SignalKind.EMAIL_CLICKED, Trust.SIGNED)
    assert (signal.properties["action_id"], signal.properties["decision_id"]) == ("act_9", "dec_9")


def test_a_native_event_that_comes_twice_is_queued_once() -> None:
    gate = Gate()

    assert (native(gate, NATIVE), native(gate, NATIVE)) == (200, 200)
    assert len(gate.queue.bodies) == 1


def test_a_broken_native_event_is_parked_since_nobody_reads_a_4xx() -> None:
    gate = Gate()

    native(gate, {"source": "aws.ses", "detail": ["not", "an", "event"]})

    assert not gate.queue.bodies
    assert gate.parked.reasons == ["malformed: detail must be an object"]


def test_a_crash_before_the_evidence_is_kept_loses_nothing() -> None:
    name, sample = SAMPLES["segment-0"]
    gate = gate_for(name, sample.secret)
    gate.queue.is_down = True
    with pytest.raises(UnavailableError):
        gate.send(event_of(sample), sample.at)
    gate.queue.is_down = False

    reply = gate.send(event_of(sample), sample.at)

    assert '"accepted"' in reply.body
    assert len(gate.queue.bodies) == 1


def test_hubspot_is_checked_against_the_public_url_and_not_the_internal_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, sample = SAMPLES["hubspot-0"]
    inside = event_of(sample)
    inside["requestContext"]["domainName"] = "abc.execute-api.eu-west-1.amazonaws.com"
    gate = gate_for(name, sample.secret)

    before = gate.send(inside, sample.at).status
    monkeypatch.setenv("MOS_PUBLIC_URL", "https://hooks.example.com/ignored")
    after = gate.send(inside, sample.at).status

    assert (before, after) == (401, 200)


@pytest.mark.parametrize("call", ["identify", "track", "page", "group", "alias"])
def test_each_call_of_the_segment_api_has_its_own_door(call: str) -> None:
    gate = gate_for("segment", "write-key-1")
    event = event_of(
        SAMPLES["segment-1"][1], body=json.dumps({"messageId": "m", "userId": "u"}).encode()
    )

    reply = gate.send(event | {"rawPath": f"/v1/{call}"}, NOW)

    assert json.loads(reply.body)["success"] is True
    assert [(s.kind.value, s.trust) for s in gate.signals()] == [(call, Trust.TOKEN)]


def test_the_stage_in_front_of_a_path_is_not_part_of_the_door() -> None:
    name, sample = SAMPLES["segment-0"]
    gate = gate_for(name, sample.secret)
    event = event_of(sample)
    event["rawPath"] = "/prod/hooks/segment"
    event["requestContext"]["stage"] = "prod"

    assert gate.send(event, sample.at).status == 200


def test_what_is_rejected_says_the_code_and_no_more() -> None:
    reply = gate_for("hubspot", "s").send(event_of(SAMPLES["hubspot-0"][1]), NOW)

    assert json.loads(reply.body) == {"status": "rejected", "reason": "bad_signature"}


@pytest.mark.slow
def test_a_cold_start_imports_no_source_and_no_cryptography() -> None:
    code = (
        "import sys, functions.webhook.handler\n"
        "print([m for m in sys.modules if m.startswith('functions.webhook.sources.')"
        " or m.split('.')[0] in ('cryptography', 'httpx', 'litellm')])"
    )
    root = Path(__file__).parents[3]
    environment = {"PYTHONPATH": f"{root}/shared:{root}", "PATH": "/usr/bin"}

    done = subprocess.run(  # noqa: S603  our own interpreter and code
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=600,
    )

    assert done.stdout.strip() == "[]"
