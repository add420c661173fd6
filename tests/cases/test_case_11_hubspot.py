"""Case 11: HubSpot's company, deal, association, merge and deletion events reach the account."""

from typing import Any

import pytest

from mos.events import OutcomeObserved
from tests.cases.crm import (
    account,
    at,
    deals,
    hub,
    hub_all,
    hub_event,
    link,
    played,
    prop,
    stage,
    states,
)
from tests.cases.doors import body_of, send

COMPANY, DEAL, OTHER = 421000000567, 479000000160, 479000000161
ADA = prop(0, "contact", 101, "email", "ada@acme.example")
KNOWN = [
    prop(2, "company", COMPANY, "domain", "acme.example"),
    prop(3, "company", COMPANY, "numberofemployees", "900"),
    prop(4, "company", COMPANY, "industry", "FINTECH"),
]


def won(minute: float = 9, deal: int = DEAL, value: str = "closedwon") -> Any:
    return prop(minute, "deal", deal, "dealstage", value)


def test_case_11_the_account_knows_the_company_and_the_won_deal() -> None:
    system = played(ADA, *KNOWN, won(), link(10, DEAL, COMPANY))

    found = account(system)
    assert (found.trait("employees"), found.trait("industry")) == (900, "FINTECH")
    assert states(system) == {str(DEAL): "won"}
    assert stage(system) == "customer"


def test_case_11_without_a_single_person_the_account_is_placed_all_the_same() -> None:
    system = played(*KNOWN, won(), link(10, DEAL, COMPANY))

    assert (states(system), stage(system)) == ({str(DEAL): "won"}, "customer")


@pytest.mark.parametrize("first", ["deal", "association", "company"])
def test_case_11_whatever_is_heard_first_comes_to_the_same(first: str) -> None:
    parts = {"deal": [won()], "association": [link(10, DEAL, COMPANY)], "company": KNOWN}
    order = [first, *(name for name in parts if name != first)]

    system = played(*(one for name in order for one in parts[name]))

    assert (states(system), stage(system)) == ({str(DEAL): "won"}, "customer")


@pytest.mark.parametrize(
    "said",
    [
        {"subscription": "company.associationChange", "associationType": "COMPANY_TO_DEAL",
         "fromObjectId": COMPANY, "toObjectId": DEAL},
        {"subscription": "object.associationChange", "fromObjectTypeId": "0-3",
         "toObjectTypeId": "0-2", "fromObjectId": DEAL, "toObjectId": COMPANY,
         "associationTypeId": 5},
        {"subscription": "object.associationChange", "fromObjectTypeId": "0-2",
         "toObjectTypeId": "0-3", "fromObjectId": COMPANY, "toObjectId": DEAL,
         "associationTypeId": "6"},
    ],
    ids=["from the company", "by the types' ids", "by the types' ids, from the company"],
)  # fmt: skip
def test_case_11_an_association_counts_from_either_end(said: dict[str, Any]) -> None:
    kind = str(said.pop("subscription"))

    system = played(*KNOWN, won(), hub(10, kind, associationRemoved=False, **said))

    assert states(system) == {str(DEAL): "won"}


def test_case_11_one_delivery_with_everything_in_it() -> None:
    events = [
        hub_event(5, "deal.creation", DEAL), hub_event(3, "company.creation", COMPANY),
        hub_event(6, "deal.propertyChange", DEAL, propertyName="dealstage",
                  propertyValue="contractsent"),
        hub_event(6, "deal.propertyChange", DEAL, propertyName="amount", propertyValue="5000.00"),
        hub_event(6, "deal.propertyChange", DEAL, propertyName="deal_currency_code",
                  propertyValue="EUR"),
        hub_event(6, "deal.propertyChange", DEAL, propertyName="hubspot_owner_id",
                  propertyValue="88800095"),
        hub_event(6, "deal.propertyChange", DEAL, propertyName="closedate",
                  propertyValue="1790090000000"),
        hub_event(4, "company.propertyChange", COMPANY, propertyName="domain",
                  propertyValue="acme.example"),
        hub_event(7, "deal.associationChange", associationType="DEAL_TO_COMPANY", fromObjectId=DEAL,
                  toObjectId=COMPANY, associationRemoved=False),
    ]  # fmt: skip

    system = played(hub_all(8, *events))

    found = deals(system)[str(DEAL)]
    assert (found.state.value, found.amount, found.currency) == ("open", 5000, "EUR")
    assert (found.owner, found.close_date) == ("88800095", "2026-09-22")
    assert stage(system) == "opportunity"


