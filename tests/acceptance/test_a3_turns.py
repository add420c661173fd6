"""Who is next is even over a day, and at work: cases 54, 55 and 56, owners, covers and keepers."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.decisioning.turn import take_turn
from functions.lifecycle.clock import started
from functions.policy.permit import known_facts
from functions.policy.route import route_of
from mos.model.base import Facts
from mos.model.decision import Route
from mos.model.past import Past
from mos.model.signal import SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.sales_team import open_sales_team
from tests.builders import grants, signal, starter
from tests.property.worlds import policy
from tests.system_in_process import System

MONDAY = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
BDR: Facts = {
    "account.is_company": True, "account.employees": 60, "account.industry": "fintech",
    "account.country": "US", "account.stage": "engaged", "account.named": False,
    "group.stage": "qualified", "group.sla_breached": False, "group.people_sla_breached": 0,
}  # fmt: skip
AE = BDR | {"account.employees": 1500, "group.stage": "prioritized"}


def route(account: str, at: datetime = MONDAY, bundle: Bundle | None = None, **facts: Any) -> Route:
    held = bundle or policy()
    given = (AE if facts.pop("ae", False) else BDR) | {
        name.replace("__", "."): value for name, value in facts.items()
    }
    return route_of(known_facts(given, at, held), account, held)


def edited(name: str, old: str, new: str) -> Bundle:
    text = starter().text(name)
    assert old in text
    return Bundle({**starter().files, name: text.replace(old, new).encode()})


def hand_out(days: int, a_day: int) -> list[Counter[str]]:
    """Return who took how many leads on each day, the ledger counting as it does."""
    loads, found, number = Counter[str](), list[Counter[str]](), 0
    for day in range(days):
        today = Counter[str]()
        for hour in range(a_day):
            number += 1
            at = MONDAY + timedelta(days=day, minutes=hour)
            turn = take_turn(route(f"acc_{number}", at), Past(loads=dict(loads), today=dict(today)))
            assert turn
            today[turn.rep] += 1
        found.append(today)
    return found


def test_case_56_twelve_leads_a_day_are_shared_out_by_weight_every_day() -> None:
    # Novak, Iyer and Costa take a full share, Lind half of one: 14 = 4 + 4 + 4 + 2.
    for today in hand_out(days=5, a_day=14):
        assert today == {"bdr-novak": 4, "bdr-iyer": 4, "bdr-costa": 4, "bdr-lind": 2}


@pytest.mark.parametrize("a_day", [1, 3, 5, 11])
def test_case_56_nobody_is_ever_more_than_one_lead_ahead_of_their_share(a_day: int) -> None:
    for today in hand_out(days=3, a_day=a_day):
        full = [today[rep] for rep in ("bdr-novak", "bdr-iyer", "bdr-costa")]
        assert max(full) - min(full) <= 1
        assert today["bdr-lind"] <= max(full)


def test_an_account_stays_with_who_took_it_last_and_says_so() -> None:
    asked = route("acc_1")
    first = take_turn(asked, Past())
    assert first

    for rep in ("bdr-novak", "bdr-iyer", "bdr-costa"):
        turn = take_turn(asked, Past(keeper=rep, today={rep: 9}))
        assert turn
        assert (turn.rep, turn.why) == (rep, "took this account before")
    stranger = take_turn(asked, Past(keeper="ae-olsen"))
    full = take_turn(asked, Past(keeper="bdr-novak", loads={"bdr-novak": 60}))
    assert stranger
    assert stranger.rep == first.rep
    assert full
    assert full.rep != "bdr-novak"


def test_who_let_a_promise_break_is_passed_over_whoever_they_are() -> None:
    asked = route("acc_1", group__sla_breached=True)

    for rep in ("bdr-novak", "bdr-iyer", "bdr-costa"):
        turn = take_turn(asked, Past(keeper=rep))
        assert turn
        assert turn.rep != rep
    nobody = take_turn(asked, Past())
    kept = take_turn(route("acc_1"), Past())
    assert nobody
    assert kept
    assert nobody.rep != kept.rep


def test_a_record_of_before_is_the_first_in_line_with_room_as_it_was() -> None:
    line = ("ae-olsen:40", "ae-marsh:30", "ae-tanaka:")
    old = Route(to="ae", row="r", why="w", line=line)

    first = take_turn(old, Past(loads={"ae-olsen": 39}))
    second = take_turn(old, Past(loads={"ae-olsen": 40}))

    assert first
    assert second
    assert (first.rep, second.rep) == ("ae-olsen", "ae-marsh")
    assert take_turn(Route(to="ae", row="r", why="w", line=line[:1]),
                     Past(loads={"ae-olsen": 41})) is None  # fmt: skip


def test_the_whole_system_shares_out_and_keeps() -> None:
    system = System()
    owners = []
    for number in range(8):
        system.play(
            signal(
                SignalKind.LEAD_SUBMITTED,
                minute=400 + number,
                ids=(f"email:vp@firm{number}.example",),
                traits={"title": "VP Finance", "country": "US"},
                company={"name": f"Firm {number}", "domain": f"firm{number}.example",
                         "employees": 900, "industry": "fintech", "country": "US"},
                consent=grants(),
                key=f"lead {number}",
            )
        )  # fmt: skip
        decided: Any = system.history[-1][3]
        owners.append((decided.action.name, decided.owner))

    taken = Counter(owner for action, owner in owners if action == "ae_handoff")
    assert taken == {"ae-olsen": 4, "ae-marsh": 2, "ae-tanaka": 2}
    said = system.ask("why", subject="vp@firm7.example").text
    assert f"{owners[-1][1]} (the rota's turn: " in said


def test_an_owner_takes_it_off_hours_too() -> None:
    night = datetime(2026, 11, 1, 3, 0, tzinfo=UTC)
    facts = {"account__domain": "acme.example", "account__owner_stated": "hubspot:88800102"}

    owned = route("acc_1", night, ae=True, **facts)
    by_salesforce = route(
        "acc_1", night, ae=True, account__domain="acme.example",
        account__owner_stated="salesforce:005000000000002AAA",
    )  # fmt: skip
    unknown = route("acc_1", ae=True, account__domain="acme.example",
                    account__owner_stated="hubspot:1")  # fmt: skip

    assert owned.owner == by_salesforce.owner == "ae-marsh"
    assert (owned.chose, owned.turn) == ("owns the account as was stated", 1)
    assert unknown.owner in open_sales_team(policy()).list_pool("pool_ae", {})
    assert "hubspot:1: owns the account as was stated, and is none of our reps" in unknown.skipped


@pytest.mark.parametrize("written", ["88800102", "hubspot:88800102", "005000000000002",
                                     "005000000000002AAA", "ae-marsh"])  # fmt: skip
def test_an_owner_is_known_by_every_form_of_their_id(written: str) -> None:
    found = route("acc_1", ae=True, account__domain="acme.example", account__owner_stated=written)

    assert found.owner == "ae-marsh"


def test_a_deals_owner_comes_before_the_accounts_and_a_persons_after_it() -> None:
    deal = {"group__deal_owners": ("88800103",), "account__stage": "opportunity"}
    stated = {"account__domain": "acme.example", "account__owner_stated": "88800102"}
    person = {"group__person_owners": ("88800101",)}

    first = route("acc_1", ae=True, **deal, **stated, **person)
    second = route("acc_1", ae=True, **stated, **person)
    third = route("acc_1", ae=True, account__domain="acme.example", **person)
    named = route("acc_1", ae=True, account__domain="hooli.example", account__named=True, **deal)

    assert (first.owner, first.chose) == ("ae-tanaka", "owns the group's open deal")
    assert (second.owner, second.chose) == ("ae-marsh", "owns the account as was stated")
    assert (third.owner, third.chose) == ("ae-olsen", "owns one of the group's people")
    assert named.owner == "ae-marsh"


def test_a_bdr_who_owns_somebody_of_the_group_takes_it() -> None:
    found = route("acc_1", group__person_owners=("88800113",))

    assert (found.to, found.owner) == ("bdr", "bdr-iyer")


def test_an_owner_of_another_team_does_not_take_what_is_the_bdrs() -> None:
    found = route("acc_1", account__domain="acme.example", account__owner_stated="ae-marsh")

    assert found.to == "bdr"
    assert str(found.owner).startswith("bdr-")


def test_case_55_nobody_is_at_work_on_a_holiday_of_their_own() -> None:
    christmas = datetime(2026, 12, 25, 10, 0, tzinfo=UTC)
    boxing = datetime(2026, 12, 28, 10, 0, tzinfo=UTC)
    team = open_sales_team(policy())

    def at_work(rep: str, at: datetime) -> bool:
        calendar = team.find_calendar(rep)
        assert calendar
        return calendar.is_open(at)

    assert not at_work("ae-fischer", christmas)
    assert not at_work("ae-byrne", boxing)  # England's substitute day
    assert at_work("ae-fischer", boxing)


def test_case_55_an_absence_is_by_the_reps_own_date() -> None:
    # 07:30 on the 29th in Singapore is still the 28th in UTC.
    at = datetime(2027, 4, 28, 23, 30, tzinfo=UTC)
    asia = {"ae": True, "account__country": "JP"}

    before = route("acc_1", at - timedelta(hours=8), **asia)
    found = route("acc_1", at, **asia)

    assert not any("ae-ito" in said for said in before.skipped)
    assert "ae-ito: out of office until 2027-05-05" in found.skipped
    assert found.owner == "ae-singh"


def test_case_55_while_one_is_away_the_others_share() -> None:
    away = datetime(2026, 12, 22, 15, 0, tzinfo=UTC)
    loads, today = Counter[str](), Counter[str]()

    for number in range(30):
        turn = take_turn(route(f"acc_{number}", away, ae=True), Past(today=dict(today)))
        assert turn
        today[turn.rep] += 1
        loads[turn.rep] += 1

    # Olsen has twice the weight of Tanaka; Marsh is away.
    assert loads == {"ae-olsen": 20, "ae-tanaka": 10}


def test_case_55_a_cover_who_is_away_is_covered_for_and_a_circle_ends() -> None:
    header = starter().text("tables/routing/out_of_office.csv")
    more = header + "tanaka,ae-tanaka,20261221..20270101,2027-01-01,ae-olsen,Holidays\n"
    chain = Bundle({**starter().files, "tables/routing/out_of_office.csv": more.encode()})
    circle = Bundle({
        **starter().files,
        "tables/routing/out_of_office.csv": more.replace("ae-olsen", "ae-marsh").encode(),
    })  # fmt: skip
    at = datetime(2026, 12, 23, 15, 0, tzinfo=UTC)
    named = {"ae": True, "account__domain": "hooli.example", "account__named": True}

    covered, ended = route("acc_1", at, chain, **named), route("acc_1", at, circle, **named)

    assert covered.owner == "ae-olsen"
    assert covered.chose == "covers for ae-marsh, who owns the account by name"
    assert ended.owner == "ae-olsen"  # the pool's only one who is here


def first_touch(at: datetime, bundle: Bundle | None = None, country: str = "DE") -> datetime:
    facts: Facts = {"subject.level": "person", "account.named": False, "account.country": country}
    (clock,) = started("mql", at, facts, bundle or policy())
    return clock.due_at


def test_case_54_a_promise_of_five_minutes_on_a_saturday_night_runs_from_monday_morning() -> None:
    saturday = datetime(2026, 11, 7, 2, 1, 1, tzinfo=UTC)

    assert first_touch(saturday) == datetime(2026, 11, 9, 7, 35, tzinfo=UTC)  # 08:35 in Berlin
    assert first_touch(saturday, country="US") == datetime(2026, 11, 9, 14, 5, tzinfo=UTC)
    assert first_touch(datetime(2026, 11, 9, 10, 0, tzinfo=UTC)).minute == 5


def test_case_54_what_is_left_of_friday_counts_and_holidays_do_not() -> None:
    # Two minutes before Berlin closes, and the evening before Christmas.
    friday = datetime(2026, 11, 6, 16, 58, tzinfo=UTC)
    eve = datetime(2026, 12, 24, 16, 58, tzinfo=UTC)

    assert first_touch(friday) == datetime(2026, 11, 9, 7, 33, tzinfo=UTC)
    assert first_touch(eve) == datetime(2026, 12, 28, 7, 33, tzinfo=UTC)


def test_case_54_a_promise_can_say_that_it_always_runs() -> None:
    always = edited(
        "tables/lifecycle/sla.toml",
        "minutes = 5, ended_by",
        'minutes = 5, counts = "always", ended_by',
    )
    saturday = datetime(2026, 11, 7, 2, 0, tzinfo=UTC)

    assert first_touch(saturday, always) == saturday + timedelta(minutes=5)
