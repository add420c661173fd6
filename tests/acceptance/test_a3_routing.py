"""Rows A.3.8–11 and 17: who takes whom, in plain words, and what rows do to known leads."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from cli.commands.policy.which import decisions_of
from functions.agent.answer import ForbiddenError
from functions.decisioning.turn import take_turn
from functions.policy.permit import known_facts, permit
from functions.policy.route import route_of
from functions.simulation.rows.hit import count_hits
from functions.simulation.rows.lead import Lead, find_met, list_leads, list_variants
from functions.simulation.rows.placement import read_scenes
from mos.model.base import Facts
from mos.model.decision import Route
from mos.model.past import Past
from mos.model.signal import SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.diff.bundle import compare_bundles
from mos.policy.sales_team import open_sales_team
from tests.builders import changed, signal, starter
from tests.journey.test_the_path import browsing, jane
from tests.property.steps import placed
from tests.property.worlds import policy
from tests.system_in_process import System

MONDAY = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)  # Austin, London and Berlin are at work.
READY: Facts = {
    "account.is_company": True, "account.employees": 1500, "account.industry": "fintech",
    "account.country": "DE", "account.stage": "engaged", "account.named": False,
    "group.stage": "prioritized", "group.sla_breached": False, "group.people_sla_breached": 0,
}  # fmt: skip


def routed(account: str = "acc_1", at: datetime = MONDAY, bundle: Bundle | None = None,
           **facts: Any) -> Route:  # fmt: skip
    given = READY | {name.replace("__", "."): value for name, value in facts.items()}
    held = bundle or policy()
    return route_of(known_facts(given, at, held), account, held)


def test_a3_10_a_named_account_is_its_owners_whatever_the_territory() -> None:
    route = routed(account__domain="hooli.example", account__named=True, account__country="JP")

    assert (route.to, route.owner, route.row) == ("ae", "ae-marsh", "named_account")
    assert route.chose == "owns the account by name"


def test_a3_10_the_territory_says_which_pool_and_what_it_stands_in_for() -> None:
    german, american = routed(), routed(account__country="US")

    assert (german.territory, german.pool) == ("dach_enterprise", "pool_ae_dach")
    assert german.shadowed == ("pool_ae (global)",)
    assert (american.territory, american.pool, american.shadowed) == (
        "us_enterprise",
        "pool_ae",
        (),
    )


def test_a3_10_the_rota_follows_the_weights_and_an_account_keeps_its_rep() -> None:
    owners = Counter(routed(f"acc_{n}", account__country="US").owner for n in range(800))

    again = Counter(routed(f"acc_{n}", account__country="US").owner for n in range(800))

    assert owners == again
    assert 1.6 < owners["ae-olsen"] / owners["ae-marsh"] < 2.6  # weights 2 and 1
    assert 0.7 < owners["ae-marsh"] / owners["ae-tanaka"] < 1.4


def test_a3_10_when_a_rep_leaves_only_their_accounts_move() -> None:
    reps = (
        starter().text("tables/routing/reps.csv").replace("ae-marsh,ae,pool_ae,", "ae-marsh,ae,,")
    )
    fewer = Bundle(starter().files | {"tables/routing/reps.csv": reps.encode()})

    before = {n: routed(f"acc_{n}", account__country="US").owner for n in range(200)}
    after = {n: routed(f"acc_{n}", bundle=fewer, account__country="US").owner for n in before}

    moved = {n for n in before if before[n] != after[n]}
    assert moved == {n for n in before if before[n] == "ae-marsh"}


def test_a3_10_who_is_full_is_passed_over_where_that_is_known() -> None:
    first = routed().owner

    second = routed(**{f"rep__open__{first}": 1000})

    assert second.owner != first
    assert second.owner in open_sales_team(policy()).list_pool("pool_ae_dach", {})
    assert second.skipped[0].startswith(f"{first}: has 1000 of ")


def test_a3_10_who_is_away_is_covered_for() -> None:
    christmas = datetime(2026, 12, 23, 15, 0, tzinfo=UTC)

    route = routed(at=christmas, account__domain="hooli.example", account__named=True)

    assert route.owner == "ae-tanaka"
    assert route.skipped[0] == "ae-marsh: out of office until 2027-01-01"


def test_a3_10_who_is_not_at_work_is_passed_over_while_another_is() -> None:
    # In the morning Berlin is at work and London is not yet.
    morning = datetime(2026, 11, 2, 7, 45, tzinfo=UTC)
    bdrs = {"group__stage": "qualified", "account__employees": 60, "account__country": "FR"}

    early = {routed(f"acc_{n}", at=morning, **bdrs).owner for n in range(30)}
    later = {routed(f"acc_{n}", **bdrs).owner for n in range(30)}
    night = routed(at=datetime(2026, 11, 1, 2, 0, tzinfo=UTC), **bdrs)

    assert early == {"bdr-weber"}
    assert later == {"bdr-weber", "bdr-murphy"}
    assert (night.chose, night.skipped) == ("the rota's turn", ())


def test_a3_10_a_broken_promise_hands_it_to_the_next_in_line() -> None:
    when = {"group__sla_breached": True, "group__hours_since_sla_breach": 2.0}
    kept, broken = routed(), routed(**when)
    had = Past(keeper=str(kept.owner), keeper_hours=5.0)
    named = routed(account__domain="hooli.example", account__named=True, group__sla_breached=True)

    turn, nobodys = take_turn(broken, had), take_turn(broken, Past())
    assert turn
    assert nobodys
    assert turn.rep != kept.owner
    assert turn.instead_of == kept.owner
    assert turn.why.endswith(f"instead of {kept.owner}, who let a promise about this group break")
    # Where nobody had it, nobody is said to have let it down.
    assert (nobodys.instead_of, broken.skipped) == (None, ())
    assert named.owner == "ae-marsh"
    assert kept.sla_minutes == 60


def test_a3_10_a_replayed_run_finds_the_same_rep() -> None:
    event = placed([], READY)

    assert permit(event, policy()) == permit(event, policy())
    assert permit(event, policy()).route.owner


def test_a3_09_a_diff_is_told_in_plain_words() -> None:
    sales = starter().text("tables/routing/route.toml").replace('">= 200"', '">= 500"')
    decay = starter().text("parameters/signals.toml").replace("value = 14\n", "value = 7\n", 1)
    new = changed(tables__routing__route=sales, parameters__signals=decay)

    said = [d["says"] for d in compare_bundles(starter(), new)]

    row = "routing/route: row large_and_ready now asks that"
    assert said == [
        "engagement_half_life_days goes from 14 to 7 days (-50%).",
        f"{row} account.employees is >= 500 (was >= 200).",
    ]
    assert compare_bundles(starter(), starter()) == []


@pytest.fixture(scope="module")
def system() -> System:
    made = System()
    made.play(*browsing(4), jane())
    small = signal(
        SignalKind.LEAD_SUBMITTED, minute=400, ids=("email:bo@tiny.example",), key="bo",
        company={"domain": "tiny.example", "employees": 30, "country": "US"},
    )  # fmt: skip
    made.play(small)
    return made


def known(system: System) -> Iterator[Lead]:
    return list_leads(
        read_scenes(lambda **q: system.ask("scenes", **q).data), system.store.active()
    )


def test_a3_11_a_row_names_the_leads_that_it_catches_and_almost_catches(system: System) -> None:
    bundle = system.store.active()
    row = next(r for r in bundle.page("routing/route").rows if r.id == "economic_buyer_present")
    wider = next(r for r in bundle.page("scorecards/segments").rows if r.id == "mid_market")

    caught = [m for lead in known(system) if (m := find_met(lead, row))]
    sized = [m for lead in known(system) if (m := find_met(lead, wider))]

    assert [(m.lead.name, m.missing) for m in caught if m.missing is None] == [("Jane Doe", None)]
    assert {(m.missing, m.found) for m in sized} == {(None, None), ("account.employees", 30)}


def test_a3_11_a_lead_names_the_rows_that_touch_it_and_those_that_almost_do(system: System) -> None:
    bundle = system.store.active()
    [lead] = [one for one in known(system) if one.name == "Jane Doe"]
    gate = bundle.page("gates/applicability")

    touched = {
        (variant.name, match.missing)
        for variant in list_variants(lead, gate, bundle)
        for row in gate.rows
        if (match := find_met(variant, row))
    }

    assert ("Jane Doe (bdr_call)", None) in touched
    assert any(missing for _, missing in touched)


def test_a3_17_rows_that_never_fired_and_rows_in_anothers_shadow_are_told_apart(
    system: System,
) -> None:
    bundle = system.store.active()
    text = bundle.text("tables/routing/route.toml").replace(
        '[[row]]\nid = "ready"',
        '[[row]]\nid = "twin"\nwhen = { "account.employees" = ">= 800", "group.stage" = '
        '"prioritized" }\nthen = { to = "ae", pool = "pool_ae" }\n[[row]]\nid = "ready"',
    )
    candidate = Bundle(bundle.files | {"tables/routing/route.toml": text.encode()})

    counted = count_hits(decisions_of(lambda **q: system.ask("decisions", **q).data, 90), candidate)

    states = {(r["table"], r["row"]): r["state"] for r in counted.report()}
    assert counted.decisions == len(system.history) > 0
    assert states["routing/route", "economic_buyer_present"] == "fires"
    assert states["routing/route", "twin"] == "shadowed"
    assert states["routing/route", "customer_owner"] == "never"
    assert states["gates/eligibility", "no_such_channel"] == "fires"


def test_a3_17_the_ledger_is_read_in_parts_and_by_operators_only(system: System) -> None:
    for number in range(20):
        system.play(
            signal(
                SignalKind.LEAD_SUBMITTED, minute=600 + number, ids=(f"email:x@c{number}.example",),
                key=f"c{number}", company={"domain": f"c{number}.example"},
            )
        )  # fmt: skip
    asked: list[dict[str, Any]] = []

    def ask(**question: Any) -> dict[str, Any]:
        asked.append(question)
        return system.ask("decisions", most_groups=1, **question).data

    found = list(decisions_of(ask, 90))

    assert {d.decision_id for d in found} == {e[3].decision_id for e in system.history}  # type: ignore[attr-defined]
    assert len(asked) > 16
    with pytest.raises(ForbiddenError):
        system.ask("decisions", "assistant", prefix="0")


def test_a3_08_recorded_decisions_can_be_asked_again_under_another_policy(system: System) -> None:
    text = starter().text("tables/routing/route.toml")
    row = text.index('id = "economic_buyer_present"')
    harmful = text[:row] + text[row:].replace('to = "ae"', 'to = "bdr"')
    candidate = changed(tables__routing__route=harmful)
    decisions = list(decisions_of(lambda **q: system.ask("decisions", **q).data, 90))

    moved = {
        d.account_id: (d.route.to, now.to)
        for d in decisions
        if (now := route_of(d.group_facts, d.account_id, candidate)).to != d.route.to
    }

    assert decisions
    assert set(moved.values()) == {("ae", "bdr")}
    assert len(moved) == 1
