"""Case 30: a CRM corrects a contact's mailbox, and gives the freed one to another contact."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from tests.builders import NOON
from tests.cases.doors import say, send
from tests.system_in_process import System


def change(contact: int, mailbox: str, number: int) -> list[Any]:
    at = NOON + timedelta(minutes=number)
    said = {"objectId": contact, "eventId": 1000 + number, "subscriptionType":
            "contact.propertyChange", "propertyName": "email", "propertyValue": mailbox,
            "occurredAt": int(at.timestamp() * 1000), "portalId": 1}  # fmt: skip
    return send("hubspot", [said], at)


def people(system: System) -> list[list[str]]:
    return sorted(sorted(i.key for i in p.identifiers) for p in system.people().values())


def played(*changes: tuple[int, str], before: tuple[Any, ...] = ()) -> System:
    system = System()
    for one in before:
        system.play(one)
    for number, (contact, mailbox) in enumerate(changes, 1):
        system.play(*change(contact, mailbox, number))
    return system


def test_case_30_the_freed_mailbox_goes_to_whom_the_crm_gives_it() -> None:
    system = played((101, "ada@acme.example"), (101, "bob@acme.example"), (102, "ada@acme.example"))

    assert people(system) == [
        ["email:ada@acme.example", "hubspot_id:102"], ["email:bob@acme.example", "hubspot_id:101"],
    ]  # fmt: skip


def test_case_30_the_same_word_twice_changes_nothing_more() -> None:
    system = played((101, "ada@acme.example"), (101, "bob@acme.example"))
    system.play(*change(101, "bob@acme.example", 2))

    assert people(system) == [
        ["email:ada@acme.example"], ["email:bob@acme.example", "hubspot_id:101"],
    ]  # fmt: skip


def test_case_30_who_has_used_the_old_mailbox_themselves_keeps_it() -> None:
    used = say("lead.submitted", NOON, email="ada@acme.example")
    system = played((101, "ada@acme.example"), (101, "bob@acme.example"), before=(used,))

    assert len(people(system)) == 1


def test_case_30_two_records_with_one_mailbox_are_two_people() -> None:
    system = played((101, "ada@acme.example"), (102, "ada@acme.example"))

    held = [[k for k in one if k.startswith("hubspot_id")] for one in people(system)]
    assert all(len(one) <= 1 for one in held)


def test_case_30_records_that_the_crm_merges_are_one_person() -> None:
    system = played((101, "ada@acme.example"), (102, "bob@acme.example"))
    at = NOON + timedelta(minutes=9)
    merge = {"eventId": 2000, "subscriptionType": "contact.merge", "primaryObjectId": 101,
             "mergedObjectIds": [101, 102], "newObjectId": 103, "objectId": 101, "portalId": 1,
             "occurredAt": int(at.timestamp() * 1000)}  # fmt: skip
    system.play(*send("hubspot", [merge], at))

    assert len(people(system)) == 1


ADA, BOB = "ada@acme.example", "bob@acme.example"
SWAPPED = [
    ["email:ada@acme.example", "hubspot_id:102"], ["email:bob@acme.example", "hubspot_id:101"],
]  # fmt: skip
CHANGES = ((101, ADA, 1), (101, BOB, 2), (102, ADA, 3))


@pytest.mark.parametrize("order", list(permutations(CHANGES)), ids=range(6))
def test_case_30_the_word_that_happened_last_holds_in_whatever_order_it_arrives(
    order: tuple[tuple[int, str, int], ...],
) -> None:
    system = System()
    for came_in, (contact, mailbox, number) in enumerate(order):
        (signal,) = change(contact, mailbox, number)
        later = NOON + timedelta(hours=1, minutes=came_in)
        system.play(signal.model_copy(update={"received_at": later}))

    assert people(system) == SWAPPED


@pytest.mark.parametrize("same_moment", [False, True], ids=["each its own", "one moment"])
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "turned"])
def test_case_30_three_changes_in_one_array(*, same_moment: bool, turned: bool) -> None:
    said = []
    for contact, mailbox, number in CHANGES:
        at = NOON + timedelta(minutes=0 if same_moment else number)
        said.append({
            "objectId": contact, "eventId": 7000 + number, "portalId": 1, "propertyName": "email",
            "subscriptionType": "contact.propertyChange", "propertyValue": mailbox,
            "occurredAt": int(at.timestamp() * 1000),
        })  # fmt: skip
    if turned and not same_moment:
        said.reverse()
    system = System()

    system.play(*send("hubspot", said, NOON + timedelta(hours=1)))

    assert people(system) == SWAPPED


def test_case_30_what_is_corrected_back_is_as_it_was() -> None:
    system = played((101, ADA), (101, BOB), (101, ADA))

    assert people(system) == [
        ["email:ada@acme.example", "hubspot_id:101"], ["email:bob@acme.example"],
    ]  # fmt: skip


def test_case_30_two_records_change_places() -> None:
    system = played((101, ADA), (102, BOB), (101, BOB), (102, ADA))

    assert people(system) == SWAPPED
