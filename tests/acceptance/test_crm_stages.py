"""A.2: stages follow what a CRM sends of deals: opened, stalled, won, reopened, renewed, lost."""

import pytest

from lab.play.query import find_stage
from mos.identity.company import group_id
from mos.model.signal import Signal
from mos.policy.members import solutions
from tests.builders import starter
from tests.cases.crm import account, at, deal, hub, link, played, prop, stage, states
from tests.cases.doors import say
from tests.system_in_process import System

DAY = 24 * 60
COMPANY, DEAL, SECOND, RENEWAL = 421000000567, 479000000160, 479000000161, 479000000170
KNOWN = [
    prop(0, "company", COMPANY, "domain", "acme.example"),
    prop(0.5, "company", COMPANY, "numberofemployees", "900"),
    say("lead.submitted", at(1), "m-ada", email="ada@acme.example", properties={"form": "demo"}),
]


def moved(day: float, value: str, number: int = DEAL) -> Signal:
    return prop(day * DAY, "deal", number, "dealstage", value)


def opened(day: float = 1, number: int = DEAL, value: str = "contractsent") -> list[Signal]:
    return [moved(day, value, number), link(day * DAY + 1, number, COMPANY)]


def group(system: System) -> str | None:
    named = group_id(account(system).account_id, solutions(starter())[0])
    return find_stage(system, named)


def person(system: System) -> str | None:
    (ada,) = system.people()
    named = group_id(account(system).account_id, solutions(starter())[0])
    return find_stage(system, ada, f"STAGE@{named}")


def stages(system: System) -> tuple[str | None, str | None, str | None]:
    return stage(system), group(system), person(system)


def test_an_open_deal_is_an_opportunity_of_account_group_and_person() -> None:
    assert stages(played(*KNOWN, opened())) == ("opportunity", "pipeline", "opportunity")


def test_a_won_deal_makes_customers_of_them() -> None:
    system = played(*KNOWN, opened(), moved(5, "closedwon"))

    assert stages(system) == ("customer", "closed_won", "customer")


def test_a_lost_deal_recycles_them_and_a_reopened_one_brings_them_back() -> None:
    system = played(*KNOWN, opened(), moved(5, "closedlost"))
    assert stages(system) == ("recycled", "closed_lost", "recycled")

    played(moved(9, "contractsent"), system=system)
    assert stages(system) == ("opportunity", "pipeline", "opportunity")


def test_a_won_deal_that_sales_sets_back_makes_no_customer_any_more() -> None:
    system = played(*KNOWN, opened(), moved(5, "closedwon"))

    played(moved(6, "contractsent"), system=system)

    assert stages(system) == ("opportunity", "pipeline", "opportunity")


def test_a_won_deal_that_was_lost_after_all_is_lost() -> None:
    system = played(*KNOWN, opened(), moved(5, "closedwon"), moved(6, "closedlost"))

    assert stage(system) == "recycled"
    assert group(system) == "closed_lost"


def test_a_stage_that_sales_clears_moves_nobody_and_is_shown_as_unknown() -> None:
    system = played(*KNOWN, opened(), moved(5, ""))

    assert (stages(system)[0], states(system)) == ("opportunity", {str(DEAL): "unknown"})


def test_a_deal_that_goes_quiet_stalls_its_group() -> None:
    system = played(*KNOWN, opened())

    system.wake(days=40)

    assert group(system) == "stalled"


@pytest.mark.parametrize("how", ["deleted", "merged"])
def test_the_only_deal_is_gone_and_so_is_the_opportunity(how: str) -> None:
    gone = hub(5 * DAY, "deal.deletion", DEAL) if how == "deleted" else hub(
        5 * DAY, "deal.merge", 99, primaryObjectId=99, mergedObjectIds=[DEAL])  # fmt: skip
    system = played(*KNOWN, opened(), gone)

    alive = {"99": "open"} if how == "merged" else {}
    assert states(system) == alive
    assert (stage(system) == "opportunity") is (how == "merged")


def test_a_customer_whose_second_deal_is_lost_stays_one() -> None:
    system = played(
        *KNOWN, opened(1, DEAL, "closedwon"), opened(3, SECOND), moved(9, "closedlost", SECOND)
    )

    assert (stage(system), group(system)) == ("customer", "closed_won")


def renewal(day: float, value: str) -> list[Signal]:
    return [
        prop(day * DAY, "deal", RENEWAL, "dealtype", "Renewal"),
        *opened(day + 0.01, RENEWAL, value),
    ]


def test_a_renewal_keeps_the_customer_and_its_loss_churns_them() -> None:
    system = played(*KNOWN, opened(1, DEAL, "closedwon"), renewal(300, "contractsent"))
    assert (states(system)[str(RENEWAL)], stage(system)) == ("renewing", "customer")

    played(moved(340, "closedlost", RENEWAL), system=system)
    assert (states(system)[str(RENEWAL)], stage(system)) == ("churned", "churned")
    assert group(system) == "closed_lost"


def test_a_renewal_that_is_won_goes_on() -> None:
    system = played(*KNOWN, opened(1, DEAL, "closedwon"), renewal(300, "contractsent"))

    played(moved(340, "closedwon", RENEWAL), system=system)

    assert (states(system)[str(RENEWAL)], stage(system)) == ("renewed", "customer")


def test_who_has_two_contracts_and_loses_one_is_a_customer_still() -> None:
    won = [*opened(1, DEAL, "closedwon"), *opened(2, SECOND, "closedwon")]

    system = played(*KNOWN, won, renewal(300, "closedlost"))

    assert stage(system) == "customer"


def test_who_churned_and_buys_again_is_a_customer_again() -> None:
    system = played(*KNOWN, opened(1, DEAL, "closedwon"), renewal(300, "contractsent"),
                    moved(340, "closedlost", RENEWAL))  # fmt: skip
    assert stage(system) == "churned"

    played(opened(400, SECOND, "closedwon"), system=system)

    assert stage(system) == "customer"


def test_an_account_that_only_renews_is_a_customer_and_no_opportunity() -> None:
    assert stage(played(*KNOWN, renewal(3, "contractsent"))) == "customer"


def test_owners_of_open_deals_are_facts_of_account_and_group() -> None:
    owned = prop(1.5 * DAY, "deal", DEAL, "hubspot_owner_id", "88800095")
    system = played(*KNOWN, opened(), owned)

    (placed,) = [run[1] for run in system.history[-1:]]
    facts = placed.group_facts  # type: ignore[attr-defined]
    assert (facts["account.deal_owners"], facts["group.deal_owners"]) == (("88800095",),) * 2
    assert deal(0).source == "standard-webhooks"


def test_who_is_a_customer_by_the_crms_word_alone_stays_one_when_an_upsell_is_lost() -> None:
    told = prop(0.7, "company", COMPANY, "lifecyclestage", "customer")

    system = played(*KNOWN, told, opened(3, SECOND), moved(9, "closedlost", SECOND))

    assert stage(system) == "customer"


def test_a_label_from_before_the_churn_does_not_hide_it() -> None:
    told = prop(2 * DAY, "company", COMPANY, "lifecyclestage", "customer")
    system = played(*KNOWN, opened(1, DEAL, "closedwon"), told, renewal(300, "contractsent"))

    played(moved(340, "closedlost", RENEWAL), system=system)

    assert stage(system) == "churned"
