"""Rows A.4.6, 7 and 10: one budget for the group, live capacity for reps, whole accounts apart."""

from datetime import timedelta
from typing import Any

import pytest

from functions.decisioning.budget import used
from functions.decisioning.decide import Known, decide
from functions.decisioning.handler import step
from functions.decisioning.repository import Arms, Ledger
from functions.policy.permit import permit
from mos.aws.bundles import BundleStore
from mos.events import ActionDecided, SignalReceived
from mos.memory.asker import FakeAsker
from mos.memory.bucket import FakeBucket
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.model.decision import Decision, Limit, PersonFacts
from mos.model.past import Past
from mos.model.signal import SignalKind
from mos.model.touched import Touched
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment
from tests.builders import NOON, everyone_held_out, without_holdout
from tests.property.steps import placed

WEEK = Limit(scope="group", channel="any", at_most=2, window_hours=168, row="group_week")
GROUP: dict[str, Any] = {
    "account.is_company": True, "account.employees": 900, "account.industry": "fintech",
    "account.country": "US", "group.stage": "qualified", "account.stage": "mqa",
}  # fmt: skip
EAGER = {
    "person.hours_since.page": 0.5,
    "person.known": True, "person.reachable_by_email": True, "person.engagement": 90.0,
    "person.consents": ("email_marketing", "phone_sales"),
}  # fmt: skip


class Desk:
    """The decisioning layer alone, over tables in memory."""

    def __init__(self) -> None:
        self.bundle = without_holdout()
        self.store = BundleStore(FakeBucket())
        self.store.publish(self.bundle)
        self.ledger, self.arms, self.timers = Ledger(FakeTable()), Arms(FakeTable()), FakeTimers()

    def run(self, name: str, people: int = 1, hours: float = 0, **facts: Any) -> ActionDecided:
        own = EAGER | {n: facts.pop(n) for n in list(facts) if n.startswith("person.")}
        crowd = [PersonFacts(person_id=f"per_{i}", facts=dict(own)) for i in range(people)]
        event = placed(crowd, GROUP | facts, name)
        at = NOON + timedelta(hours=hours)
        event = event.model_copy(update={"bundle": self.bundle.digest, "occurred_at": at})
        moment = Moment(at)
        return step(
            permit(event, self.bundle),
            moment,
            self.ledger,
            self.arms,
            self.store,
            self.timers,
            FakeAsker(),
        )

    def record(self, said: ActionDecided) -> Decision:
        found = self.ledger.find(said.decision_id)
        assert found is not None
        return found


def test_a4_06_the_choice_is_a_person_and_an_action_over_the_whole_group() -> None:
    desk = Desk()

    decision = desk.record(desk.run("run_1", people=4))

    assert {c.person_id for c in decision.candidates} == {None, *(f"per_{i}" for i in range(4))}
    assert sum(c.probability for c in decision.candidates) == pytest.approx(1)


def test_a4_06_a_window_slides_no_burst_slips_through_at_its_border() -> None:
    touches = [Touched(NOON, "email"), Touched(NOON + timedelta(hours=160), "hubspot_task")]

    before = used(touches, WEEK, NOON + timedelta(hours=167))
    after = used(touches, WEEK, NOON + timedelta(hours=169))

    assert before == (2, 1.0)
    assert after == (1, None)


def test_a4_06_one_persons_touch_uses_up_the_groups_budget() -> None:
    desk = Desk()

    mail = {"group.stage": "engaged", "person.consents": ("email_marketing",)}
    said = [desk.run(f"run_{i}", people=6, hours=i / 10, **mail) for i in range(12)]

    touched = [s for s in said if s.action.touches]
    assert len(touched) <= 4
    assert any(c.fell and c.fell.row == "over_limit" for c in desk.record(said[-1]).candidates)


@pytest.mark.slow
def test_a4_05_waiting_sets_a_timer_that_makes_the_group_decide_again() -> None:
    desk = Desk()
    said = [desk.run(f"run_{i}", people=6, hours=i) for i in range(12)]
    waits = [s for s in said if s.action.name == "wait_until"]

    timers = desk.timers.fire(NOON + timedelta(days=90))

    assert waits
    signals = [SignalReceived.parse(timer.body).signal for timer in timers]
    assert {s.kind for s in signals} == {SignalKind.TIMER_DUE}
    assert {s.properties["decision_id"] for s in signals} == {w.decision_id for w in waits}
    until = {desk.record(w).wait_until for w in waits}
    assert {t.at for t in timers} == until


