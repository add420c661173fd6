"""The next best action, the hold-out, and what learning changes."""

import pytest

from functions.decisioning.arbitrate import Exploring, draw, odds
from functions.decisioning.decide import Known, decide
from functions.decisioning.learned import Learned
from functions.policy.permit import permit
from mos.model.action import Candidate
from mos.model.decision import Arm, PersonFacts
from mos.model.experiment import is_held_out
from mos.model.past import Past
from tests.builders import everyone_held_out
from tests.property.steps import placed
from tests.property.worlds import policy

READER = PersonFacts(
    person_id="per_1",
    facts={
        "person.known": True, "person.reachable_by_email": True, "person.engagement": 20.0,
        "person.hours_since.page": 0.5,
        "person.consents": ("email_marketing",), "person.top_interest": "security",
    },
)  # fmt: skip
GROUP = {"account.is_company": True, "group.stage": "engaged", "account.stage": "engaged"}
EVENT = permit(placed([READER], dict(GROUP)), policy())
NEVER = Past()


def candidate(priority: float) -> Candidate:
    name = f"a{priority:g}"
    return Candidate(person_id="p", action=name, treatment="t", channel="c", priority=priority)


def test_a_security_reader_gets_the_security_mail() -> None:
    decision = decide(EVENT, Known(NEVER, ()), policy())

    assert (decision.action, decision.person_id) == ("email_security", "per_1")


def test_a_hold_out_is_recorded_as_a_decision_to_leave_alone() -> None:
    decision = decide(EVENT, Known(NEVER, ()), everyone_held_out())

    assert decision.held_out
    assert (decision.action, decision.probability) == ("do_nothing", 1.0)
    assert decision.reason.startswith("held_out")


def test_a_whole_account_is_held_out_or_none_of_it() -> None:
    share = sum(is_held_out(f"acc_{i}", 5) for i in range(4000)) / 4000

    assert is_held_out("acc_1", 100)
    assert not is_held_out("acc_1", 0)
    assert share == pytest.approx(0.05, abs=0.015)


def test_what_succeeded_is_more_likely_and_what_failed_less() -> None:
    action = policy().actions["email_welcome"]
    arm = Arm(segment="s", action=action.name, treatment="plain", trials=30, successes=15)

    won = Learned("s", (arm,)).action(action).mean
    lost = Learned("s", (arm.model_copy(update={"successes": 0.0}),)).action(action).mean

    assert lost < Learned("s").action(action).mean == 0.1 < won
    assert won == pytest.approx(0.3)


def test_a_cap_without_room_makes_waiting_a_candidate() -> None:
    full = Past(used={"grp_1#any#168h": 4})

    decision = decide(EVENT, Known(full, ()), policy())

    assert "wait_until" in [c.action for c in decision.candidates]
    assert decision.person_id is None


def test_a_fallen_candidate_remembers_gate_row_and_facts() -> None:
    again = Past(hours_since={"per_1|email_security": 24.0})

    decision = decide(EVENT, Known(again, ()), policy())

    fell = next(c.fell for c in decision.candidates if c.action == "email_security")
    assert fell is not None
    assert (fell.gate, fell.row) == ("contact_policy", "same_mail_again")
    assert fell.facts["action.hours_since_same"] == 24.0


def test_the_better_one_is_likelier_and_a_seed_draws_what_its_odds_say() -> None:
    chances = odds([candidate(10.0), candidate(5.0), candidate(0.0)], Exploring(60))

    drawn = [draw(chances, str(seed)) for seed in range(4000)]

    assert chances[0] > chances[1] > chances[2] > 0
    assert drawn.count(0) / 4000 == pytest.approx(chances[0], abs=0.02)
    assert draw(chances, "7") == draw(chances, "7")
