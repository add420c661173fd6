"""Deals of companies and what becomes of them, on every ground: memory, moto, the local engine."""

from typing import Any

from tests.acceptance.conftest import Start
from tests.cases.crm import account, cdc, deals, hub, link, played, prop, stage, states

COMPANY, DEAL, OTHER = 421000000567, 479000000160, 479000000161


def test_a_deal_without_a_person_is_followed_from_its_first_word_to_its_merge(start: Start) -> None:
    system: Any = start()
    played(
        prop(1, "deal", DEAL, "dealstage", "contractsent"),
        prop(2, "deal", DEAL, "amount", "5000"),
        hub(3, "deal.associationChange", associationType="DEAL_TO_CONTACT", fromObjectId=DEAL,
            toObjectId=101, associationRemoved=False),
        link(4, DEAL, COMPANY),
        prop(5, "company", COMPANY, "domain", "acme.example"),
        prop(6, "company", COMPANY, "hubspot_owner_id", "88800095"),
        system=system,
    )  # fmt: skip
    assert (states(system), stage(system)) == ({str(DEAL): "open"}, "opportunity")
    assert (deals(system)[str(DEAL)].amount, account(system).owner) == (5000, "88800095")

    played(
        prop(7, "deal", OTHER, "dealstage", "closedwon"),
        hub(8, "deal.merge", OTHER, primaryObjectId=OTHER, mergedObjectIds=[DEAL]),
        system=system,
    )
    assert (states(system), stage(system)) == ({str(OTHER): "won"}, "customer")
    assert deals(system)[str(OTHER)].amount == 5000

    played(hub(9, "deal.deletion", OTHER), system=system)
    assert (states(system), stage(system)) == ({}, "all_other")


def test_a_change_event_of_the_bus_reaches_the_account(start: Start) -> None:
    system: Any = start()
    played(
        cdc(1, "Account", "CREATE", "001Zz0000000101IAA", Name="Acme", Website="acme.example"),
        cdc(2, "Opportunity", "CREATE", "006Zz0000000201IAA", AccountId="001Zz0000000101IAA",
            StageName="Prospecting", IsClosed=False, IsWon=False),
        cdc(3, "Opportunity", "UPDATE", "006Zz0000000201IAA", IsClosed=True, IsWon=True),
        system=system,
    )  # fmt: skip

    assert (states(system), stage(system)) == ({"006Zz0000000201IAA": "won"}, "customer")
