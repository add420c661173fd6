"""A custom field becomes policy by declaring it: one file for the fact, one for what it decides."""

from datetime import date
from typing import Any

import pytest

from functions.policy.record import recorded
from mos.model.decision import PersonFacts
from mos.model.signal import SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.checks import unfed_column
from mos.policy.declared_facts import FactPage, declared_facts, read_declared
from mos.policy.examine import examine
from tests.builders import grants, signal, starter
from tests.system_in_process import System

TODAY = date(2026, 11, 29)
FLEET = b"""why = "How many vans a company runs."
owner = "sales"
type = "number"
unit = "vans"
trait = ["fleet_size__c", "fleet_size"]
"""
COLUMN = "account.fleet_size"


def bundle(**pages: bytes | str) -> Bundle:
    """Return the starter pack with pages added or changed; `__` in a name is a slash."""
    files = dict(starter().files)
    for name, text in pages.items():
        files[name.replace("__", "/")] = text.encode() if isinstance(text, str) else text
    return Bundle(files)


def with_territory() -> Bundle:
    """Return the starter pack in which large fleets are a territory of their own: two files."""
    page, sheet = "tables/routing/territories.toml", "tables/routing/territories.csv"
    columns = (
        starter()
        .text(page)
        .replace(
            '"account.country" = "text"\n',
            f'"account.country" = "text"\n"{COLUMN}" = "number"\n',
            1,
        )
    )
    header, *rows = starter().text(sheet).splitlines()
    lines = [
        header.replace("id,account.country", f"id,account.country,{COLUMN}"),
        "fleets,US,>= 100,,,fleets,pool_ae_public,pool_bdr,Large fleets have their own team",
        *(_widen(row) for row in rows),
    ]
    return bundle(**{
        f"facts/{COLUMN}.toml": FLEET, page: columns, sheet: "\n".join(lines) + "\n",
    })  # fmt: skip


def _widen(row: str) -> str:
    name, country, rest = row.split(",", 2)
    return f"{name},{country},,{rest}"


def test_a_custom_field_and_a_territory_by_it_are_two_files() -> None:
    made = with_territory()
    system = System(made)

    system.play(
        signal(
            SignalKind.LEAD_SUBMITTED, ids=("email:vp@vans.example",), consent=grants(),
            traits={"title": "VP Finance", "country": "US"},
            company={"domain": "vans.example", "employees": 900, "industry": "fintech",
                     "country": "US", "fleet_size__c": "1,200"},
        )
    )  # fmt: skip

    assert [f for f in examine(made, TODAY) if f["level"] == "error"] == []
    decided: Any = system.history[-1][3]
    permitted: Any = system.history[-1][2]
    assert decided.action.name == "ae_handoff"
    assert decided.owner == "ae-rivera"
    assert permitted.route.territory == "fleets"
    assert "account.fleet_size" in str(system.ask("record", subject="vp@vans.example").data)


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("account.employes", "did you mean account.employees?"),
        ("account.fleet_size", "nothing feeds it: declare it, facts/account.fleet_size.toml"),
        ("person.hours_since", "nothing feeds it"),
        ("acount.country", "did you mean account.country?"),
    ],
)
def test_a_column_that_nothing_feeds_is_an_error_with_the_nearest_name(
    column: str, says: str
) -> None:
    page = "tables/routing/regions.toml"
    text = starter().text(page).replace("[columns]\n", f'[columns]\n"{column}" = "text"\n')

    found = [flaw.detail for flaw in unfed_column.find(bundle(**{page: text}), TODAY)]

    assert len(found) == 1
    assert column in found[0]
    assert says in found[0]


def test_a_column_of_another_type_than_its_fact_is_an_error() -> None:
    page = "tables/routing/regions.toml"
    text = starter().text(page).replace("[columns]\n", '[columns]\n"account.employees" = "text"\n')

    (flaw,) = unfed_column.find(bundle(**{page: text}), TODAY)

    assert flaw.detail == "column account.employees is a text, and the fact is a number"


