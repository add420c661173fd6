"""Cases 21, 35 and the rest of 23: what several people give joins none of them."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.webhook.identity import phone
from mos.identity.shared_value import agree_in_name
from mos.matching.compare import Level, compare
from mos.matching.field import Field
from mos.matching.record import read
from mos.vocabulary.phone import read_phone
from tests.builders import NOON
from tests.cases.doors import keys, say
from tests.system_in_process import System

SWITCHBOARD = "+1 415 555 0100"


def people(*said: dict[str, Any]) -> list[list[str]]:
    """Return who is made of these leads: the identifiers of each, of mailboxes and numbers."""
    system = System()
    for minute, one in enumerate(said):
        at = NOON + timedelta(minutes=minute)
        system.play(say("lead.submitted", at, f"m{minute}", **one))
    return sorted(sorted(i.value for i in p.identifiers) for p in system.people().values())


def colleague(name: str, number: str = SWITCHBOARD, **other: Any) -> dict[str, Any]:
    mailbox = f"{name.split(maxsplit=1)[0].lower()}@acme.example"
    return {"email": mailbox, "name": name, "phone": number, **other}


def test_case_21_colleagues_who_give_the_companys_number_stay_themselves() -> None:
    found = people(colleague("Ana"), colleague("Bob"), colleague("Cy"), colleague("Bob"))

    assert [[v for v in one if "@" in v] for one in found] == [
        ["ana@acme.example", "+14155550100"][:1], ["bob@acme.example"], ["cy@acme.example"],
    ]  # fmt: skip


def test_case_21_who_cannot_be_told_by_name_is_not_joined_by_a_number() -> None:
    found = people({"email": "a@acme.example", "phone": SWITCHBOARD},
                   {"email": "b@acme.example", "phone": SWITCHBOARD})  # fmt: skip

    assert len(found) == 2


@pytest.mark.parametrize("name", ["Ana Lee", "A. Lee", "Ana", "ANA LEE"])
def test_case_21_one_name_with_one_number_and_two_mailboxes_is_one_person(name: str) -> None:
    work, home = colleague("Ana Lee"), {"email": "ana@home.example", "name": name}

    assert len(people(work, home | {"phone": SWITCHBOARD})) == 1


@given(st.permutations(["Ana", "Bob", "Cy", "Dee"]))
def test_case_21_in_whatever_order_they_come(names: list[str]) -> None:
    assert len(people(*map(colleague, names))) == 4


def test_case_23_what_many_different_mailboxes_come_with_is_nobodys() -> None:
    strangers = [
        {"email": f"p{n}@host{n}.example", "user_id": "const-17", "name": f"N{n} S{n}"}
        for n in range(8)
    ]

    found = people(*strangers)

    assert [m for one in found for m in one if "@" in m] == [s["email"] for s in strangers]
    assert len(found) == len(strangers)  # Another mailbox and another name: nobody is joined.


def test_case_23_without_names_five_mailboxes_can_be_one_persons_and_no_more() -> None:
    strangers = [{"email": f"p{n}@host{n}.example", "user_id": "const-17"} for n in range(8)]

    assert len(people(*strangers)) == 4


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("+1 415 555 0100", "+44 20 5555 0100", Level.DIFFERENT),
        ("+49 30 5555 0100", "+44 20 5555 0100", Level.DIFFERENT),
        ("+44 20 7946 0000", "0044 (20) 7946-0000", Level.EXACT),
        ("+44 20 7946 0000", "+44 (0)20 7946 0000", Level.EXACT),
    ],
)  # fmt: skip
def test_case_35_another_calling_code_is_another_number(one: str, other: str, level: Level) -> None:
    assert compare(read({Field.PHONE: one}), read({Field.PHONE: other}))[Field.PHONE] is level


@pytest.mark.parametrize(
    "number", ["+1 415 555 0100 ext. 12", "+1 415 555 0100 x77", "+1 415-555-0100;ext=3",
               "+49 89 1234-0 Durchwahl 17", "4.47912E+11"]
)  # fmt: skip
def test_case_35_an_extension_or_a_damaged_number_names_nobody(number: str) -> None:
    assert phone(number, "US") is None
    assert Field.PHONE not in read({Field.PHONE: number, Field.COUNTRY: "US"})


def test_case_35_a_national_number_is_read_by_the_country_that_comes_with_it() -> None:
    row = {Field.PHONE: "020 7946 0000", Field.COUNTRY: "United Kingdom"}
    signal = say("lead.submitted", email="a@acme.example", country="UK", phone="020 7946 0000")
    nowhere = say("lead.submitted", email="a@acme.example", phone="020 7946 0000")

    assert read(row)[Field.PHONE] == "+442079460000"
    assert "phone:+442079460000" in keys(signal)
    assert keys(nowhere) == ["email:a@acme.example"]


@given(
    st.sampled_from(["US", "DE", "GB", "FR", "IN", "BR", None]),
    st.text("+0123456789 ()-/.x", max_size=25),
)
def test_case_35_a_number_is_whole_or_unknown_and_stays_itself(country: str, text: str) -> None:
    found = read_phone(text, country)

    if found:
        assert found.number[0] == "+"
        assert 7 <= len(found.number[1:]) <= 15
        assert read_phone(found.number) == read_phone(found.number, country)


@given(st.text(max_size=20), st.text(max_size=20))
def test_case_21_names_agree_both_ways_or_neither(one: str, other: str) -> None:
    assert agree_in_name(one, other) is agree_in_name(other, one)
