"""Salesforce leaves out whose changes they are: all of that object that has changed is read."""

from typing import Any

import pytest

from tests.acceptance.test_lookups import ACCOUNT, OPPORTUNITY, salesforce
from tests.cases.crm import account, at, cdc, deals, played, stage, states
from tests.system_in_process import System

NO_ID = "000000000000000AAA"
OTHER, OLD = "006Zz0000000202IAA", "006Zz0000000203IAA"


def stamp(minute: float) -> str:
    return at(minute).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def deal(record_id: str, minute: float, **fields: Any) -> dict[str, Any]:
    return {"Id": record_id, "SystemModstamp": stamp(minute), "Name": "x", "AccountId": ACCOUNT,
            "StageName": "Prospecting", "IsClosed": False, "IsWon": False, **fields}  # fmt: skip


def overflow(minute: float, entity: str = "Opportunity") -> Any:
    return cdc(minute, entity, "GAP_OVERFLOW", NO_ID, changed=[])


def parked(system: System) -> list[str]:
    return [str(reason) for reason in system.parking.reasons]


def test_what_an_overflow_left_out_is_read_from_before_its_transaction_on() -> None:
    system = salesforce()
    shelf = system.lookups.shelves["salesforce"]
    shelf.put("Opportunity", OTHER, deal(OTHER, 4, IsClosed=True, IsWon=True))
    shelf.put("Opportunity", OLD, deal(OLD, -60))

    played(overflow(9), system=system)

    assert states(system) == {OPPORTUNITY: "open", OTHER: "won"}
    assert (account(system).trait("name"), stage(system)) == ("Acme", "customer")


def test_what_lies_in_the_bin_after_an_overflow_is_gone() -> None:
    system = salesforce()
    played(cdc(1, "Opportunity", "CREATE", OTHER, AccountId=ACCOUNT, StageName="Prospecting",
               IsClosed=False, IsWon=False, changed=[]), overflow(2), system=system)  # fmt: skip
    assert OTHER in deals(system)

    shelf = system.lookups.shelves["salesforce"]
    shelf.put("Opportunity", OTHER, deal(OTHER, 8, IsDeleted=True))
    played(overflow(9), system=system)

    assert states(system) == {OPPORTUNITY: "open"}


def test_an_event_about_a_whole_object_is_read_as_an_overflow_is() -> None:
    system = played(cdc(9, "Opportunity", "UPDATE", "006*", Probability=5), system=salesforce())

    assert states(system) == {OPPORTUNITY: "open"}


def test_an_overflow_that_comes_again_is_one_question_more_and_no_signal_more() -> None:
    system = played(overflow(9), system=salesforce())
    logged = {s.signal_id for s in system.logged()}

    played(overflow(9), system=system)

    assert {s.signal_id for s in system.logged()} == logged


def test_all_pages_are_turned() -> None:
    system = salesforce()
    shelf = system.lookups.shelves["salesforce"]
    for number in range(250):
        name = f"006Zz0000001{number:03}IAA"
        shelf.put("Opportunity", name, deal(name, 8))

    played(overflow(9), system=system)

    assert len(deals(system)) == 251
    assert len(shelf.calls) == 6  # Three pages and the account; both asked for a currency first.


def test_more_than_is_read_at_once_is_parked_with_what_to_do_and_hurts_no_other() -> None:
    system = salesforce()
    shelf = system.lookups.shelves["salesforce"]
    for number in range(2_000):
        name = f"006Zz000001{number:04}IAA"
        shelf.put("Opportunity", name, deal(name, 8))

    played([*overflow(9), *cdc(9, "Opportunity", "GAP_UPDATE", OPPORTUNITY)], system=system)

    (reason,) = parked(system)
    assert "2001" in reason
    assert "import Opportunity again" in reason
    assert states(system) == {OPPORTUNITY: "open"}


def test_what_was_parked_is_asked_for_again_when_it_is_redriven() -> None:
    system = salesforce()
    system.lookups.shelves["salesforce"].troubles += ["not_approved"]
    played(overflow(9), system=system)
    (body,) = system.parking.bodies
    system.queue.bodies.append(body)
    system.unify(system.later(hours=1))

    assert states(system) == {OPPORTUNITY: "open"}


@pytest.mark.parametrize("entity", ["Task", "Case"])
def test_an_overflow_of_what_is_not_read_is_kept_and_asks_nobody(entity: str) -> None:
    system = played(overflow(9, entity), system=salesforce())

    assert [s.properties["needs_read"] for s in system.logged()] == [True]
    assert system.lookups.shelves["salesforce"].calls == []