def test_case_11_a_deal_that_goes_to_another_company_leaves_the_first() -> None:
    globex = prop(5, "company", 777, "domain", "globex.example")
    system = played(*KNOWN, globex, won(6, value="contractsent"), link(7, DEAL, COMPANY))
    assert stage(system) == "opportunity"

    parted = link(8, DEAL, COMPANY, associationRemoved=True, isPrimaryAssociation=False)
    played(parted, link(8.5, DEAL, 777), system=system)

    assert (states(system), states(system, "globex.example")) == ({}, {str(DEAL): "open"})
    assert (stage(system), stage(system, "globex.example")) != ("opportunity", None)
    assert stage(system, "globex.example") == "opportunity"


def test_case_11_the_primary_company_is_the_deals_and_a_partner_is_not() -> None:
    partner = prop(5, "company", 777, "domain", "partner.example")
    also = link(8, DEAL, 777, isPrimaryAssociation=False)

    system = played(*KNOWN, partner, won(), also, link(10, DEAL, COMPANY))

    assert (states(system), states(system, "partner.example")) == ({str(DEAL): "won"}, {})


def test_case_11_two_deals_of_one_account_stand_beside_each_other() -> None:
    both = [won(5, DEAL, "closedlost"), won(6, OTHER, "contractsent")]

    system = played(*KNOWN, *both, link(7, DEAL, COMPANY), link(8, OTHER, COMPANY))

    assert states(system) == {str(DEAL): "lost", str(OTHER): "open"}
    assert stage(system) == "opportunity"


def test_case_11_a_deleted_deal_is_no_opportunity_and_a_restored_one_is() -> None:
    system = played(*KNOWN, won(5, DEAL, "contractsent"), link(6, DEAL, COMPANY))
    assert stage(system) == "opportunity"

    played(hub(7, "deal.deletion", DEAL, changeFlag="DELETED"), system=system)
    assert (states(system), stage(system)) == ({}, "qualified")

    played(hub(8, "deal.restore", DEAL), system=system)
    assert (states(system), stage(system)) == ({str(DEAL): "open"}, "opportunity")


def test_case_11_a_merged_deal_counts_once_and_keeps_what_was_known() -> None:
    merge = hub(9, "deal.merge", DEAL, primaryObjectId=DEAL, mergedObjectIds=[DEAL, OTHER],
                newObjectId=479000000999, numberOfPropertiesMoved=3)  # fmt: skip
    both = [won(5, DEAL, "contractsent"), prop(5.5, "deal", DEAL, "amount", "100"),
            won(6, OTHER, "appointmentscheduled")]  # fmt: skip
    system = played(*KNOWN, *both, link(7, DEAL, COMPANY), link(8, OTHER, COMPANY), merge)

    assert states(system) == {"479000000999": "open"}
    assert (deals(system)["479000000999"].amount, stage(system)) == (100, "opportunity")


def test_case_11_the_deals_of_a_company_that_was_merged_are_those_of_the_one_left() -> None:
    second = prop(5, "company", 777, "domain", "acme-old.example")
    merge = hub(9, "company.merge", COMPANY, primaryObjectId=COMPANY, mergedObjectIds=[777])

    system = played(*KNOWN, second, won(6), link(7, DEAL, 777), merge)

    assert (states(system), states(system, "acme-old.example")) == ({str(DEAL): "won"}, {})


