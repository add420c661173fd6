"""Row A.3.10: a broken promise gives the group to the next in line, and takes the old task back."""

from typing import Any

import pytest

from functions.decisioning.turn import take_turn
from functions.policy.permit import known_facts
from functions.policy.route import route_of
from mos.events import ActionDecided
from mos.model.past import Past
from mos.model.signal import Identifier, Signal, SignalKind
from tests.acceptance.test_a3_turns import BDR, MONDAY
from tests.acceptance.test_a5_10_task_receipts import status
from tests.builders import signal
from tests.journey.test_the_path import FINTECH, browsing, jane
from tests.property.worlds import policy
from tests.system_in_process import System


def bob(minute: float = 30) -> Signal:
    """A colleague of Jane's, whom nobody answers either: two are left waiting."""
    return signal(
        SignalKind.LEAD_SUBMITTED, minute=minute, ids=("email:bob@acmepay.example",), key="bob",
        company=FINTECH, traits={"title": "CFO", "country": "US"},
    )  # fmt: skip


def left_waiting() -> System:
    """Jane's form leads to a task at noon; it is night in Austin, and nobody works at it."""
    system = System()
    system.play(*browsing(4), jane())
    system.play(bob())
    return system


def handed(system: System) -> list[ActionDecided]:
    """Return the tasks that were decided, in their order."""
    every = [e for run in system.history for e in run if isinstance(e, ActionDecided)]
    return [e for e in every if e.channel == "hubspot_task"]


def inbox(system: System) -> list[str]:
    return [kept["what"] for kept in system.wire.inbox if kept["channel"] == "hubspot_task"]


def test_the_old_task_is_taken_back_once_another_has_it() -> None:
    system = left_waiting()
    [first] = handed(system)

    system.wake(hours=10)

    second = handed(system)[-1]
    assert second.owner != first.owner
    assert second.replaces == (first.decision_id,)
    assert inbox(system) == ["task", "task", "binned"]
    shown = system.ask("undo", what=first.decision_id)
    assert shown.data["ways"] == {"undone": 1}
    assert "another rep has it now" in shown.data["rows"][0]["says"]


def test_who_took_it_after_the_promise_broke_keeps_it() -> None:
    system = left_waiting()
    system.wake(hours=10)
    before = handed(system)

    system.wake(days=20)

    assert {e.owner for e in handed(system)[len(before) - 1 :]} == {before[-1].owner}
    assert all(e.replaces == () for e in handed(system)[len(before) :])


def test_where_the_new_task_does_not_arrive_the_old_one_stays() -> None:
    system = left_waiting()
    system.wire.failures += ["400"]

    system.wake(hours=10)

    assert len(handed(system)) == 2
    assert inbox(system) == ["task"]


def test_a_task_that_its_owner_has_completed_stays_theirs() -> None:
    system = left_waiting()
    system.play(*status(system, "COMPLETED", at=system.later(minutes=1)))
    system.play(bob(minute=40).model_copy(update={
        "identifiers": (Identifier(type="email", value="eve@acmepay.example"),), "signal_id": "sig_eve",
    }))  # fmt: skip

    system.wake(hours=10)

    assert handed(system)[-1].replaces == (handed(system)[0].decision_id,)
    assert inbox(system) == ["task", "task"]


def test_the_decision_can_be_made_again_from_its_record() -> None:
    system = left_waiting()
    system.wake(hours=10)
    last = handed(system)[-1]

    told = system.ask("replay", decision_id=last.decision_id)

    assert last.replaces
    assert told.data["same"] is True


@pytest.mark.parametrize(("took", "stays"), [(5.0, False), (0.5, True)])
def test_only_who_had_it_when_it_broke_is_passed_over(took: float, stays: bool) -> None:  # noqa: FBT001  a case of the table
    broken: dict[str, Any] = {"group.sla_breached": True, "group.hours_since_sla_breach": 2.0}
    route = route_of(known_facts(BDR | broken, MONDAY, policy()), "acc_1", policy())

    turn = take_turn(route, Past(keeper="bdr-novak", keeper_hours=took))

    assert turn
    assert (turn.rep == "bdr-novak") is stays
    assert turn.instead_of == (None if stays else "bdr-novak")
