"""Row A.5.17: `mos undo` shows first what can and can't be undone, then does it, with its proof."""

from datetime import timedelta
from typing import Any

import pytest

from functions.agent.tool import ToolReply
from mos.errors import MalformedError, MissingError, RejectedError
from mos.events import ActionDecided, ActionHeld, ProfileUnified
from mos.model.consent import Purpose
from mos.model.delivery import Delivery
from mos.model.signal import SignalKind
from mos.ports import Moment
from tests.builders import grants, signal
from tests.journey.test_the_path import FINTECH, browsing, jane
from tests.system_in_process import System

JANE, RAVI = "jane@acmepay.example", "email:ravi@freight.example"


def handed_off() -> System:
    """Jane's form has led to a task for an account executive."""
    system = System()
    system.play(*browsing(4), jane())
    system.later(hours=1)
    return system


def decided(system: System) -> ActionDecided:
    found = system.history[-1][3]
    assert isinstance(found, ActionDecided)
    return found


def ways(told: ToolReply) -> dict[str, int]:
    return dict(told.data["ways"])


def tasks(system: System) -> list[str]:
    return [kept["what"] for kept in system.wire.inbox if kept["channel"] == "hubspot_task"]


@pytest.mark.parametrize("named", ["decision", "delivery", "person", "name", "mailbox", "action"])
def test_a5_17_it_is_shown_and_nothing_is_done_until_it_is_confirmed(named: str) -> None:
    system = handed_off()
    one = decided(system)
    what = {
        "decision": one.decision_id, "delivery": system.history[-1][4].action_id,  # type: ignore[attr-defined]  the run's delivery
        "person": str(one.person_id), "name": "Jane Doe at Acme Pay", "mailbox": JANE,
        "action": "ae_handoff",
    }[named]  # fmt: skip

    shown = system.say("undo", what=what)
    assert ways(shown) == {"take_back": 1}
    assert "confirm" in shown.text
    assert "binned" not in tasks(system)
    put_in = system.say("undo", what=what, why="wrong company", confirm=True)
    again = system.say("undo", what=what, confirm=True)

    assert put_in.data["put_in"] == 1
    assert tasks(system).count("binned") == 1
    assert (ways(again), again.data["put_in"]) == ({"undone": 1}, 0)
    [row] = again.data["rows"]
    assert row["proof"].endswith(", answered 204")
    assert "wrong company" in row["says"]


def test_a5_17_what_cannot_be_taken_back_says_so_and_is_not_ordered() -> None:
    system = System()
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, ids=("email:jo@tiny.example",), key="jo",
               company={"name": "Tiny", "domain": "tiny.example", "employees": 3, "country": "US"},
               traits={"first_name": "Jo"}, consent=grants(Purpose.EMAIL_MARKETING)),
    )  # fmt: skip
    assert [mail["to"] for mail in system.wire.mails] == ["jo@tiny.example"]

    told = system.say("undo", what="jo@tiny.example", confirm=True)

    assert ways(told) == {"cannot": 1}
    assert told.data["put_in"] == 0
    assert "can't be taken back" in told.text


def test_a5_17_a_person_is_found_under_the_ids_that_they_had() -> None:
    system = System()
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, ids=("email:jane@acmepay.example",), company=FINTECH,
               traits={"title": "VP Finance"}, consent=grants(Purpose.EMAIL_MARKETING)),
    )  # fmt: skip
    system.play(signal(minute=2, ids=(RAVI,)), signal(minute=3, ids=("email:old@acmepay.example",)))
    former = system.profile(JANE).profile_id
    system.say("merge", left="email:old@acmepay.example", right=JANE)
    assert system.profile(JANE).profile_id == system.profile("old@acmepay.example").profile_id

    for name in (former, JANE, "old@acmepay.example"):
        assert ways(system.ask("undo", what=name)) == {"take_back": 1}
    assert ways(system.ask("undo", what="ravi@freight.example")) == {}


