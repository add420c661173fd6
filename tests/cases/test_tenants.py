"""K2: two tenants of one CRM count their records alike, and their people are not one another."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos.model.signal import Signal
from tests.builders import NOON
from tests.cases.doors import say, send
from tests.system_in_process import System

ONE, OTHER = 62515, 777


def change(portal: int, contact: int, number: int, **said: Any) -> Signal:
    at = NOON + timedelta(minutes=number)
    body = {"objectId": contact, "eventId": number, "portalId": portal, "subscriptionType":
            "contact.propertyChange", "occurredAt": int(at.timestamp() * 1000), **said}  # fmt: skip
    (signal,) = send("hubspot", [body], at)
    return signal


def names(portal: int, contact: int, number: int, mailbox: str) -> Signal:
    return change(portal, contact, number, propertyName="email", propertyValue=mailbox)


def people(system: System) -> list[list[str]]:
    return sorted(sorted(i.key for i in p.identifiers) for p in system.people().values())


def played(*signals: Signal) -> System:
    system = System()
    for signal in signals:
        system.play(signal)
    return system


def test_case_38_the_same_record_id_in_two_portals_is_two_people() -> None:
    system = played(
        names(ONE, 101, 1, "ada@acme.example"), names(OTHER, 101, 2, "bob@globex.example")
    )

    assert people(system) == [
        ["email:ada@acme.example", "hubspot_id:101"],
        ["email:bob@globex.example", "hubspot_id:777/101"],
    ]


def test_case_38_a_withdrawal_in_one_portal_is_not_about_the_others_contact() -> None:
    system = played(
        names(ONE, 101, 1, "ada@acme.example"),
        names(OTHER, 101, 2, "bob@globex.example"),
        change(OTHER, 101, 3, propertyName="hs_email_optout", propertyValue="true"),
    )

    assert system.profile("email:ada@acme.example").consents == ()
    (withdrawn,) = system.profile("email:bob@globex.example").consents
    assert not withdrawn.granted


def test_case_38_one_person_in_two_portals_is_joined_by_the_mailbox() -> None:
    system = played(names(ONE, 101, 1, "ada@acme.example"), names(OTHER, 5, 2, "ada@acme.example"))

    assert people(system) == [["email:ada@acme.example", "hubspot_id:101", "hubspot_id:777/5"]]


def test_case_38_who_names_no_portal_means_our_own() -> None:
    bare = say("contact.updated", NOON + timedelta(minutes=9), email="ada@acme.example",
               identifiers=[{"type": "hubspot_id", "value": "101"}])  # fmt: skip
    system = played(bare, change(ONE, 101, 1, propertyName="jobtitle", propertyValue="CFO"))

    assert people(system) == [["email:ada@acme.example", "hubspot_id:101"]]


def test_case_38_a_sender_may_name_the_tenant() -> None:
    def contact(tenant: str, mailbox: str, message: str) -> Signal:
        return say("contact.updated", NOON, message, email=mailbox,
                   identifiers=[{"type": "pipedrive_id", "value": "7",
                                 "tenant": tenant}])  # fmt: skip

    system = played(
        contact("acme", "ada@a.example", "m-1"), contact("east", "bob@b.example", "m-2")
    )

    assert people(system) == [
        ["email:ada@a.example", "pipedrive_id:7"],
        ["email:bob@b.example", "pipedrive_id:east/7"],
    ]


def test_case_38_a_try_of_the_app_makes_no_portal_our_own() -> None:
    trial = change(OTHER, 123, 100, changeFlag="NEW", propertyName="firstname", propertyValue="x")
    system = played(trial, names(ONE, 101, 2, "ada@acme.example"))

    assert ["email:ada@acme.example", "hubspot_id:101"] in people(system)


WORDS = st.tuples(
    st.sampled_from([ONE, OTHER]), st.integers(1, 4), st.sampled_from("abcdef"), st.booleans()
)


@given(st.lists(WORDS, min_size=2, max_size=8), st.booleans())
def test_no_record_id_joins_people_of_two_tenants(
    words: list[tuple[int, int, str, bool]], together: Any
) -> None:
    signals = [
        names(portal, contact, number, f"{letter}@{portal}.example")
        if is_mailbox
        else change(portal, contact, number, propertyName="jobtitle", propertyValue=letter)
        for number, (portal, contact, letter, is_mailbox) in enumerate(words, 200)
    ]
    system = System()
    if together:
        system.play(*signals)
    else:
        for signal in signals:
            system.play(signal)

    for keys in people(system):
        mailboxes = {key.rpartition("@")[2] for key in keys if "@" in key}
        tenants = {"/" in key for key in keys if key.startswith("hubspot_id:")}
        assert len(mailboxes) <= 1
        assert len(tenants) <= 1


@pytest.mark.parametrize("portal", [ONE, str(ONE)], ids=["number", "text"])
def test_a_portal_is_the_same_however_it_is_written(portal: Any) -> None:
    assert change(portal, 101, 1).identifiers[0].value == "62515/101"
