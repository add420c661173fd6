"""A deal is its tenant's, and its amount is in the currency that it came with."""

from mos.identity.company_word import node_id
from mos.model.account import Account
from mos.model.deal import Deal
from mos.model.signal import Signal, SignalKind
from tests.builders import signal
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
