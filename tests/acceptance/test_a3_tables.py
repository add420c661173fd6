"""Rows A.3.4–6, 12–14, 18 and 20: what can be said of tables before anybody asks them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.commands.policy import app
from functions.policy.permit import permit
from mos.policy.analysis.defect import Kind, analyse
from mos.policy.analysis.mutate import mutants, score
from mos.policy.analysis.proof import Claim, allows_no_more
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.example import coverage
from mos.policy.examine import examine
from mos.policy.table.engine import CompiledTable
from mos.policy.table.page import parse_table
from mos.policy.table.table import DecisionTable
from tests.builders import changed, starter
from tests.property.steps import placed
from tests.property.worlds import policy


def mos(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def table(hit: str = "first", default: dict[str, Any] | None = None, **rows: Any) -> DecisionTable:
    """Return a table of rows, each `(when, allow)`, over a number, a text and a set."""
    return parse_table("t", "t.toml", {
        "why": "A test.", "hit": hit,
        "columns": {"n": "number", "t": "text", "s": "set", "b": "boolean"},
        "outputs": {"allow": "boolean"},
        "row": [{"id": i, "when": w, "then": {"allow": a}} for i, (w, a) in rows.items()],
        **({} if default is None else {"default": default}),
    })  # fmt: skip


def kinds(found: DecisionTable) -> list[tuple[Kind, tuple[str, ...]]]:
    return [(f.kind, f.rows) for f in analyse(found)]


def test_a3_04_tests_stand_beside_the_policy_and_reach_every_row() -> None:
    missed = {n: coverage(starter(), n).missed for n in starter().names("tables")}

    result = mos("test", "--at-least", 100, "--json")

    assert {name: rows for name, rows in missed.items() if rows} == {}
    assert result.exit_code == 0
    assert json.loads(result.output)["coverage_percent"] == 100


def test_a3_05_a_row_that_others_cover_together_is_never_reached() -> None:
    dead = table(
        low=({"n": "< 5"}, True), high=({"n": ">= 5"}, False), never=({"n": "3..8"}, True),
        blank=({"n": {"known": False}}, True), also_never=({"t": "a"}, True),
        default={"allow": False},
    )  # fmt: skip

    assert (Kind.UNREACHABLE, ("never", "low", "high")) in kinds(dead)
    assert [rows[0] for kind, rows in kinds(dead) if kind is Kind.UNREACHABLE] == [
        "never", "also_never",
    ]  # fmt: skip


def test_a3_05_a_missing_case_is_shown_by_a_lead_for_whom_no_row_holds() -> None:
    gap = table(a=({"n": "< 5"}, True), b=({"n": "> 5", "t": "x"}, False))

    [found] = [f for f in analyse(gap) if f.kind is Kind.MISSING]

    assert found.lead is not None
    assert CompiledTable(gap).evaluate(found.lead).row is None
    assert Kind.MISSING not in dict(kinds(table(a=({"n": "< 5"}, True), default={})))


def test_a3_05_an_overlap_is_shown_by_a_lead_whom_both_rows_hold_for() -> None:
    both = table(a=({"n": ">= 5"}, True), b=({"t": "x"}, False), default={"allow": False})

    [found] = [f for f in analyse(both) if f.kind is Kind.OVERLAP]

    assert found.lead == {"n": 5, "t": "x"}


def test_a3_05_rows_that_write_one_output_differently_conflict() -> None:
    page: dict[str, Any] = {
        "why": "A test.", "hit": "all", "columns": {"n": "number"}, "outputs": {"owner": "text"},
        "single": ["owner"],
        "row": [{"id": "a", "when": {"n": ">= 5"}, "then": {"owner": "x"}},
                {"id": "b", "when": {"n": "<= 5"}, "then": {"owner": "y"}}],
    }  # fmt: skip

    [found] = analyse(parse_table("t", "t.toml", page))

    assert (found.kind, found.lead) == (Kind.CONFLICT, {"n": 5})


def test_a3_05_the_check_fails_on_a_dead_row(tmp_path: Path) -> None:
    write(tmp_path, starter())
    page = tmp_path / "tables/routing/sla.toml"
    page.write_text(page.read_text() + '\n[[row]]\nid = "dead"\nwhen = { "route.to" = "bdr", '
                    '"group.stage" = "engaged" }\nthen = { minutes = 1 }\n')  # fmt: skip

    result = mos("check", "--bundle", tmp_path)

    assert result.exit_code == 1
    assert "row dead is never reached: bdr always decides before it" in result.output
    assert mos("check").exit_code == 0


def test_a3_06_a_stricter_table_is_proved_to_allow_no_more() -> None:
    old = starter().page("consent/purpose")
    new = parse_table("t", "t.toml", {
        "why": "A test.", "hit": "deny-overrides", "unknown": "deny",
        "columns": {n: k.value for n, k in old.columns.items()}, "outputs": {"allow": "boolean"},
        "default": {"allow": False}, "row": [],
    })  # fmt: skip

    assert allows_no_more(old, new).holds
    assert allows_no_more(old, old).holds


def test_a3_06_a_wider_table_yields_a_lead_that_only_it_allows() -> None:
    old, text = starter().page("consent/purpose"), starter().text("tables/consent/purpose.toml")
    wider = changed(tables__consent__purpose=text.replace("@consent_only_countries", "@eea"))

    proof = allows_no_more(old, wider.page("consent/purpose"))

    assert not proof.holds
    assert proof.lead is not None
    assert proof.lead["person.country"] == "CA"
    assert not starter().table("consent/purpose").evaluate(proof.lead).output["allow"]
    assert wider.table("consent/purpose").evaluate(proof.lead).output["allow"]


def test_a3_06_a_proof_can_be_about_any_output_of_a_table_where_one_row_decides() -> None:
    old = starter().page("routing/route")
    text = starter().text("tables/routing/route.toml").replace('">= 200"', '">= 100"')
    new = changed(tables__routing__route=text).page("routing/route")

    proof = allows_no_more(old, new, Claim("to", "ae"))

    assert proof.new_row == "large_and_ready"
    assert proof.lead is not None
    assert 100 <= proof.lead["account.employees"] < 200


def test_a3_12_every_parameter_says_who_why_in_what_from_when_and_until_when() -> None:
    found = starter().parameters.values()

    assert len(found) >= 300
    assert all(p.owner and p.why and p.unit and p.valid_from and p.review_by for p in found)


def test_a3_12_what_is_due_for_review_warns_and_is_listed() -> None:
    late = examine(starter(), date(2030, 1, 1))

    assert {f["level"] for f in late if f["kind"] == "stale"} == {"warning"}
    assert mos("stale").exit_code == 0
    assert mos("stale", "--by", "2030-01-01").exit_code == 1
    assert "pool_ae was due for review by sales on" in mos("stale", "--by", "2030-01-01").output


def test_a3_13_the_nearest_override_wins_and_shows_what_it_shadows() -> None:
    page = """
