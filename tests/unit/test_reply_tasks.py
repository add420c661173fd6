"""The two tasks that read answers: what holds without a model, and what a model may not say."""

from datetime import date

import pytest

from functions.llm.handler import tell_reading
from mos.events import SignalReceived
from mos.memory.queue import FakeQueue
from mos.model.completion import Completion
from mos.model.signal import SignalKind
from mos.reply.kind import ReplyKind
from mos.tasks import classify_reply, extract_reply
from mos.tasks.classify_reply import WrittenReply
from mos.tasks.extract_reply import ReplyFacts
from tests.builders import NOON

SENT = date(2026, 12, 1)
NAMES = WrittenReply(text="Please ask Jane Doe, [mailbox-1], I am back on January 5.", sent=SENT)


def test_without_a_model_the_rules_hold() -> None:
    leaves = WrittenReply(text="Désinscrivez-moi.", sent=SENT)

    assert classify_reply.TASK.fallback(leaves).kind is ReplyKind.UNSUBSCRIBE  # type: ignore[attr-defined]
    assert extract_reply.TASK.fallback(NAMES) == ReplyFacts(
        until="2027-01-05", mailbox="[mailbox-1]"
    )


@pytest.mark.parametrize(
    "said",
    [{"mailbox": "[mailbox-2]"}, {"mailbox": "eve@evil.example"}, {"name": "Eve"},
     {"until": "2026-11-30"}, {"until": "2028-01-01"}, {"until": "soon"},
     {"new_mailbox": "mailbox-1"}],
)  # fmt: skip
def test_what_does_not_stand_in_the_answer_is_refused(said: dict[str, str]) -> None:
    assert extract_reply.find_objection(NAMES, ReplyFacts(**said)) is not None


def test_what_stands_in_it_is_taken() -> None:
    said = ReplyFacts(until="2027-01-05", mailbox="[mailbox-1]", name="Jane Doe")

    assert extract_reply.find_objection(NAMES, said) is None


@pytest.mark.parametrize(("task", "signals"), [("classify_reply", 1), ("nominate", 0)])
def test_how_an_answer_was_read_comes_back_through_the_queue(task: str, signals: int) -> None:
    context = {"identifier": "email:ada@acme.example", "at": NOON.isoformat()}
    named = {"target": "sig_1"} if signals else {}
    done = Completion(task=task, by="openai/m", answer={"kind": "unsubscribe", "confidence": 1.0})
    queue = FakeQueue()

    tell_reading({"context": {**context, **named}}, done, NOON, queue)

    assert len(queue.bodies) == signals
    for body in queue.bodies:
        made = SignalReceived.parse(body).signal
        assert made.kind is SignalKind.REPLY_READ
        assert made.properties == {"target": "sig_1", "by": "openai/m", "reply": "unsubscribe"}
