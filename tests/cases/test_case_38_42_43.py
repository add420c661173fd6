"""Whose an id is: rounded ones are nobody's, an account's is no person's, a list's is its own."""

import pytest

from mos.model.signal import Provenance
from tests.cases.lists import dry, open_list, people, read_plan, signals
from tests.system_in_process import System

FIRST = Provenance.FIRST_PARTY


def identifiers(text: str, **mapped: str) -> list[set[str]]:
    return [{i.key for i in signal.identifiers} for signal in signals(text, **mapped)]


SPOILED = ("4.47912E+11", "1,23E+14", "1.00E+15", "9e+20", "########")


@pytest.mark.parametrize("value", SPOILED)
@pytest.mark.parametrize("heading", ["Customer ID", "Record ID", "Mobile", "Salesforce ID"])
def test_case_38_what_a_spreadsheet_has_rounded_identifies_nobody(heading: str, value: str) -> None:
    text = f'Email,{heading}\nada@b.example,"{value}"\nbob@c.example,"{value}"\n'

    described = dry(text)

    assert identifiers(text) == [{"email:ada@b.example"}, {"email:bob@c.example"}]
    assert described["would_merge"] == []
    assert all(value in row["note"] for row in described["rows"])


ACCOUNTS = ("Account ID", "AccountId", "Company ID", "Associated Company ID", "Kundennr. Firma",
            "Account Number", "Organization ID", "Firmennummer")  # fmt: skip


@pytest.mark.parametrize("heading", ACCOUNTS)
def test_case_42_an_account_s_id_is_no_person_s(heading: str) -> None:
    rows = "".join(f"003500000{n:02},00150000001,P{n},p{n}@acme.example\n" for n in range(4))

    described = dry(f"Contact ID,{heading},First Name,Email\n{rows}")

    column = next(c for c in described["columns"] if c["column"] == heading)
    assert column["effect"] in {"account", "ignored"}
    assert described["would_merge"] == []
    assert "00150000001" not in "".join(str(row["fields"].get("also.list")) for row in
                                        described["rows"])  # fmt: skip


def test_case_42_four_people_of_one_account_stay_four() -> None:
    system = System()
    rows = "".join(f"003500000{n:02},00150000001,P{n},Q{n},p{n}@acme.example\n" for n in range(4))

    system.play(*signals(f"Contact ID,Account ID,First Name,Last Name,Email\n{rows}"))

    assert len(system.people()) == 4


def test_case_42_an_account_s_id_under_a_person_s_heading_is_no_person_s() -> None:
    text = (
        "Salesforce ID,Email\n0018a00000ACME1AAK,ada@b.example\n0018a00000ACME1AAK,bob@c.example\n"
    )

    assert identifiers(text) == [{"email:ada@b.example"}, {"email:bob@c.example"}]


@pytest.mark.parametrize("heading", ["Lead ID", "ID", "Contact ID", "External ID", "Customer ID"])
def test_case_43_a_row_s_number_in_two_lists_is_nobody_s(heading: str) -> None:
    system = System()
    one = f"{heading},First Name,Email\n1,Ana,ana@acme.example\n2,Bob,bob@acme.example\n"
    other = f"{heading},First Name,Email\n1,Zoe,zoe@globex.example\n2,Yan,yan@globex.example\n"

    system.play(*signals(one, "fairA"), *signals(other, "fairB"), *signals(other, "fairA"))

    assert len(system.people()) == 4
    assert not any(key.startswith("salesforce_id") for key in map(str, identifiers(one)[0]))


@pytest.mark.parametrize("heading", ["Lead ID", "External ID", "Badge ID", "Kundennummer"])
def test_case_43_a_list_s_own_id_belongs_to_the_list(heading: str) -> None:
    text = f"{heading},Email\nX-17,ada@b.example\nX-42,bob@c.example\n"

    [one, _] = signals(text, "fairA")
    [other, _] = signals(text, "fairB")

    ids = [{i.key for i in s.identifiers if i.type == "list"} for s in (one, other)]
    assert all(len(found) == 1 for found in ids)
    assert next(iter(ids[0])).startswith("list:fairA:")
    assert not ids[0] & ids[1]


def test_an_id_of_a_known_system_is_ours_only_where_the_list_is() -> None:
    text = "Record ID,First Name,Last Name,Email\n51023344101,Ada,Byron,ada@b.example\n"

    [theirs] = signals(text)
    [ours] = signals(text, provenance=FIRST)
    [told] = signals(text, **{"Record ID": "hubspot_id"})

    assert {i.type for i in theirs.identifiers} == {"email", "list"}
    assert "hubspot_id:51023344101" in {i.key for i in ours.identifiers}
    assert "hubspot_id:51023344101" in {i.key for i in told.identifiers}


