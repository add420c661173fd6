"""Case 50: a country, region, zone, size, sum and language is what it is, however it is written."""

from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos.vocabulary.country import country_codes, country_sets, read_country
from mos.vocabulary.currency import read_currency
from mos.vocabulary.language import read_language
from mos.vocabulary.number import read_number
from mos.vocabulary.region import read_region
from mos.vocabulary.size import read_size
from mos.vocabulary.zone import read_zone
from tests.cases.doors import one, say

READERS = (read_country, read_region, read_zone, read_number, read_size, read_currency,
           read_language)  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("DE", "DE"), ("de", "DE"), ("Germany", "DE"), ("Deutschland", "DE"), ("DEU", "DE"),
        ("276", "DE"), (" germany ", "DE"), ("Allemagne", "DE"), ("Германия", "DE"),
        ("ドイツ", "DE"), ("德国", "DE"), ("ألمانيا", "DE"), ("Germany (DE)", "DE"),
        ("Federal Republic of Germany", "DE"), ("🇩🇪", "DE"),
        ("UK", "GB"), ("U.K.", "GB"), ("United Kingdom", "GB"), ("England", "GB"),
        ("Great Britain", "GB"), ("Scotland", "GB"), ("Royaume-Uni", "GB"),
        ("USA", "US"), ("U.S.A.", "US"), ("U.S.", "US"), ("United States of America", "US"),
        ("Vereinigte Staaten", "US"), ("EE. UU.", "US"),
        ("Iran", "IR"), ("Islamic Republic of Iran", "IR"), ("Iran, Islamic Republic of", "IR"),
        ("Iran (Islamic Republic of)", "IR"), ("ایران", "IR"), ("IRN", "IR"),
        ("Russia", "RU"), ("Russian Federation", "RU"), ("Россия", "RU"), ("Syria", "SY"),
        ("North Korea", "KP"), ("Korea, Democratic People's Republic of", "KP"), ("Cuba", "CU"),
        ("South Korea", "KR"), ("Republic of Korea", "KR"), ("The Netherlands", "NL"),
        ("Holland", "NL"), ("Czech Republic", "CZ"), ("Turkey", "TR"), ("Türkiye", "TR"),
        ("Côte d'Ivoire", "CI"), ("cote d’ivoire", "CI"), ("Ivory Coast", "CI"),
        ("Viet Nam", "VN"), ("Österreich", "AT"), ("Suisse", "CH"), ("España", "ES"),
        ("NA", "NA"), ("NGA", "NG"), ("nga", "NG"), ("Áo", "AT"), ("Úc", "AU"), ("Irã", "IR"),
        ("Čad", "TD"), ("EL", "GR"), ("Northern Ireland", "GB"), ("Ireland", "IE"),
        ("Saint Lucia", "LC"),
    ],
)  # fmt: skip
def test_case_50_a_country_is_read_however_it_is_written(stated: str, code: str) -> None:
    assert read_country(stated) == code


@pytest.mark.parametrize(
    "stated",
    ["Germny", "Irann", "n/a", "N/A", "na", "-", "", " ", "EU", "Europe", "Korea", "Congo and more",
     "Kongo", "XX", "ZZ", "Nga", "Ão",
     "Other", "unknown", "Germany, France", "DE/FR", "+49", "49", "1", None,
     276, True, ["DE"], "D", "Berlin", "x" * 500],
    ids=repr,
)  # fmt: skip
def test_case_50_what_is_misspelt_shared_or_none_is_unknown(stated: Any) -> None:
    assert read_country(stated) is None


@cache
def names_of_countries() -> dict[str, set[str]]:
    """Return whose each name and code is; of three Latin letters and fewer only codes."""
    found: dict[str, set[str]] = {}
    lines = files("mos.vocabulary").joinpath("countries.txt").read_text("utf-8").splitlines()
    for code, third, digits, _, names in (line.split("\t") for line in lines):
        longer = [name for name in names.split("|") if len(name) > 3 or not name.isascii()]
        for name in (code, third, digits, *longer):
            found.setdefault(name.casefold(), set()).add(code)
    return found


@cache
def names_in_order() -> list[str]:
    return sorted(names_of_countries().keys() - {"", "na"})


@given(st.data())
def test_case_50_every_name_of_a_country_is_its_code_or_shared(data: st.DataObject) -> None:
    order = names_in_order()
    name = order[data.draw(st.integers(0, len(order) - 1))]
    whose = names_of_countries()[name]

    assert read_country(name) == (next(iter(whose)) if len(whose) == 1 else None)


