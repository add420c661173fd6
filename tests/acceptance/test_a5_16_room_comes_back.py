"""Rows A.5.9 and A.5.16: what never left gives back what it took of budgets, caps and limits."""

from datetime import timedelta
from typing import Any

import pytest

from functions.action.unsent import tell_unsent
from functions.decisioning.give_back import give_back
from functions.decisioning.touches import BY_HUMAN, Lately
from mos.aws.bundles import BundleStore
from mos.errors import ConflictError
from mos.events import ActionDecided, ActionDelivered, ActionUnsent
from mos.events.retell import retell
from mos.memory.bucket import FakeBucket
from mos.memory.table import FakeTable
from mos.model.consent import Purpose
from mos.model.decision import Decision
from mos.model.delivery import DeliveryStatus
from mos.model.signal import SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment
from tests.acceptance.test_a4_20_one_account import decide, event
from tests.acceptance.test_a5_09_one_person import Runs, once
from tests.builders import NOON, grants, signal, without_holdout
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

LATER = NOON + timedelta(hours=1)


def of_store(bundle: Bundle) -> BundleStore:
    store = BundleStore(FakeBucket())
    store.publish(bundle)
    return store


def unsent(said: ActionDecided) -> ActionUnsent:
    [told] = tell_unsent(said, DeliveryStatus.SKIPPED, "expired")
    return told


def heard(runs: Runs) -> list[ActionDecided]:
    """Return a list in which everything that is decided from now on stands."""
    said, keep = list[ActionDecided](), runs.decide

    def decide_and_note(made: Any) -> ActionDecided:
        said.append(keep(made))
        return said[-1]

    runs.decide = decide_and_note  # type: ignore[method-assign]
    return said


def took(table: FakeTable, *subjects: str) -> dict[str, int]:
    return {one: len(Lately.read(table, one).touches) for one in subjects}


def used(table: FakeTable) -> float:
    cells = [r for r in table.scan() if r.pk.startswith("VOLUME#")]
    assert all(r.numbers["used"] >= 0 for r in cells)
    return sum(r.numbers["used"] for r in cells)


def test_a5_16_a_hand_off_that_never_left_frees_person_group_account_rep_and_the_days_limit() -> (
    None
):
    bundle, table = without_holdout(), FakeTable()
    run = decide(table, bundle)
    said = run(event(bundle, "run_1", "grp_a", ["per_1"]))
    whom = ("per_1", "grp_a", "acc_1", f"rep:{said.owner}")
    before = took(table, *whom), used(table)

    for _ in range(2):
        give_back(unsent(said), Moment(LATER), table, of_store(bundle).load)

    assert said.action.name == "ae_handoff"
    assert before == (dict.fromkeys(whom, 1), 100)
    assert (took(table, *whom), used(table)) == (dict.fromkeys(whom, 0), 0)
    assert Lately.read(table, "acc_1").moments(BY_HUMAN) == []
    again = run(event(bundle, "run_2", "grp_b", ["per_1"], hours=0.5))
    assert again.action.name == "ae_handoff"


def test_a5_16_of_somebody_merged_since_it_comes_back_where_it_was_counted() -> None:
    runs = Runs()
    said = heard(runs)
    assert runs.run("per_old", 0) == "email_roi"
    assert runs.run("per_new", 2, once("per_old")) != "email_roi"

    give_back(unsent(said[0]), Moment(LATER), runs.table, runs.store.load)

    assert runs.run("per_new", 3, once("per_old")) == "email_roi"


def test_a5_16_what_was_noted_under_former_ids_is_taken_out_there_too() -> None:
    runs = Runs()
    said = heard(runs)
    assert runs.run("per_new", 0, once("per_old")) == "email_roi"

    give_back(unsent(said[0]), Moment(LATER), runs.table, runs.store.load)

    assert runs.run("per_old", 0.1) == "email_roi"


def test_a5_16_a_window_that_is_over_gets_nothing_back() -> None:
    bundle, table = without_holdout(), FakeTable()
    said = decide(table, bundle)(event(bundle, "run_1", "grp_a", ["per_1"]))

    give_back(unsent(said), Moment(NOON + timedelta(days=30)), table, of_store(bundle).load)

    assert used(table) == 100
    assert took(table, "per_1", "acc_1") == {"per_1": 0, "acc_1": 0}


def test_a5_16_where_other_runs_are_faster_each_time_the_bus_asks_again() -> None:
    class Busy(FakeTable):
        def transact(self, changes: Any, token: str) -> None:
            raise ConflictError(token)

    bundle, table = without_holdout(), Busy()
    said = decide(made := FakeTable(), bundle)(event(bundle, "run_1", "grp_a", ["per_1"]))
    table.items, table._sorts = made.items, made._sorts  # noqa: SLF001  a copy of this test's own

    with pytest.raises(ConflictError):
        give_back(unsent(said), Moment(LATER), table, of_store(bundle).load)


