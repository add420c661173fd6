"""Rows A.3.8, A.4.12, A.10.1, 2, 8 and 12: whom a candidate would change, before it ships."""

import copy
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from cli.rehearse.run import Wanted, run
from functions.simulation.columns.line import Recorded
from functions.simulation.impact.gather import PartSorter, read_reward
from lab.programme.run import Programme
from mos.errors import MissingError
from mos.model.decision import Decision
from mos.model.impact import Impact
from mos.policy.bundle.bundle import Bundle
from tests.builders import NOON, starter
from tests.journey.test_the_path import browsing, jane
from tests.system_in_process import System

pytestmark = pytest.mark.slow

ROUTE = "tables/routing/route.toml"
HARM = """[[row]]
id = "enterprise_to_bdr"
when = { "account.employees" = ">= 1000" }
then = { to = "bdr", pool = "pool_bdr" }
why = "Somebody thought that BDRs had time."

"""


@cache
def everything() -> tuple[Programme, tuple[Recorded, ...]]:
    """Return a programme after forty days, and all its decisions, of erased people as well."""
    programme = Programme(starter(), seed=21, houses=80, days=40)
    programme.run()
    end = programme.start + timedelta(days=40)
    lessons = programme.machine.tables["lessons"]
    rewarded = {r.pk.removeprefix("REWARD#") for r in lessons.scan() if r.sk == "REWARD"}
    stated = [json.loads(decision.canonical()) for decision in programme.decisions()]
    return programme, tuple(Recorded(said, read_reward(said, rewarded, end)) for said in stated)


@cache
def market() -> tuple[Programme, tuple[Recorded, ...]]:
    """Return the same but for what an erasure took facts from: that can't be made again."""
    programme, records = everything()
    return programme, tuple(r for r in records if not r.decision.get("erased"))


def with_row(row: str, path: str = ROUTE) -> Bundle:
    text = starter().text(path)
    head, mark, tail = text.partition("[[row]]")
    return Bundle(starter().files | {path: f"{head}{row}{mark}{tail}".encode()})


def replaced(path: str, old: str, new: str) -> Bundle:
    assert old in starter().text(path)
    return Bundle(starter().files | {path: starter().text(path).replace(old, new).encode()})


def rehearsed(
    candidate: Bundle, records: Any = None, workers: int = 1, size: int = 25_000, **more: Any
) -> Impact:
    sorted_ = PartSorter(size=size)
    given = market()[1] if records is None else records
    parts = [part for record in given for part in sorted_.add(record)]
    parts += sorted_.rest()
    known = {b.digest: b for b in (candidate, starter())}

    def find(digest: str) -> Bundle:
        if digest not in known:
            raise MissingError(f"bundle {digest}")
        return known[digest]

    wanted = Wanted(candidate, starter(), find, "a test", **more)
    return run(parts, wanted, lambda _share, _what: None, workers=workers)


def test_a3_08_the_same_bundle_changes_nothing_and_every_decision_is_made_again() -> None:
    impact = rehearsed(starter())

    assert impact.compared == impact.decisions == len(market()[1])
    assert impact.left_out == 0
    assert impact.changes == ()
    assert impact.cannot_tell == ()
    assert all(t.before == t.after for t in (*impact.actions, *impact.funnel, *impact.money))


def test_a10_01_a_rule_that_sends_enterprises_to_bdrs_is_caught_with_the_right_people_named() -> (
    None
):
    candidate = with_row(HARM)
    large = {h.company.domain for h in market()[0].market if h.company.employees >= 1000}
    moved = [
        r.decision
        for r in market()[1]
        if r.decision["group_facts"].get("account.employees", 0) >= 1000
        and r.decision["route"]["to"] != "bdr"
    ]

    impact = rehearsed(candidate)

    routes = [c for c in impact.changes if c.kind == "route"]
    named = {lead.account for c in routes for lead in c.leads}
    assert sum(c.count for c in routes) == len(moved) > 0
    assert named
    assert named <= large
    assert {c.after for c in routes} == {"bdr"}
    assert {lead.row for c in routes for lead in c.leads} == {"routing/route#enterprise_to_bdr"}
    assert "100% of segment enterprise goes elsewhere" in impact.broken
    groups = {d["group_id"] for d in moved}
    about = f"{len(moved)} decisions about {len(groups)} buying group"
    assert any(line.startswith(about) and "change route" in line for line in impact.summary)
    assert {s.value for s in impact.slices if s.by == "segment" and s.route_changes} == {
        "enterprise"
    }


def test_a10_01_somebody_may_stand_for_it_but_not_for_a_touch_without_a_basis() -> None:
    impact = rehearsed(with_row(HARM), accepted="The new BDR team starts on Monday.")
    text = starter().text("tables/consent/purpose.toml")
    lax = text.replace("allow = false", "allow = true")

    careless = rehearsed(
        Bundle(starter().files | {"tables/consent/purpose.toml": lax.encode()}),
        accepted="Everybody does it.",
    )

    assert impact.broken == ()
    assert careless.conflict_count > 0
    assert careless.conflicts[0].account
    assert any("without a recorded basis" in line for line in careless.broken)


