"""A.2.1–A.2.4, A.2.9, A.2.16, A.2.17: exactly one stage each, in order, per group."""

from datetime import timedelta
from itertools import pairwise

import pytest

from infra.settings import Settings
from mos.model.deal import DealState
from mos.model.stage import Level
from tests.acceptance.theatre import Theatre, group_id, hot, later, person, with_solutions
from tests.builders import NOON, starter

pytestmark = pytest.mark.usefixtures("ground")


def test_a2_01_an_account_is_in_exactly_one_stage_at_a_time() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)
    said = [theatre.run(later(hours=h)) for h in (0, 1)]
    theatre.deal(DealState.OPEN, later(hours=2))
    said.append(theatre.run(later(hours=3)))

    stages = [s.account.stage for s in said]
    records = [r for r in theatre.lifecycle.scan() if (r.pk, r.sk) == ("SUBJECT#acc_1", "STAGE")]

    assert stages == ["engaged", "engaged", "opportunity"]
    assert len(records) == 1


@pytest.mark.parametrize("level", list(Level))
def test_a2_02_criteria_are_read_from_the_furthest_stage_back(level: Level) -> None:
    bundle = starter()
    order = bundle.value(f"{level.value}_order")
    table = bundle.page(f"lifecycle/{level.value}")
    assert isinstance(order, list)

    ranks = [order.index(row.then["stage"]) for row in table.rows]

    assert all(later_row <= row for row, later_row in pairwise(ranks))
    assert table.default["stage"] == order[0]


def test_a2_02_the_first_match_wins_and_the_rest_is_all_other() -> None:
    theatre = Theatre(employees=10)
    theatre.join("per_jane")
    assert theatre.run().account.stage == "all_other"

    theatre.deal(DealState.OPEN)
    theatre.does("per_jane", "page", points=90)

    assert theatre.run(later(hours=1)).account.stage == "opportunity"


def test_a2_03_a_run_shows_three_steps_in_order_and_each_reads_the_one_above() -> None:
    theatre = Theatre(employees=900)
    hot(theatre)

    said = theatre.run()

    assert said.steps == (Level.ACCOUNT, Level.GROUP, Level.PERSON)
    assert said.group.receipt.facts["account.stage"] == said.account.stage == "engaged"
    mql = person(said, "per_jane")
    assert mql.receipt.facts["group.stage"] == said.group.stage == "prioritized"
    assert (mql.stage, said.account.since, said.group.since, mql.since) == ("mql", *[NOON] * 3)


def test_a2_04_an_account_has_a_group_per_solution_and_is_judged_by_all_of_them() -> None:
    theatre = Theatre(with_solutions("platform", "analytics"), employees=900)
    hot(theatre)
    theatre.join("per_ada", "analytics")
    theatre.does("per_ada", "page", points=20)

    platform, analytics = theatre.run(), theatre.run(later(minutes=2), "analytics")

    assert (platform.group.subject_id, analytics.group.subject_id) == (
        group_id("platform"), group_id("analytics"),
    )  # fmt: skip
    assert (platform.group.stage, analytics.group.stage) == ("prioritized", "engaged")
    assert platform.group_facts["account.known_people"] == 2
    assert platform.group_facts["account.engagement"] == 80
    assert analytics.account.stage == platform.account.stage == "mqa"
    assert [p.subject_id for p in analytics.people] == ["per_ada"]


def test_a2_09_a_signal_moves_the_stages_of_the_same_window_and_not_the_next_day() -> None:
    from tests.journey.test_the_path import browsing, jane  # noqa: PLC0415  the path's own story
    from tests.system_in_process import System  # noqa: PLC0415  the same

    system, form = System(), jane()
    system.play(*browsing(4), form)

    placed = system.history[-1][1]

    assert placed.group.stage == "prioritized"
    assert placed.occurred_at - form.received_at <= timedelta(seconds=61)  # the window, and grace


def test_a2_09_by_default_a_window_and_a_batch_leave_time_for_the_run_within_a_minute() -> None:
    settings = Settings(stage="test")

    assert settings.coalesce_seconds + settings.batch_seconds <= 50


def test_a2_16_one_person_stands_in_two_groups_with_two_roles_and_stages() -> None:
    theatre = Theatre(with_solutions("platform", "analytics"), employees=900)
    hot(theatre)
    theatre.join("per_jane", "analytics")
    theatre.deal(DealState.OPEN, NOON, "analytics")
    theatre.states("per_jane", "role_confirmed", NOON, solution="analytics", role="champion")

    here, there = theatre.run(), theatre.run(later(minutes=2), "analytics")

    assert person(here, "per_jane").stage == "mql"
    assert person(there, "per_jane").stage == "opportunity"
    roles = [p.facts["person.role"] for s in (here, there) for p in s.person_facts]
    assert roles == ["economic_buyer", "champion"]
    assert {person(here, "per_jane").key, person(there, "per_jane").key} == {
        f"per_jane@{group_id('platform')}", f"per_jane@{group_id('analytics')}",
    }  # fmt: skip
    kept = [r.sk for r in theatre.lifecycle.scan() if r.pk == "SUBJECT#per_jane"]
    assert sum(sk.startswith("STAGE@") for sk in kept) == 2


def test_a2_17_a_customer_of_one_product_is_a_prospect_for_another_at_once() -> None:
    theatre = Theatre(with_solutions("platform", "analytics"), employees=900)
    hot(theatre)
    theatre.join("per_jane", "analytics")
    theatre.deal(DealState.WON, NOON, "platform")

    bought, wants = theatre.run(), theatre.run(later(minutes=2), "analytics")

    assert (bought.group.stage, person(bought, "per_jane").stage) == ("closed_won", "customer")
    assert wants.account.stage == "customer"
    assert (wants.group.stage, person(wants, "per_jane").stage) == ("prioritized", "mql")
    assert wants.group_facts["group.won_deals"] == 0
