"""Rows A.5.1, A.5.3, A.5.8 to A.5.11: what is decided is done once, whatever goes wrong."""

import pytest

from lab.bench.action import measure_deaths, measure_weather, measure_withdrawal
from lab.bench.caps import measure_caps


@pytest.mark.parametrize("row", measure_deaths(), ids=lambda row: str(row["channel"]))
def test_a5_1_whoever_is_killed_at_any_side_effect_sends_nothing_twice_and_loses_nothing(
    row: dict[str, int],
) -> None:
    assert row["deaths"] > 8
    assert (row["twice"], row["lost"]) == (0, 0)
    assert row["sent"] + row["unknown"] == row["deaths"]
    assert (row["unknown"] == 0) is (row["dedup"] != "receipt")


def test_a5_9_an_outage_of_ten_minutes_and_throttles_cost_no_message_and_few_calls() -> None:
    rows = {str(row["channel"]): row for row in measure_weather(each=120)}

    assert {row["sent"] for row in rows.values()} == {120}
    assert all(row["calls each"] < 1.7 for row in rows.values())
    assert rows["email"]["last after"] < "0:10:00" < rows["hubspot_task"]["last after"]


def test_a5_16_nothing_leaves_after_a_no_and_what_had_left_is_taken_back() -> None:
    [row] = measure_withdrawal(80)

    assert (row["said no"], row["left after it"], row["taken back"]) == (40, 0, 20)
    assert row["of the others in it"] == 40


def test_a4_06_of_a_hundred_runs_at_once_exactly_as_many_are_handed_over_as_the_cap_allows() -> (
    None
):
    rows = measure_caps(caps=(3, 20))

    assert [row["handed to a rep"] for row in rows] == [3, 20]
    assert [row["counted"] for row in rows] == [3, 20]
    assert sum(row["met another"] for row in rows) > 0