def test_a_salesforce_id_is_one_with_fifteen_and_eighteen_signs_and_keeps_its_capitals() -> None:
    text = (
        "Salesforce ID,First Name\n003500000abcdEF,Ada\n003500000abcdEFAAY,Ada\n"
        "003500000ABCDef,Bob\n00Q500000abcdEF,Cy\n"
    )

    made = identifiers(text)

    assert made[0] == made[1]
    assert len({frozenset(found) for found in made}) == 3


def test_a_value_seen_with_many_mailboxes_is_nobody_s() -> None:
    rows = "".join(f"A-77,p{n}@b{n}.example,P{n},Q{n}\n" for n in range(3))

    described = dry(f"Customer ID,Email,First Name,Last Name\n{rows}")

    assert described["would_merge"] == []
    assert all("nobody's" in row["note"] for row in described["rows"])


def test_a_switchboard_joins_nobody_and_a_shared_mobile_of_one_person_does() -> None:
    head = "Email,First Name,Last Name,Phone\n"
    strangers = "ada@b.example,Ada,Byron,+44 20 7946 0001\nbob@b.example,Bob,Stone,+442079460001\n"
    herself = "ada@b.example,Ada,Byron,+44 20 7946 0001\nada@c.example,Ada,Byron,+442079460001\n"
    unnamed = "".join(f"p{n}@b{n}.example,,,+44 20 7946 0001\n" for n in range(3))
    no_mailbox = "ada@b.example,Ada,Byron,+44 20 7946 0001\n,Bob,Stone,+442079460001\n"
    desk = "ada@b.example,,,+44 20 7946 0001 ext 3\nbob@b.example,,,+44 20 7946 0001 ext. 4\n"

    assert dry(head + strangers)["would_merge"] == []
    assert dry(head + herself)["would_merge"] == [{"lines": [2, 3], "by": "phone"}]
    assert dry(head + desk)["would_merge"] == []
    assert dry(head + unnamed)["would_merge"] == []
    assert dry(head + no_mailbox)["would_merge"] == []


def test_a_mailbox_under_another_name_keeps_the_first_and_a_shared_one_keeps_all() -> None:
    head = "Email,First Name,Last Name\n"

    own = dry(f"{head}ada@b.example,Ada,Byron\nada@b.example,Bob,Stone\n")["rows"]
    shared = dry(f"{head}info@b.example,Ada,Byron\ninfo@b.example,Bob,Stone\n")["rows"]

    assert [row["status"] for row in own] == ["accepted", "review"]
    assert "first_name" not in own[1]["fields"]
    assert [row["fields"].get("first_name") for row in shared] == ["Ada", "Bob"]


def test_case_23_placeholders_join_nobody() -> None:
    head = "Email,Customer ID,Phone\n"
    rows = "test@test.com,null,000000000\ntest@test.com,n/a,+10000000000\n"

    described = dry(head + rows + "info@acme.example,0,\ninfo@acme.example,-,\n")

    assert described["would_merge"] == []


def test_case_30_two_records_of_one_system_are_two_people() -> None:
    text = "Record ID,First Name,Last Name,Email\n101,Bob,Stone,bob@b.example\n102,Ada,Byron,ada@b.example\n"  # noqa: E501  two rows of one export

    assert dry(text, provenance=FIRST)["would_merge"] == []
    assert dry(text)["would_merge"] == []


def test_rows_that_would_be_one_person_are_counted_and_said() -> None:
    rows = "ada@b.example,Ada,\nADA@b.example,Ada,+442079460001\n,Ada,+44 20 7946 0001\nbob@c.example,,\n"  # noqa: E501  four rows of two people
    text = f"Email,First Name,Phone\n{rows}"

    assert people(text) == ["3 rows would be one person: lines 2, 3, 4 (email)"]
    notes = [row["note"] for row in dry(text)["rows"]]
    assert notes == ["3 rows would be one person: lines 2, 3, 4"] * 3 + [""]
    assert dry(text)["would_merge"] == [
        {"lines": [2, 3], "by": "email"}, {"lines": [3, 4], "by": "phone"},
    ]  # fmt: skip


def test_people_are_counted_and_not_rows() -> None:
    text = "Email,Newsletter\nada@b.example,yes\nADA@b.example,yes\nbob@c.example,yes\n"

    assert dry(text)["grants"] == {"email_marketing": 2}


def test_a_known_person_is_joined_with_rows_of_two_lists_that_count_differently() -> None:
    system = System()
    text = "Customer ID,Email,First Name\n{},ada@b.example,Ada\n"

    system.play(*signals(text.format("A-17"), "one"), *signals(text.format("B-99"), "two"))

    [person] = system.people().values()
    assert sum(i.type == "list" for i in person.identifiers) == 2


def test_a_list_is_the_same_signals_again() -> None:
    text = "Customer ID,Email,Newsletter\nA-17,ada@b.example,yes\n"

    first, again = (read_plan(open_list(text)).rows[0].signal for _ in range(2))

    assert first.signal_id == again.signal_id