def test_a5_16_a_decision_is_told_again_from_its_record_to_the_byte() -> None:
    system = System()
    system.play(*browsing(4))
    system.play(jane())
    told = [e for run in system.history for e in run if isinstance(e, ActionDecided)]

    for said in told:
        record = system.tables["decisions"].get(f"DECISION#{said.decision_id}", "DECISION")
        decision = Decision.parse(record.body)
        action = system.bundle.actions[decision.action]
        assert retell(decision, action).canonical() == said.canonical()


def mailed_late() -> tuple[System, ActionDecided]:
    """Return a system in which a mail was decided on for Jane, and nobody has carried it out."""
    system = System()
    system.play(*browsing(4))
    steps, system._steps = system._steps, {  # noqa: SLF001  the run dies on the way
        **system._steps, "action": lambda *_: (_ for _ in ()).throw(RuntimeError("died")),  # noqa: SLF001
    }  # fmt: skip
    with pytest.raises(RuntimeError):
        system.play(jane())
    system._steps = steps  # noqa: SLF001
    [said] = [
        r for r in system.tables["decisions"].scan()
        if r.sk == "DECISION" and Decision.parse(r.body).channel != "none"
    ]  # fmt: skip
    decision = Decision.parse(said.body)
    return system, retell(decision, system.bundle.actions[decision.action])


def person_of(said: ActionDecided) -> str:
    assert said.person_id is not None
    return said.person_id


def test_a5_16_what_is_parked_gives_its_room_back_when_it_expires_and_not_before() -> None:
    system, said = mailed_late()
    whom, ledger = (person_of(said), said.group_id, said.account_id), system.tables["decisions"]

    early = system.sweep(system.now + timedelta(minutes=20))
    held = took(ledger, *whom)
    late = [system.sweep(said.expires_at + timedelta(hours=1)) for _ in range(2)]

    assert early == {"runs_open": 1, "runs_expired": 0}
    assert held == dict.fromkeys(whom, 1)
    assert [one["runs_expired"] for one in late] == [1, 0]
    assert took(ledger, *whom) == dict.fromkeys(whom, 0)
    told = system.step("action", said, Moment(said.expires_at + timedelta(hours=2)))
    assert isinstance(told, ActionDelivered)
    assert (told.status, told.reason) == (DeliveryStatus.SKIPPED, "expired")


def test_a5_16_a_run_that_is_redriven_in_time_keeps_its_room() -> None:
    system, said = mailed_late()
    system.sweep(system.now + timedelta(minutes=20))

    told = system.step("action", said, Moment(system.now + timedelta(minutes=30)))
    late = system.sweep(said.expires_at + timedelta(hours=1))

    assert isinstance(told, ActionDelivered)
    assert told.status is DeliveryStatus.SENT
    assert late["runs_expired"] == 0
    assert not [r for r in system.tables["actions"].scan() if r.pk == "OPEN"]
    assert took(system.tables["decisions"], person_of(said)) == {person_of(said): 1}


def test_a5_16_who_withdraws_before_it_leaves_has_the_room_back() -> None:
    system, said = mailed_late()
    system.play(
        signal(
            SignalKind.CONSENT_CHANGED, minute=20, ids=("email:jane@acmepay.example",),
            consent=grants(*Purpose, granted=False), key="no",
        )
    )  # fmt: skip

    told = system.step("action", said, Moment(system.now))

    assert isinstance(told, ActionDelivered)
    assert told.status in {DeliveryStatus.REFUSED, DeliveryStatus.SKIPPED}
    assert took(system.tables["decisions"], person_of(said)) == {person_of(said): 0}


def test_a5_16_of_what_may_have_arrived_nothing_comes_back() -> None:
    bundle, table = without_holdout(), FakeTable()
    said = decide(table, bundle)(event(bundle, "run_1", "grp_a", ["per_1"]))

    for status in (DeliveryStatus.UNKNOWN, DeliveryStatus.SENT, DeliveryStatus.CLAIMED):
        assert tell_unsent(said, status, "nobody knows") == []


def test_a5_16_what_ended_while_nobody_heard_is_said_again() -> None:
    system, said = mailed_late()
    hear, system.hear = system.hear, lambda *_: None  # type: ignore[method-assign]
    late = said.expires_at + timedelta(seconds=1)
    system.step("action", said, Moment(late))
    system.hear = hear  # type: ignore[method-assign]

    system.sweep(system.now + timedelta(minutes=20))

    assert took(system.tables["decisions"], person_of(said)) == {person_of(said): 0}
