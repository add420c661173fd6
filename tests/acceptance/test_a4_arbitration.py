"""Rows A.4.2 to 5, 8, 18 and 20: what a candidate is worth, and how one is drawn."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.decisioning.arbitrate import Exploring, draw, odds, priority_of
from functions.decisioning.decide import Known, decide
from functions.decisioning.learned import Learned
from functions.policy.permit import permit
from mos.model.action import Action, Candidate
from mos.model.decision import Arm, Decision, PersonFacts
from mos.model.past import Past
from mos.policy.action_cost import cost_of
from mos.policy.bundle.bundle import Bundle
from tests.builders import starter, without_holdout
from tests.property.steps import placed
from tests.property.worlds import modest

READER = PersonFacts(
    person_id="per_1",
    facts={
        "person.known": True, "person.reachable_by_email": True, "person.engagement": 60.0,
        "person.hours_since.page": 0.5,
        "person.consents": ("email_marketing", "phone_sales", "advertising"),
        "person.top_interest": "security",
    },
)  # fmt: skip
GROUP: dict[str, Any] = {
    "account.is_company": True, "account.employees": 900, "account.industry": "fintech",
    "group.stage": "engaged", "account.stage": "engaged",
}  # fmt: skip
NEVER = Past()


def bundle(**files: str) -> Bundle:
    texts = {f"{name.replace('__', '/')}.toml": text.encode() for name, text in files.items()}
    return Bundle(without_holdout().files | texts)


def with_parameter(name: str, value: str) -> Bundle:
    text = without_holdout().text("parameters/decisioning.toml")
    head, _, tail = text.partition(f"[{name}]\nvalue = ")
    return bundle(
        parameters__decisioning=f"{head}[{name}]\nvalue = {value}\n{tail.partition(chr(10))[2]}"
    )


def decided(
    made: Bundle, past: Past = NEVER, arms: tuple[Arm, ...] = (), facts: dict[str, Any] = GROUP
) -> Decision:
    return decide(permit(placed([READER], dict(facts)), made), Known(past, arms), made)


def of(decision: Decision, action: str, treatment: str = "plain") -> Candidate:
    return next(c for c in decision.candidates if (c.action, c.treatment) == (action, treatment))


def arm(level: str, action: str, treatment: str, trials: int, successes: float) -> Arm:
    return Arm(
        segment=level, action=action, treatment=treatment, trials=trials, successes=successes
    )


def test_a4_02_priority_is_its_factors_and_every_number_is_shown() -> None:
    found = of(decided(bundle()), "email_security")

    value = {f.name: f.value for f in found.factors}
    gain = value["propensity"] * value["treatment"] * value["context"] * value["value"]
    assert found.priority == pytest.approx((gain - value["cost"]) * value["lever"])
    assert value["context"] == 1.8
    assert all(f.why for f in found.factors)


@pytest.mark.parametrize("off", ["propensity", "treatment", "context", "value", "cost", "lever"])
def test_a4_02_each_factor_can_be_switched_off_and_says_so(off: str) -> None:
    names = ["propensity", "treatment", "context", "value", "cost", "lever"]
    on = [f'"{name}"' for name in names if name != off]

    found = of(
        decided(with_parameter("arbitration_factors", f"[{', '.join(on)}]")), "email_security"
    )

    factor = next(f for f in found.factors if f.name == off)
    assert factor.value == (0 if off == "cost" else 1)
    assert factor.why == "switched off by arbitration_factors"
    assert found.priority == priority_of(found.factors)


def test_a4_03_an_action_is_judged_by_all_its_treatments_and_each_of_them_beside_the_others() -> (
    None
):
    arms = (
        arm("all", "email_roi", "plain", 400, 4),
        arm("all", "email_roi", "short", 400, 80),
    )
    decision = decided(bundle(), arms=arms)

    plain, short = of(decision, "email_roi"), of(decision, "email_roi", "short")
    by = {c.treatment: {f.name: f.value for f in c.factors} for c in (plain, short)}
    assert by["plain"]["propensity"] == by["short"]["propensity"]
    assert by["short"]["treatment"] > 1.5
    assert by["plain"]["treatment"] < 0.2
    assert short.probability >= plain.probability


def test_a4_03_how_many_treatments_an_action_has_does_not_make_it_likelier() -> None:
    one = [candidate("a", "t", 10.0), candidate("b", "t", 5.0)]
    many = [candidate("a", "t", 10.0), *(candidate("b", f"t{i}", 5.0) for i in range(9))]

    alone, crowd = odds(one, Exploring(10)), odds(many, Exploring(10))

    assert sum(crowd[1:]) == pytest.approx(alone[1])


def test_a4_04_a_new_action_starts_where_the_catalogue_says_and_moves_with_what_it_earns() -> None:
    action = starter().actions["email_roi"]

    fresh = Learned("strong/engaged").action(action)
    tried = Learned("strong/engaged", (arm("all", "email_roi", "plain", 30, 15),)).action(action)

    assert fresh.mean == action.propensity
    assert tried.mean == pytest.approx((0.06 * 30 + 15) / 60)
    assert "starts at 0.06, worth 30 trials" in fresh.why
    assert "all 15 of 30" in tried.why


def test_a4_04_what_was_tried_little_gets_the_benefit_of_the_doubt() -> None:
    sure, unsure = candidate("sure", "t", 5.0), candidate("unsure", "t", 5.0)
    unsure = unsure.model_copy(update={"doubt": 4.0})

    best, known, new = odds([candidate("best", "t", 10.0), sure, unsure], Exploring(50, 1.0))

    assert best > new > 3 * known > 0


def test_a4_04_doubt_narrows_with_every_trial() -> None:
    action = starter().actions["email_roi"]
    fresh = Learned("strong/engaged").treatment(action, action.treatments[0]).spread

    spreads = [
        Learned("strong/engaged", (arm("strong/engaged", "email_roi", "plain", n, n / 20),))
        .treatment(action, action.treatments[0])
        .spread
        for n in (20, 200, 2000)
    ]

    assert fresh > spreads[0] > spreads[1] > spreads[2] > 0


def test_a4_04_a_thin_segment_leans_on_the_one_above_it() -> None:
    action = starter().actions["email_roi"]
    above = arm("strong", "email_roi", "plain", 3000, 600)
    thin = arm("strong/engaged", "email_roi", "plain", 1, 0)

    with_both = Learned("strong/engaged", (above, thin)).action(action).mean
    alone = Learned("strong/engaged", (thin,)).action(action).mean

    assert with_both > 0.18
    assert alone < 0.06


@given(
    st.lists(st.floats(-50, 200), min_size=1, max_size=30),
    st.floats(0, 1000),
    st.floats(0.01, 0.5),
)
def test_a4_04_exploration_is_bounded_whatever_there_is_to_explore(
    priorities: list[float], gamma: float, most: float
) -> None:
    found = odds(
        [candidate(f"a{i}", "t", p) for i, p in enumerate(priorities)], Exploring(gamma, 1.0, most)
    )

    best = priorities.index(max(priorities))
    assert sum(found) == pytest.approx(1)
    assert all(p >= 0 for p in found)
    assert 1 - found[best] <= most + 1e-9


def test_a4_05_doing_nothing_wins_where_everything_costs_more_than_it_brings() -> None:
    text = without_holdout().text("actions/email_security.toml")
    dear = {
        f"actions__{name}": without_holdout()
        .text(f"actions/{name}.toml")
        .replace("evidence", "lever = -1\nevidence")
        for name, action in starter().actions.items()
        if action.touches
    }

    decision = decided(bundle(**dear))

    assert text
    assert decision.action == "do_nothing"
    assert decision.reason.startswith("best of")


def test_a4_05_waiting_names_the_moment_and_is_worth_less_the_longer_it_takes() -> None:
    soon = decided(bundle(), Past(used={"grp_1#any#168h": 4}, opens={"grp_1#any#168h": 5.0}))
    late = decided(bundle(), Past(used={"grp_1#any#168h": 4}, opens={"grp_1#any#168h": 150.0}))

    wait, later = (of(d, "wait_until", "wait") for d in (soon, late))
    assert soon.action == "wait_until"
    assert soon.wait_until is not None
    assert (soon.wait_until - soon.decided_at).total_seconds() == pytest.approx(5 * 3600)
    assert (wait.priority or 0) > (later.priority or 0) > 0


def test_a4_05_a_repeat_opens_when_its_pause_is_over() -> None:
    mails = [name for name, action in starter().actions.items() if action.group == "email"]
    again = Past(hours_since={f"per_1|{name}": 300.0 for name in mails})

    decision = decided(bundle(), again)

    wait = of(decision, "wait_until", "wait")
    fell = {c.action for c in decision.candidates if c.fell and c.fell.row == "same_mail_again"}
    assert "email_security" in fell
    assert wait.until is not None
    assert (wait.until - decision.decided_at).total_seconds() == pytest.approx(36 * 3600)


@pytest.mark.parametrize("klass", ["mandatory", "transactional"])
def test_a4_08_what_must_be_done_goes_first_and_what_it_goes_before_stays_on_record(
    klass: str,
) -> None:
    text = without_holdout().text("actions/email_welcome.toml")
    made = bundle(actions__email_welcome=text.replace("issue =", f'klass = "{klass}"\nissue =', 1))
    facts = GROUP | {"group.stage": "aware"}

    decision = decided(made, facts=facts)

    passed = [c for c in decision.candidates if c.action == "email_welcome" and c.fell is None]
    behind = [c for c in decision.candidates if c.outranked]
    assert passed
    assert decision.action == "email_welcome"
    assert {c.outranked for c in behind} == {klass}
    assert all(c.probability == 0 and c.priority is not None for c in behind)


@pytest.mark.parametrize("klass", ["mandatory", "transactional"])
def test_a4_08_it_still_obeys_hard_constraints(klass: str) -> None:
    text = without_holdout().text("actions/email_welcome.toml")
    made = bundle(actions__email_welcome=text.replace("issue =", f'klass = "{klass}"\nissue =', 1))
    nobody = READER.model_copy(update={"facts": READER.facts | {"person.consents": ()}})

    decision = decide(permit(placed([nobody], dict(GROUP)), made), Known(NEVER, ()), made)

    fell = of(decision, "email_welcome").fell
    assert fell is not None
    assert fell.row == "no_consent"
    assert decision.action != "email_welcome"


def test_a4_18_cost_is_made_of_minutes_impressions_and_tokens() -> None:
    action = Action.model_validate(
        starter().actions["email_roi"].model_dump()
        | {"cost": 0.5, "rep_minutes": 10, "impressions": 2000,
           "usd_per_thousand_impressions": 6, "llm_tokens": 500_000}
    )  # fmt: skip

    cost, said = cost_of(action, starter())

    assert cost == pytest.approx(0.5 + 10 * 1.4 + 2 * 6 + 0.5 * 2)
    assert said == (
        "US dollars per attempt: $0.5 fixed + 10 min of a rep × $1.4 + 2000 impressions × $6/1000 "
        "+ 500000 tokens × $2/million"
    )


def test_a4_20_the_last_touch_of_a_ready_group_is_kept_for_sales() -> None:
    ready = GROUP | {"group.stage": "qualified"}
    one_left = Past(used={"grp_1#any#168h": 3})

    decision = decided(bundle(), one_left, facts=ready)

    lost = {
        c.action for c in decision.candidates if c.fell and c.fell.row == "last_touch_is_for_sales"
    }
    assert decision.channel == "hubspot_task"
    assert lost | {"none"} > {"none"}


@modest(40)
@given(st.lists(st.floats(0.01, 50), min_size=2, max_size=12), st.integers(0, 10**9))
def test_a_seed_draws_with_the_odds_that_are_recorded(priorities: list[float], seed: int) -> None:
    found = odds([candidate(f"a{i}", "t", p) for i, p in enumerate(priorities)], Exploring(5))

    index = draw(found, str(seed))

    assert found[index] > 0
    assert draw(found, str(seed)) == index


def candidate(action: str, treatment: str, priority: float) -> Candidate:
    return Candidate(
        person_id="p", action=action, treatment=treatment, channel="c", priority=priority
    )