def test_a5_17_a_date_bounds_what_is_taken_back() -> None:
    system = handed_off()
    tomorrow = (system.now + timedelta(days=1)).date().isoformat()

    later = system.ask("undo", what="ae_handoff", since=tomorrow)
    today = system.ask("undo", what="ae_handoff", since=system.now.date().isoformat())

    assert ways(later) == {}
    assert ways(today) == {"take_back": 1}
    assert ways(system.ask("undo", what=JANE, since=tomorrow)) == {}


@pytest.mark.parametrize(
    ("asked", "kind", "says"),
    [
        ({"what": "dec_1"}, MissingError, "whole id"),
        ({"what": "act_1"}, MissingError, "outbox"),
        ({"what": "ae_handof"}, MissingError, "did you mean ae_handoff"),
        ({"what": "nobody@nowhere.example"}, MissingError, "person known as"),
        ({"what": "ae_handoff", "since": "yesterday"}, MalformedError, "no date"),
    ],
)
def test_a5_17_what_is_not_there_is_said(
    asked: dict[str, Any], kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind, match=says):
        handed_off().ask("undo", **asked)


def test_a5_17_only_operators_may_say_it() -> None:
    with pytest.raises(RejectedError):
        handed_off().ask("undo", agent="assistant", what=JANE, confirm=True)


def test_a5_17_nobody_from_outside_can_order_it() -> None:
    system = handed_off()
    action = system.history[-1][4].action_id  # type: ignore[attr-defined]  the run's delivery
    forged = signal(SignalKind.RECALL_ORDERED, key="forged", properties={"recall": (action,)})

    system.receive([forged])
    system.settle()

    assert "binned" not in tasks(system)
    assert any("forbidden" in reason for reason in system.parked)


@pytest.mark.parametrize("leave_done", [False, True])
def test_a5_17_an_unmerge_takes_back_what_was_done_since(*, leave_done: bool) -> None:
    system = System()
    shared = "hubspot_id:77"
    system.play(signal(ids=("email:jane@acmepay.example", shared), company=FINTECH))
    system.play(signal(minute=1, ids=(RAVI,)))
    system.play(signal(minute=3, ids=(RAVI, shared)))
    system.play(
        signal(SignalKind.LEAD_SUBMITTED, minute=90, ids=(RAVI,), company=FINTECH, key="form",
               traits={"title": "VP Finance"}, consent=grants(Purpose.EMAIL_MARKETING)),
    )  # fmt: skip
    assert tasks(system)[:1] == ["task"]
    system.later(hours=2)

    shown = system.ask("unmerge", subject=JANE, identifiers=(RAVI,), dry_run=True)
    assert "it is taken back with the split" in shown.text
    system.say("unmerge", subject=JANE, identifiers=(RAVI,), leave_done=leave_done)

    assert ("binned" in tasks(system)) is not leave_done
    kept = [Delivery.parse(r.body) for r in system.tables["actions"].scan() if r.sk == "DELIVERY"]
    said = [one.undone.why for one in kept if one.undone]
    assert said == ([] if leave_done else ["they were taken for somebody else"])


def test_a5_17_what_has_not_left_is_shown_as_such_and_stopped() -> None:
    system = System()
    system.wire.failures = ["503"]
    system.play(*browsing(4))
    system.receive([jane()])
    [event] = [e for e in system.drain() if isinstance(e, ProfileUnified)]
    said: Any = event
    for layer in ("lifecycle", "policy", "decisioning", "action"):
        said = system.step(layer, said, Moment(event.run_at, "execution"))
    assert isinstance(said, ActionHeld)

    shown = system.ask("undo", what=said.decided.decision_id)
    system.say("undo", what=JANE, why="too early", confirm=True)
    ended: Any = system.step("action", said.decided, Moment(said.held_until, "execution"))

    assert ways(shown) == {"stop": 1}
    assert (ended.status.value, ended.reason) == ("skipped", "recalled: too early")
    assert tasks(system) == []
    assert ways(system.ask("undo", what=JANE)) == {"nothing": 1}


def test_a5_17_a_date_from_before_decisions_are_found_by_their_day_is_not_said_to_be_all() -> None:
    told = handed_off().ask("undo", what="ae_handoff", since="2020-01-01")

    assert ways(told) == {"take_back": 1}
    assert told.data["complete"] is False
    assert "of the latest only" in told.text
