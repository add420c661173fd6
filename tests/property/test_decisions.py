"""A decision is eligible, has known odds, keeps to its budgets and can be made again to the bit."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.decisioning.decide import Known, decide, room_of
from functions.decisioning.gates import judge, options
from functions.decisioning.handler import step
from functions.decisioning.replay import replay
from functions.decisioning.repository import Arms, Ledger
from functions.decisioning.touches import Lately
from functions.policy.permit import permit
from mos.events import ActionDecided, ActionsPermitted
from mos.memory.asker import FakeAsker
from mos.memory.table import FakeTable
from mos.memory.timers import FakeTimers
from mos.model.decision import Decision, PersonFacts
from mos.model.past import Past
from mos.ports import Moment
from tests.builders import NOON
from tests.property.steps import permitted, placed, store
from tests.property.worlds import modest, policy

NEVER = Past()
EAGER = {
    "person.hours_since.page": 0.5,
    "person.known": True,
    "person.reachable_by_email": True,
    "person.engagement": 90.0,
    "person.consents": ("email_marketing", "advertising"),
}

pauses = st.dictionaries(
    st.sampled_from(list(policy().actions)), st.sampled_from([1.0, 400.0, 900.0]), max_size=4
)


@modest(25)
@given(permitted())
def test_the_odds_of_a_decision_add_up_to_one(event: ActionsPermitted) -> None:
    decision = decide(event, Known(NEVER, ()), policy())

    odds = [c.probability for c in decision.candidates]
    assert sum(odds) == pytest.approx(1, abs=1e-9)
    assert all(0 <= p <= 1 for p in odds)
    assert all(c.probability == 0 for c in decision.candidates if c.fell)
    assert decision.probability > 0


@modest(25)
@given(permitted())
def test_what_is_chosen_has_passed_every_gate(event: ActionsPermitted) -> None:
    decision = decide(event, Known(NEVER, ()), policy())

    passed = {
        (o.person.person_id, o.action.name, o.treatment.name)
        for o in options(
            event.people, event.group_facts, event.verdicts, policy(), event.occurred_at
        )
        if judge(o, room_of(event, Known(NEVER, ()), policy()), policy()).fell is None
    }
    if decision.person_id is not None:
        assert (decision.person_id, decision.action, decision.treatment) in passed


@modest(25)
@given(permitted())
def test_nobody_is_chosen_for_what_they_have_not_agreed_to(event: ActionsPermitted) -> None:
    decision = decide(event, Known(NEVER, ()), policy())

    purpose = policy().actions[decision.action].purpose
    if decision.person_id is not None and purpose is not None:
        facts = next(p.facts for p in event.people if p.person_id == decision.person_id)
        granted = facts["person.consents"]
        by_interest = facts.get(f"person.basis.{purpose}") == "legitimate_interest"
        assert isinstance(granted, tuple)
        assert purpose in granted or (purpose == "phone_sales" and by_interest)
        assert purpose not in facts["person.withdrawn"]  # type: ignore[operator]
        assert "all" not in facts["person.suppressed"]  # type: ignore[operator]


@pytest.mark.slow
@modest(25)
@given(permitted(), pauses)
def test_a_recorded_decision_is_made_again_to_the_bit(
    event: ActionsPermitted, hours: dict[str, float]
) -> None:
    past = Past(hours_since={f"per_0|{name}": h for name, h in hours.items()})
    made = decide(event, Known(past, ()), policy())
    kept = Decision.parse(made.canonical())

    again = replay(kept, policy())

    assert again.canonical() == made.canonical()


@pytest.mark.slow
@modest(25)
@given(permitted())
def test_a_retried_decision_tells_the_same_story(event: ActionsPermitted) -> None:
    table, lessons = FakeTable(), FakeTable()

    first, second = (
        step(event, Moment(NOON), Ledger(table), Arms(lessons), store(), FakeTimers(), FakeAsker())
        for _ in range(2)
    )

    assert first.model_dump_json() == second.model_dump_json()
    assert isinstance(first, ActionDecided)


@pytest.mark.slow
def test_a4_06_a_hundred_runs_at_once_never_pass_a_cap_and_none_errs() -> None:
    decisions, said, lost = FakeTable(), [], []
    fact = {"account.is_company": True, "account.employees": 900, "account.industry": "fintech",
            "group.stage": "engaged", "account.stage": "engaged"}  # fmt: skip
    crowd = [PersonFacts(person_id=f"per_{i}", facts=dict(EAGER)) for i in range(6)]
    events = [permit(placed(crowd, dict(fact), f"run_{i}"), policy()) for i in range(100)]
    start = threading.Barrier(100)

    def run(event: ActionsPermitted) -> None:
        start.wait()
        ledger, arms = Ledger(decisions), Arms(FakeTable())
        try:
            asker = FakeAsker()
            said.append(step(event, Moment(NOON), ledger, arms, store(), FakeTimers(), asker))
        except Exception as error:  # noqa: BLE001  whatever it is, it must not be
            lost.append(error)

    threads = [threading.Thread(target=run, args=(event,)) for event in events]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    touches = [d for d in said if d.action.touches]
    mails = [d.person_id for d in touches if d.channel == "email"]
    assert lost == []
    assert len(said) == 100
    assert len(touches) == 4
    assert len(set(mails)) == len(mails)
    assert len(Lately.read(decisions, "grp_1").touches) == 4
