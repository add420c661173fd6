"""Lists as thirty real systems export them: who each row is, and what it says of consent.

`tests/data/exports/index.json` holds the right reading of each line; the people are invented.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.cases.lists import dry, signals

EXPORTS = Path(__file__).parent.parent / "data" / "exports"
INDEX = json.loads((EXPORTS / "index.json").read_text("utf-8"))


def raw(folder: str) -> bytes:
    return (EXPORTS / folder / "file.csv").read_bytes()


@cache
def read(folder: str) -> dict[str, Any]:
    return dry(raw(folder), name="file.csv")


def row(folder: str, line: int) -> dict[str, Any]:
    return next(r for r in read(folder)["rows"] if r["line"] == line)


def keys(folder: str) -> dict[str, set[str]]:
    """Return the identifiers of each row by its mailbox, or by its first identifier."""
    made = signals(raw(folder))
    return {s.identifiers[0].value: {i.key for i in s.identifiers} for s in made}


@pytest.mark.parametrize("folder", INDEX)
def test_every_row_is_read_as_its_system_means_it(folder: str) -> None:
    wanted, got = INDEX[folder], read(folder)

    found = []
    for line in got["rows"]:
        fields = line["fields"]
        consent = {k.removeprefix("consent:"): v for k, v in fields.items() if k[:8] == "consent:"}
        parts = {"email": fields.get("email"), "consent": consent,
                 "undeliverable": fields.get("undeliverable")}  # fmt: skip
        said = {name: part for name, part in parts.items() if part}
        found.append({"line": line["line"], "status": line["status"]} | said)
    assert found == wanted["rows"]
    assert [q["column"] for q in got["questions"]] == wanted["asked"]
    assert [m["lines"] for m in got["would_merge"]] == wanted["one_person"]


@pytest.mark.parametrize("folder", INDEX)
def test_every_row_that_is_not_plain_says_why(folder: str) -> None:
    assert all(r["note"] for r in read(folder)["rows"] if r["status"] in {"refused", "review"})


@pytest.mark.parametrize("folder", INDEX)
def test_what_is_refused_is_named_and_what_is_granted_is_counted(folder: str) -> None:
    got = read(folder)

    granted = [r for r in got["rows"] if r["fields"].get("consent:email_marketing") == "granted"]
    assert got["grants"] == ({"email_marketing": len(granted)} if granted else {})
    assert set(got) == {"columns", "grants", "withdrawals", "rows", "would_merge",
                        "matched_against", "questions"}  # fmt: skip


def test_an_account_s_id_an_owner_s_and_a_boss_s_are_no_person_s() -> None:
    for folder in ("01-hubspot-contacts-default", "06-salesforce-dataexport-contact",
                   "33-zoho-crm-contacts", "42-zoominfo-contacts"):  # fmt: skip
        columns = {c["column"]: c["effect"] for c in read(folder)["columns"]}
        others = [n for n in columns if "Account" in n or "Company" in n or "Owner" in n]
        assert others
        assert all(columns[name] in {"account", "ignored"} for name in others), folder


def test_a_merged_and_a_converted_record_are_the_person_that_they_became() -> None:
    contacts = keys("06-salesforce-dataexport-contact")
    leads = keys("08-salesforce-dataexport-lead")

    first = {k for k in contacts["0038a00000EXMP1AAP"] if k.startswith("salesforce_id:")}
    assert first <= contacts["0038a00000EXMP4AAP"]
    assert "salesforce_id:003dN00000EXMP9QAP" in leads["00QdN00000EXMP3UAP"]
    assert not any("AAA" in key for held in leads.values() for key in held)


def test_several_mailboxes_of_a_person_are_all_kept() -> None:
    [adele, *_] = signals(raw("17-google-contacts"))
    [tuuli, *_] = signals(raw("32-pipedrive-people"))

    assert {i.value for i in adele.identifiers if i.type == "email"} == {
        "adele.zbinden@seeblick.example", "a.zbinden@seeblick.example",
        "azbinden@grossbank-test.example",
    }  # fmt: skip
    assert sum(i.type == "email" for i in tuuli.identifiers) == 3


def test_own_staff_hosts_and_guests_are_no_leads() -> None:
    for folder in INDEX:
        held = json.dumps(read(folder)["rows"])
        assert "own-company.example" not in held
        assert "host@organiser.example" not in held
        assert "boss@praha-test.example" not in held
        assert "Lena Ahrens" not in held


def test_a_guest_is_not_a_second_one_of_who_booked() -> None:
    fields = row("25-eventbrite-attendees", 3)["fields"]

    assert "first_name" not in fields
    assert "last_name" not in fields


def test_a_card_marked_private_is_asked_about() -> None:
    folder = "18-outlook-contacts-en"

    left_out = dry(raw(folder), {"Private": "private"})
    brought = dry(raw(folder), {"Private": "ignore"})

    assert left_out["questions"] == brought["questions"] == []
    assert [r["status"] for r in left_out["rows"]] == ["accepted", "refused", "refused"]
    assert [r["status"] for r in brought["rows"]] == ["accepted", "accepted", "refused"]
    assert "/o=" not in json.dumps(brought["rows"][1]["fields"])


def test_what_was_accepted_is_for_a_person_to_say() -> None:
    mapped = {"Akzeptiert": "consent:email_marketing"}

    described = dry(raw("44-google-forms-de"), mapped)

    assert described["questions"] == []
    assert described["grants"] == {"email_marketing": 2}
    assert described["withdrawals"] == {"email_marketing": 1}


def test_the_file_s_own_name_can_take_away() -> None:
    folder = "12-mailchimp-subscribed"

    left = dry(raw(folder), name="unsubscribed_members_export_1a2b.csv")
    dead = dry(raw(folder), name="cleaned_members_export_1a2b.csv")
    kept = dry(raw(folder), name="subscribed_members_export_1a2b.csv")

    assert (left["grants"], left["withdrawals"]) == ({}, {"email_marketing": 3})
    assert (dead["grants"], dead["withdrawals"]) == ({}, {"email_marketing": 1})
    assert all(r["fields"]["undeliverable"] for r in dead["rows"])
    assert kept["grants"] == {"email_marketing": 1}


def test_a_consent_speaks_of_when_it_was_given() -> None:
    made = {s.identifiers[0].value: s for s in signals(raw("40-klaviyo-list"))}

    assert f"{made['ewa@wisla-test.example'].occurred_at:%Y-%m-%d}" == "2024-01-01"
    assert f"{made['jan@wisla-test.example'].occurred_at:%Y-%m-%d}" == "2025-05-01"


def test_leading_zeros_negative_ids_and_capitals_stay() -> None:
    zoom = json.dumps(read("42-zoominfo-contacts")["rows"])
    postcode = signals(raw("19-outlook-contacts-de"), Privat="ignore")[0].traits["postcode"]

    assert "zoominfocontactid:-12345" in zoom
    assert postcode == "06773"
