"""Each parameter says truly who reads it: code, rows, or people alone."""

import re
from datetime import date
from pathlib import Path

import pytest

from mos.policy.bundle.bundle import Bundle
from mos.policy.check import ERROR, NOTE
from mos.policy.checks.misread_parameter import CHECK, list_read_parameters
from tests.builders import starter

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 30)
MADE = re.compile(r"^(account|group|person)_(order|aside)$|^person_(match|review)_threshold$")
"""Names that code puts together of two words."""


def code() -> str:
    files = [
        p for room in ("functions", "shared", "cli", "lab") for p in (ROOT / room).rglob("*.py")
    ]
    return "".join(path.read_text(encoding="utf-8") for path in files)


def with_parameter(**fields: str) -> Bundle:
    stated = {"value": "1", "unit": '"1"', "owner": '"ops"', "why": '"Of this test."'}
    stated |= {"review_by": "2027-05-01"} | fields
    name = stated.pop("name", "of_this_test")
    page = f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in stated.items())
    return Bundle(starter().files | {"parameters/of_this_test.toml": page.encode()})


def claims(bundle: Bundle, level: str = ERROR) -> list[str]:
    return [f["detail"] for f in CHECK.run(bundle, TODAY) if f["level"] == level]


def test_what_is_listed_as_read_is_named_in_the_code_by_a_word_of_its_own() -> None:
    text = code()

    for name in list_read_parameters():
        assert MADE.match(name) or re.search(rf"[\"']{name}[\"']", text), name


def test_what_the_starter_calls_a_note_is_named_nowhere_in_the_code() -> None:
    text = code()
    notes = [p.name for p in starter().parameters.values() if p.read_by.startswith("people")]

    assert len(notes) > 200
    assert [n for n in notes if re.search(rf"[\"']{n}[\"']", text)] == []


def test_the_starter_says_of_each_parameter_who_reads_it_and_is_right() -> None:
    notes = claims(starter(), NOTE)

    assert claims(starter()) == []
    assert len(notes) == sum(p.read_by.startswith("people") for p in starter().parameters.values())
    assert (
        "subject_length_most is a note for people: lifecycle marketing: nothing is decided by it"
        in notes
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "says that code reads it, and none does"),
        ({"read_by": '"rows: gates/eligibility"'}, "says that rows name it, and none does"),
        ({"name": "pool_bdr", "value": "[]", "read_by": '"people: sales"'}, "is read by code"),
    ],
)
def test_a_wrong_claim_is_an_error(fields: dict[str, str], said: str) -> None:
    [found] = claims(with_parameter(**fields))

    assert said in found


def test_a_list_that_a_row_names_may_not_say_that_people_read_it() -> None:
    path = "parameters/privacy.csv"
    text = starter().text(path).replace("rows: gates/eligibility", "people: legal")
    bundle = Bundle(starter().files | {path: text.encode()})

    assert claims(bundle) == [
        "embargoed_countries says it is read by 'people: legal': say 'rows: gates/eligibility'"
    ]


def test_a_note_of_ones_own_is_fine() -> None:
    assert claims(with_parameter(read_by='"people: us"')) == []
