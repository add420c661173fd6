"""Row A.3.10: a hand-off that we took back ourselves leaves no promise, and nobody who broke it."""

from dataclasses import replace
from typing import Any

import pytest

from functions.decisioning.touches import Lately
from mos.errors import MissingError
from mos.events import SlaChanged
from mos.model.consent import Purpose
from mos.model.delivery import Delivery, DeliveryReceipt, DeliveryStatus
from mos.model.signal import SignalKind
from mos.model.stage import ClockStatus
from tests.acceptance.test_a3_10_broken_promise import (
    bob,
    handed,
    inbox,
    left_waiting,
    notices,
)
from tests.builders import grants, signal
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

WHY = "they are a competitor"
JANE = "jane@acmepay.example"


def undo(system: System, decision_id: str) -> None:
    system.later(minutes=1)
    system.say("undo", what=decision_id, confirm=True, why=WHY)


def decided_anew(system: System) -> str:
    system.say("decide", subject=JANE, fresh=True)
    return system.ask("why", subject=JANE).text


def promises(system: System, status: ClockStatus) -> list[Any]:
    said = [e for e in system.notes.events if isinstance(e, SlaChanged)]
    return [e for e in said if e.clock.status is status]


def test_nothing_is_made_anew_and_nobody_told_of_a_task_that_was_undone() -> None:
    system = left_waiting()
    [first] = handed(system)
    undo(system, first.decision_id)

    system.wake(hours=10)

    assert handed(system) == [first]
    assert inbox(system) == ["task", "binned"]
    assert notices(system) == []
    assert system.ask("outbox", hours=48).data["notices"] == []
    assert not promises(system, ClockStatus.BREACHED)


def test_history_and_trace_say_why_no_promise_was_broken() -> None:
    system = left_waiting()
    undo(system, handed(system)[0].decision_id)
    system.wake(hours=10)

    history = system.ask("stage", subject=JANE, history=True).text
    runs = [run[0].run_id for run in system.history]  # type: ignore[attr-defined]
    traced = "\n".join(system.ask("trace", id=one).text for one in runs)

    for said in (history, traced):
        assert f"its hand-off was taken back on 2026-11-02 12:32 UTC: {WHY}" in said
    assert WHY in system.ask("trace", id=handed(system)[0].decision_id).text


def test_a_moment_before_it_was_taken_back_knows_nothing_of_that() -> None:
    system = left_waiting()
    before = system.now.isoformat()
    undo(system, handed(system)[0].decision_id)
    system.wake(hours=10)
    after = system.now.isoformat()

    then = system.ask("at", subject=JANE, as_of=before).text
    since = system.ask("at", subject=JANE, as_of=after).text
    stood = system.ask("stage", subject=JANE, as_of=before).text

    for said in (then, stood):
        assert "promise first_touch: due" in said
        assert "taken back" not in said
        assert WHY not in said
    assert f"its hand-off was taken back on 2026-11-02 12:32 UTC: {WHY}" in since


def test_a_task_that_was_stopped_while_it_waited_leaves_no_promise_either() -> None:
    system = left_waiting()
    [first] = handed(system)
    actions = system.tables["actions"]
    [pointer] = actions.query(f"GROUP#{first.group_id}", prefix="ACTION#")
    record = actions.get(pointer.sk, "DELIVERY")
    waits = Delivery.parse(record.body).model_copy(
        update={"status": DeliveryStatus.RETRY, "provider_id": None, "handle": {}}
    )
    actions.save(replace(record, body=waits.canonical()))
    actions.delete(pointer.pk, pointer.sk)
    assert system.ask("undo", what=first.decision_id).data["ways"] == {"stop": 1}
    undo(system, first.decision_id)

    system.wake(hours=10)

    assert notices(system) == []
    assert len(promises(system, ClockStatus.VOID)) == 2


def test_who_says_no_is_left_by_no_one_but_their_colleague_still_waits() -> None:
    system = left_waiting()
    no = signal(
        SignalKind.CONSENT_CHANGED, minute=33, ids=(f"email:{JANE}",),
        consent=grants(*Purpose, granted=False), key="no",
    )  # fmt: skip
    system.play(no)
    assert inbox(system) == ["task", "binned"]

    system.wake(hours=10)

    broken = promises(system, ClockStatus.BREACHED)
    assert [e.subject_id for e in broken] == [system.profile("bob@acmepay.example").profile_id]
    let_go = promises(system, ClockStatus.VOID)
    assert {e.subject_id for e in let_go} == {system.profile(JANE).profile_id}
    [told] = notices(system)
    assert "Who had it: ae-olsen" not in told["hs_task_body"]


def test_a_promise_goes_on_while_another_hand_off_of_the_group_stands() -> None:
    system = left_waiting()
    system.wake(hours=10)
    undo(system, handed(system)[0].decision_id)  # It was taken over: the second one stands.

    assert len(promises(system, ClockStatus.BREACHED)) == 2
    assert len(notices(system)) == 1