def test_a4_07_a_hand_off_goes_to_whose_turn_it_is_and_who_has_room() -> None:
    event = permit(placed([PersonFacts(person_id="per_0", facts=EAGER)], GROUP), without_holdout())
    room = {rep: int(most) for rep, most in (e.split(":") for e in event.route.line)}

    free = decide(event, Known(Past(), ()), without_holdout())
    busy = decide(event, Known(Past(loads={"ae-olsen": room["ae-olsen"]}), ()), without_holdout())

    assert free.action == busy.action == "ae_handoff"
    assert (free.owner, free.owner_why) == (
        "ae-olsen",
        "the rota's turn: 0 today at a weight of 2, the least of 3",
    )
    assert busy.owner in set(room) - {"ae-olsen"}


def test_a4_07_where_nobody_in_line_has_room_the_hand_off_falls_and_says_so() -> None:
    event = permit(placed([PersonFacts(person_id="per_0", facts=EAGER)], GROUP), without_holdout())
    full = {rep: int(most) for rep, most in (e.split(":") for e in event.route.line)}

    decision = decide(event, Known(Past(loads=full), ()), without_holdout())

    rows = {c.action: c.fell.row for c in decision.candidates if c.fell}
    assert rows["ae_handoff"] == "rep_full"
    assert decision.channel != "hubspot_task"
    assert decision.past.loads == full


def test_a4_07_what_a_rep_holds_is_counted_with_the_decision_that_gives_it() -> None:
    desk = Desk()

    said = desk.run("run_1")
    again = desk.run("run_2", hours=1)

    assert said.action.name == "ae_handoff"
    assert desk.record(again).past.loads == {said.owner: 1}


@pytest.mark.parametrize(
    ("facts", "action"),
    [
        ({"group.roles": ("champion",), "group.missing_roles": ("economic_buyer",),
          "group.days_without.economic_buyer": 30}, "find_economic_buyer"),
        ({"group.stage": "pipeline"}, "owner_alert"),
    ],
)  # fmt: skip
def test_a4_06_gaps_and_open_deals_are_candidates_too(facts: dict[str, Any], action: str) -> None:
    event = permit(placed([PersonFacts(person_id="per_0", facts=EAGER)], GROUP | facts),
                   without_holdout())  # fmt: skip

    decision = decide(event, Known(Past(), ()), without_holdout())

    [gate] = {c.fell.row if c.fell else "passed" for c in decision.candidates if c.action == action}
    assert gate in {"passed", "no_such_channel"}


def test_a4_10_a_control_account_is_a_decision_with_its_reason_and_no_other_is() -> None:
    event = permit(placed([PersonFacts(person_id="per_0", facts=EAGER)], GROUP), without_holdout())

    held = decide(event, Known(Past(), ()), everyone_held_out())
    free = decide(event, Known(Past(), ()), without_holdout())

    assert (held.held_out, held.action, held.probability) == (True, "do_nothing", 1.0)
    assert held.reason.startswith("held_out")
    assert held.bids == {}
    assert free.held_out is False


def test_a4_10_a_control_account_still_gets_what_it_asked_for() -> None:
    path = "actions/find_economic_buyer.toml"
    asked = 'klass = "transactional"\n' + everyone_held_out().text(path)
    bundle = Bundle(everyone_held_out().files | {path: asked.encode()})
    event = permit(placed([PersonFacts(person_id="per_0", facts=EAGER)], GROUP), bundle)

    decision = decide(event, Known(Past(), ()), bundle)

    assert (decision.held_out, decision.action) == (True, "find_economic_buyer")
    assert {c.outranked for c in decision.candidates if c.action == "ae_handoff"} == {
        "transactional"
    }


def test_a4_10_each_kind_of_action_has_a_control_group_of_its_own() -> None:
    [paid] = [h for h in without_holdout().holdouts if h.issue == "acquisition"]
    other = paid.model_copy(update={"name": "another"})
    accounts = [f"acc_{i}" for i in range(3000)]

    held = {a for a in accounts if paid.holds(a)}

    assert 0.08 < len(held) / len(accounts) < 0.12
    assert held == {a for a in accounts if paid.holds(a)}
    assert len(held & {a for a in accounts if other.holds(a)}) < len(held) / 2


def test_a4_10_who_is_in_it_is_recorded_with_the_row_and_gets_everything_else() -> None:
    [paid] = [h for h in without_holdout().holdouts if h.issue == "acquisition"]
    held = next(f"acc_{i}" for i in range(1000) if paid.holds(f"acc_{i}"))
    person = PersonFacts(
        person_id="per_0", facts=EAGER | {"person.consents": ("advertising", "email_marketing")}
    )
    event = placed([person], GROUP | {"group.stage": "engaged"})
    event = event.model_copy(update={"account_id": held})

    decision = decide(permit(event, without_holdout()), Known(Past(), ()), without_holdout())

    rows = {c.action: c.fell.row for c in decision.candidates if c.fell}
    assert rows["retarget"] == "control_group"
    assert decision.held_out is False
    assert decision.action != "do_nothing"
