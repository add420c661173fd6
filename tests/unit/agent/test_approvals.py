"""What waits for a person is found, answered once, and goes on by the answer."""

import pytest

from functions.agent.approval_intake import take_request
from functions.agent.approvals import Approvals
from mos.errors import MalformedError
from mos.memory.runs import FakeRuns
from mos.memory.table import FakeTable
from tests.agents import with_agent
from tests.approving import HOURS, NORA, OMAR, VERA, Desk, message


def test_what_waits_is_listed_the_oldest_first_until_it_is_answered_or_runs_out() -> None:
    desk = Desk("a", "b", "c")

    desk.bring(message("dec_new", "a", 1), message("dec_old", "b", 71))
    desk.bring(message("dec_gone", "c", 73))
    before = desk.listed()
    said = desk.approve("dec_new", OMAR, "Fine.")

    assert before == ["dec_old", "dec_new"]
    assert said["ok"], said
    answer = desk.waiting.answers["a"]
    assert answer | {"words": []} == {"approved": True, "by": OMAR, "why": "Fine.", "words": []}
    assert [word["by"] for word in answer["words"]] == [OMAR]
    assert desk.listed() == ["dec_old"]
    row = desk.show("dec_new")
    assert (row["approved"], row["by"], row["over"]) == (True, OMAR, True)


def test_the_first_word_stands_and_is_told_again_when_said_again() -> None:
    desk = Desk("a")
    desk.bring(message("dec_1", "a"))

    no = desk.refuse("dec_1", OMAR)
    again = desk.refuse("dec_1", OMAR)
    yes = desk.approve("dec_1", VERA)

    assert no["ok"]
    assert again["ok"]
    assert f"{OMAR} refused it" in yes["detail"]
    assert desk.waiting.answers["a"]["approved"] is False


def test_a_run_that_asks_again_after_an_answer_gets_the_same_answer() -> None:
    desk = Desk("first", "second")
    desk.bring(message("dec_1", "first"))
    desk.approve("dec_1", OMAR)

    waits = desk.bring(message("dec_1", "second"))

    assert waits == {"approvals_asked": 0}
    assert desk.waiting.answers["second"] == desk.waiting.answers["first"]


def test_an_answer_goes_to_the_newest_token_of_a_decision() -> None:
    desk = Desk("second")
    desk.bring(message("dec_1", "first"), message("dec_1", "second"))

    desk.approve("dec_1", OMAR)

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

    said = desk.operate("approvals", word="approve", **{"name": NORA} | asked)

    assert not said["ok"]
    assert says in said["detail"]
    assert desk.waiting.answers == {}


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"event": {}}', '{"event": 1}', "1"])
def test_a_message_that_is_none_of_the_workflows_is_refused_by_name(body: str) -> None:
    with pytest.raises(MalformedError, match="not a decision that waits"):
        take_request({"body": body}, Approvals(FakeTable()), FakeRuns(), HOURS)


def test_a_dry_run_answers_nothing() -> None:
    desk = Desk("a")
    desk.bring(message("dec_1", "a"))
    desk.bundle = with_agent("operator", tools=["approvals"], dry_run=True)

    said = desk.approve("dec_1", OMAR)

    assert "Dry run" in said["text"]
    assert desk.waiting.answers == {}
    assert desk.listed() == ["dec_1"]
