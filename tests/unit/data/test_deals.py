"""A deal is its tenant's, and its amount is in the currency that it came with."""

import json
from itertools import permutations

import pytest

from mos.identity.company_word import node_id
from mos.model.account import Account
from mos.model.deal import Deal, DealState
from mos.model.signal import Signal, SignalKind
from mos.ports import Record
from tests.builders import NOON, signal
from tests.cases.crm import hub, link, prop
from tests.property.test_deals import Desk
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


@pytest.mark.parametrize("around", [(1, 2), (2, 1), (1, 2, 3), (3, 1, 2)])
def test_of_deals_that_were_merged_in_a_circle_one_stays(around: tuple[int, ...]) -> None:
    ids = [900 + number for number in around]
    pairs = list(zip(ids, [*ids[1:], ids[0]], strict=True))
    merges = [
        hub(10 + n, "deal.merge", into, primaryObjectId=into, mergedObjectIds=[one])
        for n, (one, into) in enumerate(pairs)
    ]
    known = [prop(n, "deal", one, "dealstage", "closedwon") for n, one in enumerate(ids)]
    known += [link(n, one, 421) for n, one in enumerate(ids)]

    for order in permutations(merges):
        desk = Desk(*known, *order)
        stand = [json.loads(body) for place, body in desk.stored().items()
                 if isinstance(place, tuple)]  # fmt: skip
        # The first word is the one that every later one contradicts.
        assert [one["deal_id"] for one in stand if not one.get("is_gone")] == [str(ids[0])]
