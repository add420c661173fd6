"""What every Lambda does around its step."""

import json
from typing import Any

import pytest

from functions.policy.permit import permit
from mos.errors import MalformedError, UnavailableError
from mos.events import ActionsPermitted, Event, ReadNeeded, SignalReceived, SubjectPlaced
from mos.model.lookup import ReadReason, RecordName
from mos.path import PATH, WORKFLOW
from mos.ports import Moment
from mos.runtime import Refusal, on, on_batch, on_each, on_queue
from tests.builders import signal
from tests.property.steps import placed
from tests.property.worlds import policy

STORY = placed([], {"group.stage": "engaged", "account.is_company": True})


def permits(event: SubjectPlaced, moment: Moment) -> ActionsPermitted:
    return permit(event, policy())


def test_a_fact_read_back_leaves_with_the_same_bytes() -> None:
    handler = on(SubjectPlaced, permits)
    again = SubjectPlaced.parse(STORY.canonical())

    texts = {json.dumps(handler({"event": e.model_dump(mode="json")}, None))
             for e in (STORY, again)}  # fmt: skip

    assert len(texts) == 1


def test_a_step_takes_a_state_or_an_event_of_the_bus() -> None:
    handler, body = on(SubjectPlaced, permits), STORY.model_dump(mode="json")

    said = [handler(payload, None) for payload in ({"event": body}, {"detail": body}, body)]

    assert said[0] == said[1] == said[2]
    assert ActionsPermitted.model_validate(said[0]).cause_id == STORY.event_id


@pytest.mark.filterwarnings("ignore:No application metrics")
def test_an_event_of_another_kind_is_refused_with_its_place() -> None:
    with pytest.raises(MalformedError, match="run_id: missing"):
        on(SubjectPlaced, permits)({"event": {"event_id": "evt_1"}}, None)


def test_a_broken_message_is_parked_and_a_failed_one_comes_again() -> None:
    good, bad = signal(key="good"), signal(key="bad")
    parked: list[Refusal] = []
    bodies = [SignalReceived.of(s).model_dump_json() for s in (good, bad)] + ["{", "[]"]

    def step(events: Any, moment: Moment) -> set[str]:
        return {e.signal.signal_id for e in events if e.signal.signal_id == bad.signal_id}

    records = [{"messageId": str(i), "body": body} for i, body in enumerate(bodies)]
    reply = on_batch(step, parked.extend)({"Records": records}, None)

    assert reply == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert [body for body, _ in parked] == ["{", "[]"]


def test_an_event_is_named_after_what_has_happened() -> None:
    assert [hop.gives.detail_type for hop in PATH if hop.gives] == [
        "signal.received", "profile.unified", "subject.placed", "actions.permitted",
        "action.decided", "action.delivered", "lesson.learned",
    ]  # fmt: skip


def test_the_path_is_read_as_a_sentence() -> None:
    assert " → ".join(hop.verb for hop in PATH) == (
        "receive → unify → place → permit → decide → deliver → learn"
    )
    assert [hop.verb for hop in WORKFLOW] == ["place", "permit", "decide", "deliver", "learn"]


def test_an_events_id_follows_from_its_cause() -> None:
    one, other = (permits(STORY, Moment(STORY.occurred_at)) for _ in range(2))

    assert one.event_id == other.event_id != STORY.event_id
    assert isinstance(one, Event)
    assert one.trace_id == STORY.trace_id


def needed(record_id: str) -> ReadNeeded:
    record = RecordName(system="hubspot", object="deal", record_id=record_id)
    return ReadNeeded.following(
        SignalReceived.of(signal(key=record_id)), record=record, why=ReadReason.GAP
    )


def test_a_queue_of_events_brings_back_what_must_come_again_and_when() -> None:
    bodies = [needed(one).model_dump_json() for one in ("1", "2", "3")] + ["{", '{"event_id": 1}']
    parked, postponed = list[tuple[str, str]](), list[tuple[str, float]]()
    handler = on_queue(
        ReadNeeded,
        lambda events, moment: {
            message: seconds
            for message, event in events.items()
            if (seconds := {"2": 0.0, "3": 90.0}.get(event.record.record_id)) is not None
        },
        lambda body, why: parked.append((body, why)),
        lambda receipt, seconds: postponed.append((receipt, seconds)),
    )
    records = [
        {"messageId": str(n), "receiptHandle": f"r{n}", "body": body}
        for n, body in enumerate(bodies)
    ]

    reply = handler({"Records": records}, None)

    assert [one["itemIdentifier"] for one in reply["batchItemFailures"]] == ["1", "2"]
    assert postponed == [("r2", 90.0)]
    assert [why.partition(":")[0] for _, why in parked] == ["not_json", "malformed"]


def test_of_events_taken_one_by_one_only_those_that_met_trouble_come_again() -> None:
    def step(event: ReadNeeded, moment: Moment) -> None:
        if event.record.record_id == "2":
            raise UnavailableError("sqs")

    handler = on_each(ReadNeeded, step, lambda body, why: None)
    records = [{"messageId": one, "body": needed(one).model_dump_json()} for one in ("1", "2", "3")]

    assert handler({"Records": records}, None) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
