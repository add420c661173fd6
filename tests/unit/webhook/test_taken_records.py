"""A record that was asked for is queued and kept once, and one that cannot be read is put aside."""

from functions.webhook.handler import step_record
from functions.webhook.repository import Inbox
from mos.events import ReadNeeded, RecordRead, SignalReceived
from mos.memory.bucket import FakeBucket
from mos.memory.queue import FakeQueue
from mos.model.base import canonical
from mos.model.lookup import ReadReason, RecordName
from mos.model.signal import Trust
from tests.builders import NOON, signal

BODY = canonical({"updatedAt": "2026-03-02T09:00:00Z", "properties": {"amount": "5"}})


def answer(system: str = "hubspot", body: str = BODY) -> RecordRead:
    record = RecordName(system=system, object="deal", record_id="1", tenant="9")
    cause = ReadNeeded.following(
        SignalReceived.of(signal()), record=record, why=ReadReason.NEW_RECORD
    )
    return RecordRead.following(cause, record=record, body=body)


def test_an_answer_is_the_word_of_its_source_with_its_evidence_and_twice_is_once() -> None:
    queue, bucket = FakeQueue(), FakeBucket()
    inbox = Inbox(bucket, queue, FakeQueue())

    replies = [step_record(answer(), inbox, NOON) for _ in range(2)]

    (body,) = queue.bodies
    made = SignalReceived.parse(body).signal
    assert (made.source, made.trust) == ("hubspot", Trust.SIGNED)
    assert made.properties["amount"] == "5"
    assert made.properties["is_read"] is True
    assert bucket.get(str(made.raw_key)) == BODY.encode()
    assert "duplicate" in replies[1].body


def test_what_cannot_be_read_is_put_aside_with_its_reason() -> None:
    parked, queue = FakeQueue(), FakeQueue()
    inbox = Inbox(FakeBucket(), queue, parked)

    for one in (answer(body='{"properties": []'), answer("segment"), answer("nobody")):
        step_record(one, inbox, NOON)

    assert queue.bodies == []
    assert [str(reason).partition(":")[0] for reason in parked.reasons] == [
        "malformed", "unknown_source", "unknown_source",
    ]  # fmt: skip
