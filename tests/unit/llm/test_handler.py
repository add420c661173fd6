"""What comes in is a task's name, a question and what it is for; what goes out is an answer."""

from typing import Any

import pytest

from functions.llm.handler import reply_as_signal, respond
from mos.aws.bundles import BundleStore
from mos.errors import MalformedError
from mos.events import SignalReceived
from mos.memory.bucket import FakeBucket
from mos.memory.queue import FakeQueue
from mos.memory.table import FakeTable
from mos.model.completion import Completion
from tests.builders import starter
from tests.unit.llm.cards import NOON, ScriptedModel, said
from tests.unit.llm.test_answer import CHAMPION, DRAFTED
from tests.unit.llm.test_ask import BRIEF


def hear(payload: dict[str, Any], *says: Any) -> Completion:
    store = BundleStore(FakeBucket())
    store.publish(starter())
    context = {"bundle": starter().digest} | payload.pop("context", {})
    return respond(payload | {"context": context}, NOON, store, FakeTable(), ScriptedModel(*says))


def test_a_draft_comes_back_with_its_name() -> None:
    done = hear({"task": "draft_email", "question": BRIEF, "seconds": 20.0}, said(DRAFTED))

    assert (done.by, done.answer["body"][:11]) == ("openai/gpt-4.1-mini", "Hello Jane,")


def test_a_task_that_there_is_not_is_refused() -> None:
    with pytest.raises(MalformedError, match="there is no task 'sing'"):
        hear({"task": "sing", "question": {}})


@pytest.mark.parametrize("data", ["restricted", "a class of tomorrow"])
def test_what_is_restricted_or_of_a_class_that_nobody_knows_leaves_no_account(data: str) -> None:
    done = hear({"task": "infer_role", "question": {"title": "W"}, "context": {"data": data}})

    assert [str(one.reason) for one in done.attempts] == ["not_allowed"]


def test_who_has_no_seconds_left_is_answered_by_rule_at_once() -> None:
    done = hear({"task": "infer_role", "question": {"title": "W"}, "seconds": 3.5})

    assert [str(one.reason) for one in done.attempts] == ["no_time"]


def test_an_inferred_role_comes_back_as_a_machines_signal() -> None:
    payload = {"task": "infer_role", "question": {"title": "W"}, "later": True,
               "context": {"profile_id": "per_1",
                           "identifier": "email:jane@acme.example"}}  # fmt: skip
    queue = FakeQueue()

    reply_as_signal(payload, hear(dict(payload), said(CHAMPION)), NOON, queue)

    signal = SignalReceived.model_validate_json(queue.bodies[0]).signal
    assert signal.properties["role"] == "champion"
    assert signal.properties["source"] == "openai/gpt-4.1-mini"
