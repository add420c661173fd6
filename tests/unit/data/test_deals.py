"""A deal is its tenant's, and its amount is in the currency that it came with."""

import json

import pytest

from mos.identity.company_word import node_id
from mos.model.account import Account
from mos.model.deal import Deal, DealState
from mos.model.signal import Signal, SignalKind
from mos.ports import Record
from tests.builders import NOON, signal
from tests.system_in_process import System

ANA = ("email:ana@acme.com",)


def deal(minute: float, **said: str | float) -> Signal:
    properties = {"deal_id": "101", "deal_stage": "Proposal"} | said
    return signal(SignalKind.DEAL_CHANGED, minute=minute, ids=ANA, properties=properties)


def deals(system: System) -> list[Deal]:
    record = system.tables["identity"].get(f"ACCOUNT#{node_id('acme.com')}", "ACCOUNT")
    return list(Account.parse(record.body).deals)


def test_an_amount_keeps_the_currency_that_it_came_with() -> None:
    system = System()
    system.play(deal(0, amount=5000, currency="€"))
    system.play(deal(1, deal_stage="Closed Won"))

    (found,) = deals(system)
    assert (found.amount, found.currency, found.stage) == (5000, "EUR", "Closed Won")


def test_a_currency_that_nobody_stated_is_not_assumed() -> None:
    system = System()
    system.play(deal(0, amount=5000, currency="$"))

    assert deals(system)[0].currency is None


def test_deals_of_two_portals_are_two_and_those_of_the_first_keep_their_ids() -> None:
    system = System()
    system.play(deal(0, portal_id="777", amount=1))
    system.play(deal(1, portal_id="888", amount=2))
    system.play(deal(2, portal_id="777", amount=3))

    assert {one.deal_id: one.amount for one in deals(system)} == {"101": 3, "888/101": 2}


@pytest.mark.parametrize("state", DealState)
def test_a_release_that_knows_three_states_reads_one_of_them_and_this_one_its_own(
    state: DealState,
) -> None:
    kept = Deal(deal_id="1", state=state, stage="x", at=NOON, signal_id="sig_1")
    account = Account(account_id="acc_1", deals=(kept,))

    body = json.loads(account.canonical())

    assert body["deals"][0]["state"] in {"open", "won", "lost"}
    assert Account.parse(account.canonical()) == account


def test_what_an_earlier_release_kept_of_a_deal_is_not_lost_by_a_word_on_its_amount() -> None:
    system = System()
    place = (f"ACCOUNT#{node_id('acme.com')}", "ACCOUNT")
    held = Deal(deal_id="101", state=DealState.WON, stage="Closed Won", at=NOON, signal_id="sig_1")
    account = Account(account_id=node_id("acme.com"), domain="acme.com", deals=(held,))
    system.tables["identity"].save(Record(*place, account.canonical()))

    system.play(deal(5, deal_stage="", amount=7))

    (found,) = deals(system)
    assert (found.state, found.stage, found.amount) == (DealState.WON, "Closed Won", 7)
