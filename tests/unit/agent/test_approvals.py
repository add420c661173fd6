"""What waits for a person is found, answered once, and goes on by the answer."""

import json
from datetime import timedelta
from typing import Any

import pytest

from functions.agent.approvals import Approvals, take_requests
from mos.errors import MalformedError
from mos.memory.runs import FakeRuns
from mos.memory.table import FakeTable
from tests.agents import Doors, with_agent
from tests.builders import NOON

HOURS = 72.0


def message(decision: str, token: str, hours_ago: float = 1) -> dict[str, Any]:
    sent = NOON - timedelta(hours=hours_ago)
    body = {"event": {"decision_id": decision}, "task_token": token, "execution": "arn:run"}
    return {
        "body": json.dumps(body),
        "attributes": {"SentTimestamp": str(int(sent.timestamp() * 1000))},
    }


class Desk(Doors):
    """Doors at which decisions wait."""

    def __init__(self, *tokens: str) -> None:
        self.waiting = FakeRuns(*tokens)
        super().__init__(runs=self.waiting)
        self.store = Approvals(self.tables["operators"])

    def bring(self, *messages: dict[str, Any]) -> int:
        return take_requests(messages, self.store, self.waiting, HOURS)

    def listed(self) -> list[str]:
        rows = self.operate("approvals")["data"]["approvals"]
        return [row["decision"] for row in rows]


def test_what_waits_is_listed_the_most_urgent_first_until_it_is_answered_or_runs_out() -> None:
    desk = Desk("a", "b", "c")

    desk.bring(message("dec_new", "a", 1), message("dec_old", "b", 71))
    desk.bring(message("dec_gone", "c", 73))
    before = desk.listed()
    said = desk.operate("approvals", word="approve", decision="dec_new", name="Ada", why="Fine.")

    assert before == ["dec_old", "dec_new"]
    assert said["ok"], said
    assert desk.waiting.answers == {"a": {"approved": True, "by": "Ada", "why": "Fine."}}
    assert desk.listed() == ["dec_old"]
    (row,) = desk.operate("approvals", word="show", decision="dec_new")["data"]["approvals"]
    assert (row["approved"], row["by"], row["over"]) == (True, "Ada", True)


def test_the_first_word_stands_and_is_told_again_when_said_again() -> None:
    desk = Desk("a")
    desk.bring(message("dec_1", "a"))

    no = desk.operate("approvals", word="refuse", decision="dec_1", name="Ada")
    again = desk.operate("approvals", word="refuse", decision="dec_1", name="Ada")
    yes = desk.operate("approvals", word="approve", decision="dec_1", name="Bo")

    assert no["ok"]
    assert again["ok"]
    assert "Ada refused it" in yes["detail"]
    assert desk.waiting.answers["a"]["approved"] is False


def test_a_run_that_asks_again_after_an_answer_gets_the_same_answer() -> None:
    desk = Desk("first", "second")
    desk.bring(message("dec_1", "first"))
    desk.operate("approvals", word="approve", decision="dec_1", name="Ada")

    waits = desk.bring(message("dec_1", "second"))

    assert waits == 0
    assert desk.waiting.answers["second"] == desk.waiting.answers["first"]


def test_an_answer_goes_to_the_newest_token_of_a_decision() -> None:
    desk = Desk("second")
    desk.bring(message("dec_1", "first"), message("dec_1", "second"))

    desk.operate("approvals", word="approve", decision="dec_1", name="Ada")

    assert list(desk.waiting.answers) == ["second"]
    assert desk.listed() == []


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"decision": "dec_late"}, "time ran out"),
        ({"decision": "dec_1", "name": " "}, "which person"),
        ({"decision": "dec_1", "name": "Operator"}, "which person"),
        ({"decision": "dec_none"}, "`approvals` lists"),
        ({"decision": ""}, "`approvals` lists"),
        ({"decision": "dec_stopped"}, "waits no more"),
    ],
)
def test_what_cannot_be_answered_says_why(asked: dict[str, str], says: str) -> None:
    desk = Desk("a", "b")
    desk.bring(message("dec_late", "a", 80), message("dec_1", "b"), message("dec_stopped", "x"))

    said = desk.operate("approvals", word="approve", **{"name": "Ada"} | asked)

    assert not said["ok"]
    assert says in said["detail"]
    assert desk.waiting.answers == {}


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"event": {}}', '{"event": 1}'])
def test_a_message_that_is_none_of_the_workflows_is_refused_by_name(body: str) -> None:
    with pytest.raises(MalformedError, match="not a decision that waits"):
        take_requests([{"body": body}], Approvals(FakeTable()), FakeRuns(), HOURS)


def test_a_dry_run_answers_nothing() -> None:
    desk = Desk("a")
    desk.bring(message("dec_1", "a"))
    desk.bundle = with_agent("operator", tools=["approvals"], dry_run=True)

    said = desk.operate("approvals", word="approve", decision="dec_1", name="Ada")

    assert "Dry run" in said["text"]
    assert desk.waiting.answers == {}
    assert desk.listed() == ["dec_1"]
