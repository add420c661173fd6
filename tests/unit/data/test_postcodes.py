"""What a spreadsheet made of a postcode: text again, and said where a zero may be lost."""

from typing import Any

import pytest

from mos.matching.clean import clean
from mos.matching.field import Field
from tests.acceptance.listed import rows
from tests.cases.lists import dry
from tests.system_in_process import System


def row(postcode: str, country: str = "", phone: str = "") -> dict[str, Any]:
    text = "Email,First name,Postcode,Country,Phone\n"
    text += f"ada@acme.example,Ada,{postcode},{country},{phone}\n"
    (found,) = dry(text.encode(), name="people.csv")["rows"]
    made: dict[str, Any] = found
    return made


@pytest.mark.parametrize(
    ("postcode", "country", "kept", "doubt"),
    [
        ("01067", "Germany", "01067", ""),
        ("1067", "Germany", "1067", "1067 has 4 of 5 digits: a zero in front may be lost"),
        ("1067.0", "DE", "1067", "1067 has 4 of 5 digits: a zero in front may be lost"),
        ("2139", "United States", "2139", "2139 has 4 of 5 digits: a zero in front may be lost"),
        ("1010", "Austria", "1010", ""),
        ("1010.0", "Austria", "1010", ""),
        ("1234.0", "", "1234", "1234 was a number to a spreadsheet: a zero in front may be lost"),
        ("1234", "", "1234", ""),
        ("SW1A 1AA", "GB", "SW1A 1AA", ""),
        ("02139-1234", "US", "02139-1234", ""),
    ],
)
def test_a_postcode_is_text_and_a_lost_zero_is_said(
    postcode: str, country: str, kept: str, doubt: str
) -> None:
    found = row(postcode, country)

    assert found["fields"]["postcode"] == kept
    assert found.get("note", "") == (f"Postcode: {doubt}" if doubt else "")


def test_a_number_that_a_spreadsheet_gave_decimals_is_still_that_number() -> None:
    assert row("", phone="493012345678.0")["fields"]["phone"] == "493012345678"


@pytest.mark.parametrize(
    ("given", "kept"), [(1067, "1067"), (1067.0, "1067"), ("01067", "01067"), (1067.5, "1067.5")]
)
def test_a_code_that_a_program_sent_as_a_number_is_text(given: object, kept: str) -> None:
    said = {"fields": {"email": "ada@acme.example", "postcode": given}}

    (signal,) = rows(said, system=System())

    assert signal.traits["postcode"] == kept


def test_matching_reads_the_same_code_with_decimals_and_without() -> None:
    assert clean(Field.POSTCODE, "1067.0") == clean(Field.POSTCODE, "1067")
    assert clean(Field.POSTCODE, "1067.5") != clean(Field.POSTCODE, "1067")
