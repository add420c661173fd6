"""A business unit has its own teams, territories and parameters: a rung of the ladder."""

from typing import Any

import pytest

from functions.policy.permit import known_facts, permit
from functions.simulation.columns.engine import Column
from functions.simulation.columns.permit import place_many
from mos.events import ActionsPermitted
from mos.policy.bundle.bundle import Bundle
from mos.policy.examine import examine
from tests.builders import NOON, changed, starter
from tests.property.steps import placed

UNITS = """
why = "Which of our business units sells to an account."
hit = "first"
owner = "sales"
[columns]
"account.industry" = "text"
"account.domain" = "text"
[outputs]
unit = "text"
[default]
unit = "platform"
[[row]]
id = "public"
when = { "account.industry" = "public sector" }
then = { unit = "public" }
why = "Public tenders are a business unit of their own."
[[example]]
given = { "account.industry" = "public sector" }
expect = { unit = "public" }
"""
TERRITORIES = """
why = "The public unit knows two territories."
hit = "first"
owner = "public"
[columns]
"account.country" = "text"
[outputs]
territory = "text"
pool_ae = "text"
pool_bdr = "text"
[default]
territory = "public_world"
pool_ae = "pool_ae_public"
pool_bdr = "pool_ae_public"
[[row]]
id = "german"
when = { "account.country" = "DE" }
then = { territory = "public_de", pool_ae = "pool_ae_public", pool_bdr = "pool_ae_public" }
why = "Federal and state."
[[example]]
given = { "account.country" = "DE" }
expect = { territory = "public_de" }
"""
ROUTE = """
why = "The public unit has no BDRs: its account executives take everything that engages."
hit = "first"
owner = "public"
[columns]
"group.stage" = "text"
[outputs]
to = "text"
pool = "text"
[default]
to = "marketing"
[[row]]
id = "engaged"
when = { "group.stage" = ["engaged", "prioritized", "qualified"] }
then = { to = "ae", pool = "pool_ae" }
why = "A tender is an AE's from its first engagement."
[[example]]
given = { "group.stage" = "engaged" }
expect = { to = "ae" }
"""
LIMITS = starter().text("tables/contact/limits@region-dach.toml")
PAGES = {
    "tables__routing__units": UNITS,
    "tables__routing__territories@unit-public": TERRITORIES,
    "tables__routing__route@unit-public": ROUTE,
}


def unit_bundle(**more: str) -> Bundle:
    return changed(**PAGES, **more)


def permitted(bundle: Bundle, **facts: Any) -> ActionsPermitted:
    known = {f"account.{name}": value for name, value in facts.items()}
    return permit(placed([], {"group.stage": "engaged", **known}), bundle)


def test_a3_a_business_unit_has_its_own_territories_route_and_team() -> None:
    tender, ordinary = (
        permitted(unit_bundle(), country="DE", industry=industry)
        for industry in ("public sector", "software")
    )

    assert tender.group_facts["account.unit"] == "public"
    assert (tender.route.territory, tender.route.pool, tender.route.to) == (
        "public_de", "pool_ae_public", "ae",
    )  # fmt: skip
    assert ordinary.group_facts["account.unit"] == "platform"
    assert (ordinary.route.territory, ordinary.route.to) == ("dach", "marketing")


def test_a3_the_nearer_rung_wins_over_the_unit_and_says_what_it_shadows() -> None:
    page = """
[cap]
value = 4
unit = "touches"
owner = "growth"
why = "Everybody."
review_by = 2027-05-01
[[cap.override]]
level = "unit"
of = "public"
value = 1
why = "Tenders have rules."
[[cap.override]]
level = "region"
of = "dach"
value = 3
why = "Stricter courts."
"""
    bundle = unit_bundle(parameters__cap=page)

    def held(**facts: str) -> tuple[Any, list[Any]]:
        found = bundle.resolve("cap", {f"account.{name}": value for name, value in facts.items()})
        return found.value, [(s.level.value, s.value) for s in found.shadowed]

    assert held(unit="public") == (1, [("global", 4)])
    assert held(unit="public", region="dach") == (3, [("unit", 1), ("global", 4)])
    assert held(unit="platform") == (4, [])


def test_a3_a_unit_has_its_own_caps_and_a_region_within_it_is_nearer() -> None:
    of_unit = LIMITS.replace("at_most = 3", "at_most = 1")
    bundle = unit_bundle(**{"tables__contact__limits@unit-public": of_unit})

    caps = [
        {limit.row: limit.at_most for limit in permitted(bundle, country=c, industry=i).limits}
        for c, i in (("US", "public sector"), ("DE", "public sector"), ("US", "software"))
    ]

    assert [cap["group_week"] for cap in caps] == [1, 3, 4]


def test_a3_without_units_nothing_is_another_than_it_was() -> None:
    found = permitted(starter(), country="DE", industry="public sector")

    assert "account.unit" not in found.group_facts
    assert found.route.territory == "dach"


def test_a3_an_override_for_a_unit_that_nobody_names_is_found() -> None:
    bundle = unit_bundle(**{"tables__routing__route@unit-pubic": ROUTE})

    found = [f for f in examine(bundle, NOON.date()) if f["kind"] == "rung"]

    assert [f["file"] for f in found] == ["tables/routing/route@unit-pubic.toml"]
    assert "known are platform, public" in found[0]["detail"]
    assert [f for f in examine(unit_bundle(), NOON.date()) if f["level"] == "error"] == []


@pytest.mark.parametrize("rung", ["division-public", "unit", "public"])
def test_a3_a_page_on_no_rung_is_refused(rung: str) -> None:
    bundle = unit_bundle(**{f"tables__routing__route@{rung}": ROUTE})

    found = [f for f in examine(bundle, NOON.date()) if f["level"] == "error"]

    assert any(f["file"] == f"tables/routing/route@{rung}.toml" for f in found)


def test_a3_many_groups_at_once_lie_in_the_territory_of_their_unit() -> None:
    bundle = unit_bundle()
    given = [
        {"account.country": country, "account.industry": industry}
        for country in ("DE", "US") for industry in ("public sector", "software")
    ]  # fmt: skip
    columns = {name: Column.of([one[name] for one in given]) for name in given[0]}

    found = place_many(columns, len(given), bundle)

    for at, one in enumerate(given):
        known = known_facts(one, NOON, bundle)
        for name in ("account.unit", "account.territory"):
            assert found[name].fact(at) == known[name]