def test_a_table_that_nothing_asks_is_an_error_with_the_nearest_name() -> None:
    text = starter().text("tables/routing/regions.toml")

    (flaw,) = unfed_column.find(bundle(**{"tables/routing/region.toml": text}), TODAY)

    assert flaw.detail == "nothing asks this table; did you mean routing/regions?"
    # Overrides and other departments' rows are of a table that is asked.
    assert list(unfed_column.find(starter(), TODAY)) == []


@pytest.mark.parametrize(
    ("name", "page", "says"),
    [
        ("account.x", 'why = "w"\ntype = "money"\ntrait = "x"', "type"),
        ("account.x", 'why = "w"\ntype = "text"', "trait"),
        ("account.x", 'why = "w"\ntype = "text"\ntrait = "x"\nseen_by = "all"', "seen_by"),
        ("account.x", 'why = "w"\ntype = "number"\ntrait = "x"\nfirst = 3', "of a text"),
        ("account.x", 'why = "w"\ntype = "text"\ntrait = "x"\nvocabulary = "size"', "number"),
        ("Account.X", 'why = "w"\ntype = "text"\ntrait = "x"', "small letters"),
        ("group.x", 'why = "w"\ntype = "text"\ntrait = "x"', "account.<name> or person.<name>"),
        ("account.stage", 'why = "w"\ntype = "text"\ntrait = "x"', "works this fact out"),
    ],
)
def test_a_page_that_cannot_be_a_fact_says_why(name: str, page: str, says: str) -> None:
    found = list(unfed_column.find(bundle(**{f"facts/{name}.toml": page}), TODAY))

    assert any(flaw.file == f"facts/{name}.toml" and says in flaw.detail for flaw in found), found


def page(kind: Any, **more: Any) -> FactPage:
    return FactPage(why="w", type=kind, trait=("x",), **more)


@pytest.mark.parametrize(
    ("declared", "stated", "expected"),
    [
        (page("text"), "  two   words ", "two words"),
        (page("text", first=3), "94107-1234", "941"),
        (page("text", first=3), "sw1a 1aa", "SW1"),
        (page("text", part="letters"), "SW1A 1AA", "SW"),
        (page("text", part="letters"), "10115", None),
        (page("text", part="digits"), "10115 Berlin", "10115"),
        (page("text", vocabulary="region"), "california", "US-CA"),
        (page("text", vocabulary="region"), "Calfornia", None),
        (page("text", vocabulary="country"), "Deutschland", "DE"),
        (page("number"), "1,234.5", 1234.5),
        (page("number"), "1,234", 1234),
        (page("number"), "a few", None),
        (page("number"), True, None),
        (page("number", vocabulary="size"), "51-200", 51),
        (page("boolean"), "Yes", True),
        (page("boolean"), "off", False),
        (page("boolean"), "perhaps", None),
        (page("set"), "AWS; Snowflake | dbt, ", ("AWS", "Snowflake", "dbt")),
        (page("set"), ("b", "a"), ("a", "b")),
        (page("set"), "  ", None),
    ],
)
def test_a_value_is_read_as_its_page_says_or_is_unknown(
    declared: FactPage, stated: Any, expected: Any
) -> None:
    assert read_declared(declared, stated, "US") == expected


def test_of_several_traits_the_first_that_is_known_counts() -> None:
    made = bundle(**{f"facts/{COLUMN}.toml": FLEET})
    traits: dict[str, Any] = {"fleet_size__c": "", "fleet_size": 12, "state": "Bavaria",
                              "country": "DE"}  # fmt: skip

    found = declared_facts(traits.get, "account", made)

    assert found == {COLUMN: 12, "account.state": "DE-BY"}
    assert declared_facts(traits.get, "person", made) == {}


def test_a_personal_fact_is_masked_in_a_decisions_record() -> None:
    nick = 'why = "w"\ntype = "text"\ntrait = "nickname"\npersonal = true'
    made = bundle(**{"facts/person.nickname.toml": nick})
    facts = declared_facts({"nickname": "Bo"}.get, "person", made)

    kept = recorded(PersonFacts(person_id="per_1", facts=facts), made)

    assert facts == {"person.nickname": "Bo"}
    assert str(kept.facts["person.nickname"]).startswith("masked:")