def test_case_11_events_out_of_order_and_twice_end_where_the_newest_does() -> None:
    late = send("hubspot", body_of("hubspot", "wh-redelivered-out-of-order"), at(60 * 24 * 300))
    deal_id = 479000000160

    system = played(*KNOWN, link(10, deal_id, COMPANY), late, late)

    assert deals(system)[str(deal_id)].stage == "contractsent"


def test_case_11_a_stage_id_of_ones_own_pipeline_is_unknown_and_shown() -> None:
    numeric = prop(5, "deal", DEAL, "dealstage", "1038553759")

    system = played(ADA, *KNOWN, numeric, link(6, DEAL, COMPANY))

    assert deals(system)[str(DEAL)].stage == "1038553759"
    assert (states(system), stage(system)) == ({str(DEAL): "unknown"}, "qualified")


def test_case_11_what_the_crm_says_of_a_stage_with_a_number_is_believed() -> None:
    numeric = prop(5, "deal", DEAL, "dealstage", "1038553758")
    flag = prop(5.1, "deal", DEAL, "hs_is_closed_won", "true")

    system = played(*KNOWN, numeric, flag, link(6, DEAL, COMPANY))

    assert (states(system), stage(system)) == ({str(DEAL): "won"}, "customer")


def test_case_11_a_cleared_stage_is_unknown_again() -> None:
    system = played(*KNOWN, won(5, DEAL, "contractsent"), link(6, DEAL, COMPANY),
                    prop(7, "deal", DEAL, "dealstage", ""))  # fmt: skip

    assert states(system) == {str(DEAL): "unknown"}


def test_case_11_deals_of_two_portals_with_one_number_are_two() -> None:
    other = hub(6, "deal.propertyChange", DEAL, propertyName="dealstage",
                propertyValue="closedlost", portalId=777)  # fmt: skip

    system = played(*KNOWN, won(5), link(7, DEAL, COMPANY), other)

    assert states(system) == {str(DEAL): "won"}


def test_case_11_the_companys_owner_and_the_contacts_are_facts() -> None:
    system = played(
        ADA, *KNOWN, prop(5, "company", COMPANY, "hubspot_owner_id", "88800095"),
        prop(6, "contact", 101, "hubspot_owner_id", "88800096"),
    )  # fmt: skip

    assert account(system).owner == "88800095"
    assert system.profile("email:ada@acme.example").trait("owner") == "88800096"

    played(prop(7, "contact", 101, "hubspot_owner_id", ""), system=system)
    assert system.profile("email:ada@acme.example").trait("owner") is None


def test_case_11_a_deal_of_a_company_that_never_names_itself_waits_in_its_record() -> None:
    system = played(ADA, won(), link(10, DEAL, COMPANY))
    assert states(system) == {}

    played(*KNOWN, system=system)

    assert (states(system), stage(system)) == ({str(DEAL): "won"}, "customer")


def test_case_11_a_won_deal_is_an_outcome_of_its_account_once() -> None:
    system = played(ADA, *KNOWN)
    seen = []
    for signal in (won(9, value="contractsent"), link(10, DEAL, COMPANY), won(11), won(11)):
        system.receive([signal])
        said = [e.outcome for e in system.bus.events if isinstance(e, OutcomeObserved)]
        seen.append([outcome.kind.value for outcome in said])
        system.settle()

    assert seen[:3] == [[], ["opportunity"], ["won"]]
    assert len({outcome for outcomes in seen for outcome in outcomes}) == 2


@pytest.mark.parametrize("merged", [[OTHER], [OTHER, DEAL]], ids=["the won one", "both"])
def test_case_11_a_won_deal_merged_into_an_open_one_leaves_no_customer(merged: list[int]) -> None:
    system = played(ADA, *KNOWN, won(5, OTHER), link(6, OTHER, COMPANY))
    assert stage(system) == "customer"
    before = len(system.history)

    played(
        won(7, DEAL, "contractsent"), link(8, DEAL, COMPANY),
        hub(9, "deal.merge", DEAL, primaryObjectId=DEAL, mergedObjectIds=merged),
        system=system,
    )  # fmt: skip

    assert len(system.history) > before
    assert stage(system) == "opportunity"