def test_who_asks_after_the_undo_is_promised_an_answer_again() -> None:
    system = System()
    system.play(*browsing(4), jane())
    undo(system, handed(system)[0].decision_id)
    system.later(minutes=5)
    system.play(bob(minute=40))

    system.wake(hours=10)

    [told] = notices(system)
    assert "Who had it: ae-olsen" not in told["hs_task_body"]


def test_a_promise_that_was_broken_before_the_undo_stays_broken() -> None:
    system = System()
    system.play(*browsing(4), jane())
    [first] = handed(system)
    system.wake(hours=3)
    undo(system, first.decision_id)

    system.wake(hours=10)

    assert [e.clock.status for e in promises(system, ClockStatus.BREACHED)] == ["breached"]
    assert len(notices(system)) == 1


def test_nobody_is_about_to_speak_to_them_once_the_task_is_in_the_bin() -> None:
    system = left_waiting()
    [first] = handed(system)
    whom = (str(first.person_id), first.group_id, first.account_id, f"rep:{first.owner}")
    ledger = system.tables["decisions"]
    assert all(Lately.read(ledger, one).touches for one in whom)
    undo(system, first.decision_id)
    system.later(minutes=1)

    told = decided_anew(system)

    assert {one: Lately.read(ledger, one).touches for one in whom} == {one: [] for one in whom}
    assert "about to speak" not in told
    assert "no room left" not in told
    assert "A hand-off of theirs was taken back within the week" in told


def test_what_the_provider_has_not_taken_back_yet_still_counts() -> None:
    system = left_waiting()
    [first] = handed(system)
    system.wire.failures = ["unavailable"]
    undo(system, first.decision_id)

    assert Lately.read(system.tables["decisions"], str(first.person_id)).touches
    assert "about to speak" in decided_anew(system)


def test_a_task_that_its_rep_had_begun_counts_although_it_was_taken_back() -> None:
    system = left_waiting()
    [first] = handed(system)
    actions = system.tables["actions"]
    [pointer] = actions.query(f"GROUP#{first.group_id}", prefix="ACTION#")
    record = actions.get(pointer.sk, "DELIVERY")
    begun = DeliveryReceipt(name="task.accepted", at=system.now, signal_id="sig_rep")
    delivery = Delivery.parse(record.body).model_copy(update={"receipts": (begun,)})
    actions.save(replace(record, body=delivery.canonical()))
    undo(system, first.decision_id)

    assert inbox(system) == ["task", "binned"]
    assert Lately.read(system.tables["decisions"], str(first.person_id)).touches


def test_every_answer_says_at_once_that_the_promise_ended_with_its_task() -> None:
    system = left_waiting()
    undo(system, handed(system)[0].decision_id)
    system.later(minutes=1)
    soon, late = system.now, system.now.replace(hour=22)

    asked = [
        ("why", {}),
        ("stage", {}),
        *(("at", {"as_of": at.isoformat()}) for at in (soon, late)),
    ]
    for tool, more in asked:
        told = system.ask(tool, subject=JANE, **more).text
        assert f"its hand-off was taken back on 2026-11-02 12:32 UTC: {WHY}" in told, tool
        assert "promise first_touch: due" not in told


def test_what_will_be_of_a_promise_is_one_answer_whoever_is_asked() -> None:
    system = left_waiting()
    before = system.now
    late = system.now.replace(hour=23).isoformat()
    ahead = [system.ask(tool, subject=JANE, as_of=late).text for tool in ("at", "stage")]
    system.wake(hours=11)

    for told in (*ahead, system.ask("stage", subject=JANE).text):
        assert "promise first_touch: breached" in told
    then = system.ask("at", subject=JANE, as_of=before.isoformat()).text
    assert "promise first_touch: due" in then


def test_why_says_first_who_has_them_then_what_was_decided_last() -> None:
    system = left_waiting()
    [first] = handed(system)
    system.wake(hours=0.5)
    had = system.ask("why", subject=JANE).text.splitlines()
    undo(system, first.decision_id)
    told = decided_anew(system).splitlines()

    assert had[0].startswith(f"With {first.owner} (ae_handoff) since 2026-11-02 12:0")
    assert had[1].startswith("Decided wait_until")
    assert told[0].startswith(f"Was with {first.owner} (ae_handoff) since 2026-11-02 12:0")
    assert f"taken back on 2026-11-02 13:02 UTC: {WHY}" in told[0]


def test_why_explains_a_decision_by_its_id() -> None:
    system = left_waiting()
    [first] = handed(system)

    told = system.ask("why", subject=first.decision_id)

    assert told.data["decision"]["decision_id"] == first.decision_id
    assert told.text.startswith("Decided ae_handoff")
    with pytest.raises(MissingError, match="write the whole id"):
        system.ask("why", subject="dec_none")
