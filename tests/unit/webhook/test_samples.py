"""The shape of every source: its captured requests, genuine and in every wrong way."""

from datetime import timedelta

import pytest

from functions.webhook import sources
from functions.webhook.sample import Sample
from functions.webhook.source import Source
from mos.plugins import discover, names
from tests.unit.webhook.gate import SAMPLES, event_of, gate_for

GENUINE = {key: found for key, found in SAMPLES.items() if found[1].reply is None}
IN_HEADER = {key: found for key, found in GENUINE.items() if found[1].proof}
SEALED = {key: found for key, found in GENUINE.items() if found[1].seals}
TIMED = {key: found for key, found in GENUINE.items() if found[1].timed}


def every(samples: dict[str, tuple[str, Sample]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("name", "sample"), samples.values(), ids=samples)


def test_every_source_keeps_the_promise_of_its_folder() -> None:
    found = discover(sources, "SOURCE", Source)

    assert sorted(found) == names(sources)
    assert {name for name, _ in SAMPLES.values()} == set(found)


@every(GENUINE)
def test_a_genuine_request_becomes_its_signals(name: str, sample: Sample) -> None:
    gate = gate_for(name, sample.secret)

    reply = gate.send(event_of(sample), sample.at)

    assert reply.status == 200, reply.body
    assert tuple(s.kind for s in gate.signals()) == sample.kinds
    assert len(gate.parked.bodies) == sample.refused
    assert all(s.is_test is sample.is_test for s in gate.signals())
    assert all(gate.bucket.get(s.raw_key) == sample.body for s in gate.signals())
    assert all(sample.secret not in body for body in gate.queue.bodies)


@every(GENUINE)
def test_a_base64_body_of_the_gateway_is_the_same_body(name: str, sample: Sample) -> None:
    plain, encoded = gate_for(name, sample.secret), gate_for(name, sample.secret)

    plain.send(event_of(sample), sample.at)
    encoded.send(event_of(sample, is_base64=True), sample.at)

    assert plain.queue.bodies == encoded.queue.bodies != []


@every(GENUINE)
def test_a_second_delivery_is_acknowledged_and_queues_nothing(name: str, sample: Sample) -> None:
    gate = gate_for(name, sample.secret)
    gate.send(event_of(sample), sample.at)
    first = list(gate.queue.bodies)

    reply = gate.send(event_of(sample), sample.at)

    assert (reply.status, '"duplicate"' in reply.body) == (200, True)
    assert gate.queue.bodies == first


@every(GENUINE)
def test_an_older_secret_still_counts_while_the_sender_rotates(name: str, sample: Sample) -> None:
    gate = gate_for(name, "whsec_bmV3LXNlY3JldA==", sample.secret)

    assert gate.send(event_of(sample), sample.at).status == 200
    assert gate.queue.bodies


@every(GENUINE)
def test_another_secret_does_not_open_the_door(name: str, sample: Sample) -> None:
    gate = gate_for(name, "another-secret")

    reply = gate.send(event_of(sample), sample.at)

    assert (reply.status, reply.body) == (401, '{"status":"rejected","reason":"bad_signature"}')
    assert gate.is_untouched()


@every(GENUINE)
def test_without_a_stored_secret_nobody_enters(name: str, sample: Sample) -> None:
    gate = gate_for(name)

    reply = gate.send(event_of(sample), sample.at)

    assert (reply.status, "bad_signature" in reply.body) == (401, True)
    assert gate.is_untouched()


@every(SEALED)
def test_a_flipped_byte_in_the_body_is_noticed(name: str, sample: Sample) -> None:
    gate = gate_for(name, sample.secret)
    middle = len(sample.body) // 2
    flipped = sample.body[:middle] + bytes([sample.body[middle] ^ 1]) + sample.body[middle + 1 :]

    reply = gate.send(event_of(sample, body=flipped, is_base64=True), sample.at)

    assert (reply.status, "bad_signature" in reply.body) == (401, True)
    assert gate.is_untouched()


@every(IN_HEADER)
def test_a_flipped_byte_in_the_signature_is_noticed(name: str, sample: Sample) -> None:
    gate = gate_for(name, sample.secret)
    proof = sample.headers[sample.proof]
    flipped = proof[:-10] + ("A" if proof[-10] != "A" else "B") + proof[-9:]

    reply = gate.send(
        event_of(sample, headers={**sample.headers, sample.proof: flipped}), sample.at
    )

    assert (reply.status, "bad_signature" in reply.body) == (401, True)
    assert gate.is_untouched()


@every(IN_HEADER)
def test_a_missing_header_is_named_missing(name: str, sample: Sample) -> None:
    gate = gate_for(name, sample.secret)
    headers = {key: value for key, value in sample.headers.items() if key != sample.proof}

    reply = gate.send(event_of(sample, headers=headers), sample.at)

    assert (reply.status, "missing_header" in reply.body) == (401, True)
    assert gate.is_untouched()


@every(TIMED)
@pytest.mark.parametrize("late", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_a_request_from_another_time_is_stale(name: str, sample: Sample, late: timedelta) -> None:
    gate = gate_for(name, sample.secret)

    reply = gate.send(event_of(sample), sample.at + late)

    assert (reply.status, "stale" in reply.body) == (401, True)
    assert gate.is_untouched()


@every({key: found for key, found in SAMPLES.items() if found[1].reply is not None})
def test_a_handshake_is_answered_and_queues_nothing(name: str, sample: Sample) -> None:
    gate = gate_for(name, sample.secret)

    reply = gate.send(event_of(sample), sample.at)

    assert (reply.status, reply.body) == (200, sample.reply)
    assert gate.is_untouched()


@every({key: found for key, found in SAMPLES.items() if found[1].refused})
def test_a_bad_element_is_parked_with_its_reason(name: str, sample: Sample) -> None:
    gate = gate_for(name, sample.secret)

    gate.send(event_of(sample), sample.at)

    assert all(str(reason).startswith("malformed: ") for reason in gate.parked.reasons)