[cap]
value = 4
unit = "touches"
owner = "growth"
why = "Everybody."
review_by = 2027-05-01
[[cap.override]]
level = "region"
of = "dach"
value = 3
why = "Stricter courts."
[[cap.override]]
level = "account"
of = "hooli.example"
value = 9
why = "They asked for it."
"""
    bundle = changed(parameters__cap=page)

    def held(**facts: str) -> tuple[Any, list[Any]]:
        found = bundle.resolve("cap", {f"account.{name}": value for name, value in facts.items()})
        return found.value, [(s.level.value, s.value) for s in found.shadowed]

    assert held() == (4, [])
    assert held(region="dach") == (3, [("global", 4)])
    assert held(region="dach", domain="hooli.example") == (9, [("region", 3), ("global", 4)])


def test_a3_13_a_table_has_overrides_too() -> None:
    german, american = (
        permit(placed([], {"account.country": c, "group.stage": "engaged"}), policy()).limits
        for c in ("DE", "US")
    )

    assert {limit.row: limit.at_most for limit in german}["group_week"] == 3
    assert {limit.row: limit.at_most for limit in american}["group_week"] == 4


def test_a3_14_a_missing_fact_is_unknown_and_asks_to_be_enriched(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"group.stage": "prioritized", "account.icp_tier": "strong"}')

    result = json.loads(mos("evaluate", "routing/route", "--facts", facts).stdout)

    assert result["output"] == {"to": "bdr", "pool": "pool_bdr"}
    assert result["verdict"] == "enrich_then_retry"
    assert "unknown:account.employees" in result["unknown"]


def test_a3_14_unknown_is_not_false() -> None:
    asks = table(a=({"b": False}, True), default={"allow": False})

    assert CompiledTable(asks).evaluate({}).output == {"allow": False}
    assert CompiledTable(asks).evaluate({}).verdict == "enrich_then_retry"
    assert CompiledTable(asks).evaluate({"b": True}).verdict == "final"


def test_a3_18_what_legal_denies_no_other_department_allows_and_the_conflict_is_listed() -> None:
    growth = """
why = "What growth wishes."
hit = "deny-overrides"
owner = "growth"
[columns]
"action.group" = "text"
[outputs]
allow = "boolean"
[default]
allow = false
[[row]]
id = "post_to_all"
when = { "action.group" = "post" }
then = { allow = true }
"""
    files = starter().files | {"tables/gates/suitability.toml": growth.encode()}
    bundle = Bundle(files)
    gift = {"action.group": "post", "account.industry": "government"}

    answer = bundle.table("gates/suitability").evaluate(gift)
    listed = [f for f in examine(bundle, date(2026, 11, 2)) if f["kind"] == "overridden"]

    assert (answer.output["allow"], answer.row_id) == (False, "legal:gifts_to_public_servants")
    [detail] = [f["detail"] for f in listed if f["file"] == "tables/gates/suitability.toml"]
    assert detail.startswith("row post_to_all (growth) allows what row legal:gifts_to_public")
    assert detail.endswith("(legal) denies: the denial holds")


def test_a3_20_a_threshold_that_no_test_notices_is_named() -> None:
    found = mutants(changed(tables__x=UNTESTED), "x")

    assert score(found) == 0
    assert {(m.row, m.column, m.before, m.after) for m in found} == {
        ("a", "n", 5, 4), ("a", "n", 5, 6),
    }  # fmt: skip


def test_a3_20_the_tests_of_the_starter_pack_notice_every_threshold() -> None:
    result = mos("mutate", "--json")

    assert result.exit_code == 0
    assert json.loads(result.output)["score_percent"] == 100


UNTESTED = """
why = "A test."
[columns]
n = "number"
[outputs]
x = "text"
[default]
x = "no"
[[row]]
id = "a"
when = { n = ">= 5" }
then = { x = "yes" }
[[example]]
given = { n = 100 }
expect = { x = "yes" }
"""


def write(folder: Path, bundle: Bundle) -> None:
    """Write a bundle as files."""
    for name, body in bundle.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)


@pytest.mark.parametrize("hit", ["first", "deny-overrides"])
def test_a3_06_a_proof_holds_of_a_table_and_itself(hit: str) -> None:
    some = table(hit, a=({"n": "1..3", "s": ["x", "y"]}, True), b=({"t": {"not": ["z"]}}, False),
                 default={"allow": True})  # fmt: skip

    assert allows_no_more(some, some).holds