def test_a10_01_reps_over_capacity_are_named_with_the_week() -> None:
    path = "tables/routing/reps.csv"
    text = "\n".join(
        line.replace(",40,", ",1,").replace(",30,", ",1,").replace(",35,", ",1,")
        for line in starter().text(path).splitlines()
    )

    impact = rehearsed(
        Bundle(with_row(HARM.replace('"bdr"', '"ae"').replace("pool_bdr", "pool_ae")).files
               | {path: text.encode()})
    )  # fmt: skip

    assert impact.breaches
    assert all(b.after > b.capacity and b.week.startswith("2026-W") for b in impact.breaches)
    assert any("over capacity" in line for line in impact.broken)


def test_a4_12_who_is_left_with_nothing_to_do_is_counted_and_named() -> None:
    nobody = """[[row]]
id = "quiet_quarter"
when = { "account.icp_tier" = ["strong", "moderate"] }
then = { allow = false }
why = "A quiet quarter."

"""

    impact = rehearsed(with_row(nobody, "tables/gates/eligibility.toml"))

    assert impact.lost_count > 0
    assert impact.lost[0].after == "nothing is left"
    assert any("left with nothing to do" in line for line in impact.broken)
    fell = {t.name: t for t in impact.funnel}
    assert fell["eligibility"].after > fell["eligibility"].before
    assert fell["passed every gate"].after < fell["passed every gate"].before


def test_a10_12_who_meets_a_human_is_told_by_region_country_and_segment() -> None:
    candidate = replaced("actions/ae_handoff.toml", "value = 900", "value = 9")

    impact = rehearsed(candidate)

    by = {s.by for s in impact.slices}
    assert {"segment", "fit", "region", "country", "industry"} <= by
    assert any(s.human_after < s.human_before for s in impact.slices)


def test_a4_12_a_changed_stage_is_told_and_followed() -> None:
    path = "tables/lifecycle/group.toml"
    candidate = replaced(path, '"group.engagement" = ">= 40"', '"group.engagement" = ">= 4000"')

    impact = rehearsed(candidate)

    stages = {(c.before, c.after) for c in impact.changes if c.kind == "group stage"}
    assert ("prioritized", "engaged") in stages
    assert any(c.kind in {"action", "route"} for c in impact.changes)


def test_a10_02_a_fact_of_later_is_not_seen() -> None:
    """Change what was learned and known after each decision: the rehearsal must not move."""
    candidate = replaced("actions/email_roi.toml", "value = 60", "value = 600")
    before = rehearsed(candidate)
    records = list(market()[1])
    routed = next(r for r in reversed(records) if r.decision["action"] == "bdr_call")
    later = copy.deepcopy(dict(routed.decision))
    later |= {"decision_id": "dec_later", "run_id": "run_later", "seed": "dec_later"}
    later["group_facts"] |= {"account.employees": 999_999, "group.stage": "closed_won"}

    after = rehearsed(candidate, [*records, Recorded(later, 1.0)])

    same = {(c.kind, c.before, c.after): c.count for c in before.changes}
    now = {(c.kind, c.before, c.after): c.count for c in after.changes}
    assert after.decisions == before.decisions + 1
    assert after.left_out_ids == ("dec_later",)
    assert now == same


def test_a10_02_a_record_that_was_tampered_with_is_left_out_by_name() -> None:
    records = [copy.deepcopy(dict(r.decision)) for r in market()[1][:50]]
    records[7]["group_facts"]["account.employees"] = 3
    records[7]["route"]["to"] = "nobody"

    impact = rehearsed(starter(), [Recorded(r) for r in records])

    assert impact.left_out_ids == (records[7]["decision_id"],)
    assert any("left out" in line for line in impact.cannot_tell)


def test_a10_08_it_writes_nothing_and_calls_nobody() -> None:
    system = System(starter())
    system.play(*browsing(4), jane())
    before = {name: dict(t.items) for name, t in system.tables.items()}
    sent = (len(system.wire.mails), len(system.wire.posts), len(system.asker.asked))

    pages = [system.ask("decisions", prefix=digit, days=365).data for digit in "0123456789abcdef"]
    records = [Recorded(json.loads(body)) for page in pages for body in page["bodies"]]
    impact = rehearsed(with_row(HARM), records)

    assert impact.decisions == 1
    assert {name: dict(t.items) for name, t in system.tables.items()} == before
    assert (len(system.wire.mails), len(system.wire.posts), len(system.asker.asked)) == sent


def test_an_outcome_counts_once_its_window_is_over() -> None:
    decision = dict(market()[1][0].decision)
    at = datetime.fromisoformat(decision["decided_at"])

    assert read_reward(decision, {decision["decision_id"]}, at) == 1.0
    assert read_reward(decision, set(), at + timedelta(days=3)) is None
    assert read_reward(decision, set(), at + timedelta(days=15)) == 0.0


def test_two_at_a_time_find_what_one_finds() -> None:
    candidate = with_row(HARM)

    one, two = (rehearsed(candidate, size=120, workers=many) for many in (1, 2))

    assert two.model_copy(update={"made_at": NOON}) == one.model_copy(update={"made_at": NOON})


def test_decisions_of_a_bundle_that_is_not_at_hand_are_counted_and_left_out() -> None:
    records = [
        copy.deepcopy(dict(r.decision)) | {"bundle": "f" * 64, "decision_id": f"dec_{i}"}
        for i, r in enumerate(market()[1][:30])
    ]

    impact = rehearsed(starter(), [*market()[1], *(Recorded(r) for r in records)])

    assert impact.left_out == 30
    assert any("not at hand" in line for line in impact.cannot_tell)
    assert Decision.model_validate(records[0])
    assert impact.made_at <= datetime.now(UTC)
