"""Case 12: our own `company.updated` and `deal.updated` reach the account without a person."""

from typing import Any

import pytest

from mos.model.signal import Trust
from tests.cases.crm import account, at, deal, deals, played, stage, states, stored
from tests.cases.doors import say
from tests.system_in_process import System

ADA = say("lead.submitted", at(0), "m-1", email="ada@acme.example")
COMPANY = say("company.updated", at(5), "m-2",
              company={"name": "Acme", "domain": "acme.example", "employees": 900})  # fmt: skip
WON = deal(6, "D", deal_stage="Closed Won")


@pytest.mark.parametrize("signals", [(ADA, COMPANY, WON), (COMPANY, WON, ADA), (WON, COMPANY)])
def test_case_12_the_account_has_its_employees_and_its_won_deal(signals: Any) -> None:
    system = played(*signals)

    assert account(system).trait("employees") == 900
    assert (states(system), stage(system)) == ({"D": "won"}, "customer")


def test_case_12_each_is_logged_under_what_it_is_about() -> None:
    system = played(ADA, COMPANY, WON)

    assert {r.pk for r in system.tables["signals"].scan()} == {
        "email:ada@acme.example", "domain:acme.example", "deal:standard-webhooks:D",
    }  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        {"deal": {"id": "D", "stage": "Closed Won", "amount": "12.000,50", "currency": "EUR"}},
        {"properties": {"dealId": "D", "dealstage": "closedwon", "amount": 12000.5,
                        "deal_currency_code": "EUR"}},
        {"properties": {"deal_id": "D", "StageName": "Gewonnen", "amount": "12000.50",
                        "CurrencyIsoCode": "eur"}},
        {"deal_id": "D", "deal_stage": "anything", "is_won": True, "is_closed": True,
         "amount": 12000.5, "currency": "EUR"},
    ],
    ids=["a deal object", "HubSpot's names", "Salesforce's names", "flags"],
)  # fmt: skip
def test_case_12_a_deal_is_read_in_its_senders_words(data: dict[str, Any]) -> None:
    said = say("opportunity.updated", at(6), company={"domain": "acme.example"}, **data)

    found = deals(played(said))["D"]

    assert (found.state.value, found.amount, found.currency) == ("won", 12000.5, "EUR")


def test_case_12_a_page_at_somebody_elses_is_nobodys_account() -> None:
    system = played(deal(6, "D", "linkedin.com/company/acme", deal_stage="Closed Won"))

    assert [key for key in stored(system) if key[0].startswith("acc_")] == []


def test_case_12_a_stranger_gives_no_account_a_deal() -> None:
    stranger = WON.model_copy(update={"trust": Trust.UNSIGNED, "signal_id": "sig_stranger"})
    system = System()
    system.receive([stranger])

    assert states(system) == {}


def test_case_12_a_test_moves_no_account() -> None:
    system = played(WON.model_copy(update={"is_test": True}))

    assert (states(system), stage(system)) == ({}, None)


def test_case_12_deals_without_an_id_are_one_a_company() -> None:
    names = ("acme.example", "zeta.example")
    said = [
        say("deal.updated", at(n), f"m-{n}", company={"domain": name}, deal_stage="Proposal")
        for n, name in enumerate(names)
    ]

    system = played(*said)

    assert (len(states(system)), len(states(system, "zeta.example"))) == (1, 1)


def test_case_12_a_deleted_deal_and_one_that_comes_back() -> None:
    opened = deal(5, "D", deal_stage="Proposal")
    gone = say("deal.deleted", at(7), "m-7", deal_id="D")
    system = played(opened, gone)
    assert (states(system), stage(system)) == ({}, "all_other")

    played(say("deal.restored", at(8), "m-8", deal_id="D"), system=system)
    assert (states(system), stage(system)) == ({"D": "open"}, "opportunity")


def test_case_12_a_deal_that_came_with_a_person_is_their_companys_until_one_is_named() -> None:
    said = say("deal.updated", at(1), "m-3", email="ada@acme.example",
               properties={"deal_id": "D", "deal_stage": "Proposal"})  # fmt: skip
    system = played(said)
    assert states(system) == {"D": "open"}

    played(deal(2, "D", "zeta.example"), system=system)
    assert (states(system), states(system, "zeta.example")) == ({}, {"D": "open"})


def test_case_12_a_statement_without_flags_takes_older_flags_back() -> None:
    won = deal(5, "D", deal_stage="Anything", is_won=True, is_closed=True)

    system = played(won, deal(6, "D", deal_stage="Negotiation"))

    assert states(system) == {"D": "open"}