def test_case_50_every_code_is_read_in_capitals_and_the_sets_hold_codes() -> None:
    assert {read_country(code) for code in country_codes()} == country_codes()
    assert len(country_sets()["eu"]) == 27
    assert country_sets()["eea"] - country_sets()["eu"] == {"IS", "LI", "NO"}
    assert country_sets()["eea"] <= country_codes()


@given(st.one_of(st.text(max_size=300), st.integers(), st.floats(), st.none(), st.booleans()))
def test_case_50_readers_are_total(value: object) -> None:
    for read in READERS:
        read(value)


@given(st.floats(-1e12, 1e12).map(lambda x: round(x, 2)), st.sampled_from([",.", ".,", " ,", "'."]))
def test_case_50_a_number_is_never_read_as_another(value: float, signs: str) -> None:
    group, decimal = signs
    text = f"{value:,.2f}".replace(",", "_").replace(".", decimal).replace("_", group)

    assert read_number(text) == value


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("1.234,56", None, 1234.56), ("1,234.56", None, 1234.56), ("1,234", None, None),
        ("1.234", None, None), ("1,234", "US", 1234), ("1.234", "DE", 1234),
        ("1.234", "US", 1.234),
        ("1'234.50", None, 1234.5), ("1 234,5", None, 1234.5), ("12,34,567", None, 1234567),
        ("0.125", None, 0.125), ("1234,5", None, 1234.5),
        ("\u0661\u066c\u0662\u0663\u0664\u066b\u0665", None, 1234.5),
        ("1.234,56.7", None, None), ("1,2,3", None, None), ("abc", None, None), ("5%", None, None),
        ("-1.234.567", None, -1234567), ("50000", None, 50000), ("1,234", "CH", None),
    ],
)  # fmt: skip
def test_case_50_a_number_that_could_be_two_is_unknown(
    text: str, country: str | None, number: float | None
) -> None:
    assert read_number(text, country) == number


@pytest.mark.parametrize(
    ("read", "stated", "value"),
    [
        (read_zone, "Asia/Calcutta", "Asia/Kolkata"), (read_zone, "Europe/Kiev", "Europe/Kyiv"),
        (read_zone, "Eastern Standard Time", "America/New_York"), (read_zone, "Mars/Base", None),
        (read_zone, "europe/berlin", "Europe/Berlin"), (read_zone, "Berlin", None),
        (read_currency, "usd", "USD"), (read_currency, "Euro", "EUR"), (read_currency, "£", "GBP"),
        (read_currency, "$", None), (read_currency, "dollar", None), (read_currency, "ABC", None),
        (read_language, "pt-br", "pt-BR"), (read_language, "en_US.UTF-8", "en-US"),
        (read_language, "German", "de"), (read_language, "français", "fr"),
        (read_language, "Klingonese", None), (read_language, "de;q=0.9", "de"),
    ],
)  # fmt: skip
def test_case_50_zones_currencies_and_languages_are_read(
    read: Any, stated: str, value: str
) -> None:
    assert read(stated) == value


@pytest.mark.parametrize(
    ("door", "path"), [("segment", "traits"), ("standard-webhooks", "data"), ("lists", "fields")]
)
def test_case_50_every_door_reads_the_country_and_keeps_the_word(door: str, path: str) -> None:
    said = {"email": "ada@acme.example", "country": "Deutschland"}
    if door == "segment":
        signal = one("segment", {"type": "identify", "userId": "u1", "traits": said})
    elif door == "lists":
        body = {"list": "fair", "rows": [{"row": "1", path: said}]}
        signal = one("lists", body)
    else:
        signal = say("lead.submitted", **said)

    assert signal.traits["country"] == "DE"
    assert signal.traits["country_stated"] == "Deutschland"


def test_case_50_a_country_that_cannot_be_read_is_unknown_and_its_word_stays() -> None:
    company = {"name": "Acme", "country": "Germny", "revenue": "1,234", "employees": "51-200"}
    signal = say("lead.submitted", email="a@acme.example", country="Irann", company=company)

    assert "country" not in signal.traits
    assert signal.traits["country_stated"] == "Irann"
    assert signal.company == {
        "name": "Acme", "country_stated": "Germny", "revenue_stated": "1,234", "employees": 51,
        "employees_stated": "51-200",
    }  # fmt: skip
