"""Rows A.4.2 and A.4.18: the value of the deal and of the account enters arbitration."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.decisioning.decide import Known, decide
from functions.decisioning.replay import differences, replay
from functions.decisioning.value import value_of
from functions.lifecycle.facts import deal_facts
from functions.policy.permit import permit
from mos.model.account import Account
from mos.model.base import Facts
from mos.model.deal import Deal, DealState
from mos.model.decision import Decision, PersonFacts
from mos.model.past import Past
from mos.policy.bundle.bundle import Bundle
from tests.builders import NOON, without_holdout
from tests.property.steps import placed
from tests.property.worlds import modest

OWN: dict[str, Any] = {
    "person.known": True, "person.reachable_by_email": True, "person.engagement": 90.0,
    "person.consents": ("email_marketing", "phone_sales"), "person.hours_since.page": 0.5,
}  # fmt: skip
READY: dict[str, Any] = {
    "account.is_company": True, "account.employees": 900, "account.industry": "fintech",
    "group.stage": "qualified", "account.stage": "mqa",
}  # fmt: skip


def decided(bundle: Bundle | None = None, **facts: Any) -> Decision:
    made = bundle or without_holdout()
    named = {name.replace("__", "."): value for name, value in facts.items()}
    event = placed([PersonFacts(person_id="per_1", facts=OWN)], READY | named)
    event = event.model_copy(update={"bundle": made.digest})
    return decide(permit(event, made), Known(Past(), ()), made)


def worth(decision: Decision, action: str = "ae_handoff") -> tuple[float, str]:
    found = next(c for c in decision.candidates if c.action == action)
    [factor] = [f for f in found.factors if f.name == "value"]
    return factor.value, factor.why


def test_a4_18_a_hand_off_is_worth_a_share_of_its_deal_and_says_how() -> None:
    small = decided(group__deal_amount=20000.0, group__deal_currency="USD")
    large = decided(group__deal_amount=400000.0, group__deal_currency="EUR")

    assert worth(small)[0] == 400
    assert worth(large) == (
        8800.0,
        (
            "US dollars per success: group.deal_amount EUR 400,000.00 × 1.1 = $440,000.00 "
            "× 0.02, at least $300, at most $20000 (handoff_of_a_deal)"
        ),
    )
    assert worth(decided()) == (900, "US dollars per success")


@pytest.mark.parametrize(("amount", "value"), [(1.0, 300), (15000.0, 300), (9e8, 20000)])
def test_a4_18_a_floor_and_a_cap_hold(amount: float, value: float) -> None:
    assert worth(decided(group__deal_amount=amount, group__deal_currency="USD"))[0] == value


@pytest.mark.parametrize("currency", [None, "XAU", "usd", "Eur", ""])
def test_a4_18_an_amount_in_no_known_currency_is_not_guessed(currency: str | None) -> None:
    value, why = worth(decided(group__deal_amount=5e6, group__deal_currency=currency))

    assert value == 900
    assert why.startswith("US dollars per success: the action's own, ")
    assert f"5,000,000.00 in {currency or 'no currency'}" in why


def test_a4_18_several_currencies_are_added_up_and_what_is_not_converted_is_named() -> None:
    sums = ("? 700.0", "EUR 100000.0", "USD 50000.0", "XAU 3.0")

    value, why = worth(decided(group__deal_amounts=sums))

    assert value == pytest.approx((110000 + 50000) * 0.02)
    assert "not converted: 700.00 in no currency, 3.00 in XAU" in why


def test_a4_18_what_an_account_has_bought_and_its_size_count_too() -> None:
    customer = decided(account__won_amount=300000.0, account__won_currency="USD")
    enterprise = decided(account__employees=5000)

    assert worth(customer)[0] == 3000
    assert worth(enterprise) == (
        1350, "US dollars per success: $900 × 1.5 (handoff_of_an_enterprise)",
    )  # fmt: skip
    assert worth(enterprise, "email_roi") == (60, "US dollars per success")


def test_a4_18_the_larger_deal_wins_the_choice() -> None:
    large = decided(group__deal_amount=900000.0, group__deal_currency="USD")

    assert large.action in ("ae_handoff", "executive_intro")
    assert max(c.priority or 0 for c in large.candidates) > max(
        c.priority or 0 for c in decided().candidates
    )


def test_a4_14_a_record_of_before_is_made_again_to_the_bit() -> None:
    tables = ("tables/arbitration/value.toml", "tables/arbitration/currencies.toml")
    before = Bundle({p: b for p, b in without_holdout().files.items() if p not in tables})
    made = decided(before, group__deal_amount=400000.0, group__deal_currency="EUR")

    assert worth(made) == (900, "US dollars per success")
    assert differences(made.canonical(), replay(made, before)) == ()


def test_a4_14_a_record_with_a_deal_is_made_again_to_the_bit() -> None:
    made = decided(group__deal_amount=400000.0, group__deal_currency="EUR")

    assert differences(made.canonical(), replay(made, without_holdout())) == ()


def deal(number: int, amount: float | None, currency: str | None, state: str, **more: Any) -> Deal:
    return Deal(deal_id=f"d{number}", state=DealState(state), stage="s", amount=amount, at=NOON,
                currency=currency, signal_id="sig", **more)  # fmt: skip


def amounts(*deals: Deal) -> Facts:
    found = deal_facts("group", Account(account_id="acc_1", deals=deals), None)
    return {n: v for n, v in found.items() if "amount" in n or "currency" in n}


def test_a4_18_a_groups_amounts_are_those_of_its_open_and_won_deals() -> None:
    mine = (deal(1, 10.0, "EUR", "open"), deal(2, 5.5, "EUR", "open"), deal(3, 7.0, "USD", "won"),
            deal(4, 99.0, "EUR", "lost"), deal(5, None, "GBP", "open"),
            deal(6, 80.0, "EUR", "open", is_gone=True))  # fmt: skip

    assert amounts(*mine) == {
        "group.deal_amount": 15.5, "group.deal_currency": "EUR",
        "group.won_amount": 7.0, "group.won_currency": "USD",
    }  # fmt: skip
    assert amounts(deal(1, 10.0, None, "open")) == {"group.deal_amount": 10.0}
    assert amounts(deal(1, 10.0, None, "open"), deal(2, 4.0, "EUR", "open")) == {
        "group.deal_amounts": ("? 10.0", "EUR 4.0")
    }
    assert amounts(deal(1, None, "EUR", "open")) == {}


@modest(100)
@given(
    st.floats(0, 1e9),
    st.sampled_from(["USD", "EUR", "JPY", "XXX", None]),
    st.sampled_from(["ae_handoff", "executive_intro", "email_roi", "bdr_call"]),
)
def test_a4_18_no_amount_makes_a_value_that_the_bundle_does_not_bound(
    amount: float, currency: str | None, name: str
) -> None:
    bundle = without_holdout()
    action = bundle.actions[name]
    facts: Facts = {"action.name": name, "group.deal_amount": amount,
                    "group.deal_currency": currency}  # fmt: skip

    value, why = value_of(action, facts, bundle)

    assert min(300, action.value) <= value <= 40000
    assert (value, why) == value_of(action, dict(reversed(facts.items())), bundle)
