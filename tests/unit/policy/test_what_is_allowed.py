"""Fit, route, consent and caps."""

import pytest

from functions.policy.permit import fit, permit
from mos.model.base import Facts
from mos.model.decision import PersonFacts
from mos.policy.sales_team import open_sales_team
from tests.property.steps import placed
from tests.property.worlds import policy

GOOD: Facts = {
    "account.is_company": True, "account.employees": 900, "account.industry": "fintech",
    "account.country": "US", "group.stage": "prioritized", "account.stage": "engaged",
}  # fmt: skip


def test_a_fit_adds_up_the_rows_that_hold() -> None:
    found = fit(GOOD, policy())

    assert found["account.icp_score"] == 100
    assert found["account.icp_tier"] == "strong"


def test_an_unknown_size_is_said_to_be_unknown() -> None:
    found = fit({"account.is_company": True}, policy())

    assert found["account.icp_score"] == 10
    assert "account.employees" in found["account.icp_unknown"]  # type: ignore[operator]


def test_the_first_route_that_holds_wins_and_its_owner_stays() -> None:
    both = GOOD | {"group.roles": ("economic_buyer",)}

    one, other = (permit(placed([], both, run), policy()).route for run in ("run_1", "run_2"))

    assert one.row == "economic_buyer_present"
    assert one.owner == other.owner
    assert one.owner in open_sales_team(policy()).list_pool("pool_ae", {})


def test_a_route_names_what_almost_won() -> None:
    route = permit(placed([], GOOD | {"account.employees": 150}), policy()).route

    assert route.to == "bdr"
    assert route.almost is not None
    assert "but for" in route.almost


@pytest.mark.parametrize("purpose", ["email_marketing", "phone_sales", "advertising"])
def test_nothing_recorded_means_no(purpose: str) -> None:
    person = PersonFacts(person_id="per_1", facts={"person.known": True})

    verdicts = permit(placed([person], GOOD), policy()).verdicts

    assert [v.allowed for v in verdicts if v.key == purpose] == [False]


def test_sales_in_conversation_makes_marketing_quiet() -> None:
    limits = permit(placed([], GOOD | {"group.stage": "pipeline"}), policy()).limits

    assert "late_stage_group_day" in [limit.row for limit in limits]
