"""A score is a sum that can be read, and needs no arrays."""

import subprocess
import sys

import pytest

from mos.matching.compare import Level, compare
from mos.matching.default import default_model
from mos.matching.field import Field
from mos.matching.model import MatchModel, probability, tell
from mos.matching.record import read

ADA = {Field.GIVEN_NAME: "Ada", Field.SURNAME: "Lovelace", Field.EMAIL: "ada@engine.example"}


def levels(left: dict[Field, str], right: dict[Field, str]) -> dict[Field, Level]:
    return compare(read(left), read(right))


def test_the_lines_of_a_waterfall_add_up_to_the_probability() -> None:
    scored = default_model().score(ADA, ADA | {Field.SURNAME: "Lovelaec"})

    total = sum(step.bits for step in scored.waterfall)
    assert scored.probability == pytest.approx(probability(total))
    assert tell(scored.waterfall).startswith("prior -13.3 | given_name exact (1/200)")


def test_what_is_missing_says_nothing() -> None:
    only_name = {Field.GIVEN_NAME: "Ada", Field.SURNAME: "Lovelace"}

    fields = {step.field for step in default_model().score(ADA, only_name).waterfall}

    assert fields - {"shared"} == {"prior", "given_name", "surname"}


@pytest.mark.parametrize(
    ("field", "left", "right", "level"),
    [
        (Field.GIVEN_NAME, "Robert", "Bob", Level.ALIAS),
        (Field.GIVEN_NAME, "Jonathan", "J.", Level.PART),
        (Field.SURNAME, "Müller", "MULLER", Level.EXACT),
        (Field.SURNAME, "O'Brien", "OBrien", Level.EXACT),
        (Field.SURNAME, "Garcia Lopez", "Garcia", Level.PART),
        (Field.COMPANY, "Acme Bolts, Inc.", "ACME Bolts GmbH", Level.EXACT),
        (Field.COMPANY, "Acme Bolts Europe", "Acme", Level.PART),
        (Field.DOMAIN, "https://www.acme.com/about", "acme.de", Level.ALIAS),
        (Field.PHONE, "+49 (0)89 / 123 456", "089-123456", Level.EXACT),
        (Field.EMAIL, "Ann+news@Example.com", "ann@example.com", Level.EXACT),
        (Field.POSTCODE, "2153", "2135", Level.NEAR),
        (Field.STREET, "Stanley Street", "stanleyst", Level.NEAR),
        (Field.STATE, "New South Wales", "NSW", Level.EXACT),
        (Field.COUNTRY, "Deutschland", "Germany", Level.EXACT),
        (Field.SURNAME, "Smith", "Nguyen", Level.DIFFERENT),
    ],
)
def test_values_agree_as_people_would_say(
    field: Field, left: str, right: str, level: Level
) -> None:
    assert levels({field: left}, {field: right}) == {field: level}


def test_names_in_each_other_s_column_are_swapped() -> None:
    found = levels(ADA, ADA | {Field.GIVEN_NAME: "Lovelace", Field.SURNAME: "Ada"})

    assert found[Field.GIVEN_NAME] is Level.SWAPPED
    assert Field.SURNAME not in found


def test_a_full_name_meets_its_parts_and_an_address_its_number() -> None:
    left = {Field.FULL_NAME: "Lovelace, Ada", Field.ADDRESS: "12 Mill Road"}
    right = {Field.GIVEN_NAME: "Ada", Field.SURNAME: "Lovelace", Field.STREET: "Mill Rd"}

    found = levels(left, right | {Field.STREET_NUMBER: "12"})

    assert set(found.values()) == {Level.EXACT}
    assert len(found) == 4


def test_an_agreeing_mail_counts_once() -> None:
    both = ADA | {Field.DOMAIN: "engine.example"}

    assert Field.DOMAIN not in levels(both, both)


def test_a_mailbox_that_repeats_the_name_is_no_evidence_when_only_alike() -> None:
    left = ADA | {Field.EMAIL: "a.lovelace@one.example"}

    assert Field.EMAIL not in levels(left, left | {Field.EMAIL: "a.lovelace@two.example"})


def test_a_rare_name_weighs_more_than_a_common_one() -> None:
    model = default_model()
    surname = model.comparisons[Field.SURNAME]
    common = surname.model_copy(update={"frequency": {"smith": 0.02}})
    known = model.model_copy(update={"comparisons": model.comparisons | {Field.SURNAME: common}})

    def weight(name: str) -> float:
        row = {Field.SURNAME: name}
        return known.score(row, row).waterfall[1].bits

    assert weight("Zywicki") > weight("Smith") > 0


def test_companies_without_people_have_no_colleagues() -> None:
    named = {Field.COMPANY: "Acme Bolts", Field.COUNTRY: "US"}

    among_people = default_model(1e-3).score(named, named)
    alone = default_model(1e-3, (Field.COMPANY, Field.COUNTRY)).score(named, named)

    assert among_people.probability < 0.5 < alone.probability


def test_a_model_survives_being_written_down() -> None:
    model = default_model()

    assert MatchModel.parse(model.canonical()) == model


def test_one_pair_is_scored_without_numpy() -> None:
    code = (
        "import sys; import mos.matching.default, mos.sheet.mapping; "
        "sys.exit('numpy' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603  our interpreter

    assert done.returncode == 0
