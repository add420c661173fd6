"""Rows A.6.2–5, A.6.10, A.6.13: the arithmetic, beside what was published or done by hand."""

from itertools import permutations
from math import erf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.simulation.measure.compare import compare
from functions.simulation.measure.discovery import adjust_any, adjust_independent
from functions.simulation.measure.power import Aim, count_accounts, plan
from functions.simulation.measure.ratio import check_ratio, chi_square_tail
from functions.simulation.measure.removal import (
    Journey,
    find_shapley,
    remove_channels,
    share_out,
)
from functions.simulation.measure.sample import (
    adjust_by_past,
    estimate_mean,
    estimate_rate,
    stratify,
)

WORLDS = 2_000


def test_a6_02_a_rate_per_lead_has_the_error_of_its_accounts_not_of_its_leads() -> None:
    rng = np.random.default_rng(1)
    leads = rng.integers(1, 9, 300).astype(float)
    account_rate = rng.beta(1, 9, 300)
    wins = rng.binomial(leads.astype(int), account_rate).astype(float)

    found = estimate_rate(wins, leads)

    # Liang and Zeger's sandwich by hand, lead by lead, with the same correction for few clusters.
    rows = [(a, float(n < wins[a])) for a in range(300) for n in range(int(leads[a]))]
    rate = sum(y for _, y in rows) / len(rows)
    scores = [sum(y - rate for a, y in rows if a == account) for account in range(300)]
    sandwich = sqrt(300 / 299 * sum(s * s for s in scores)) / len(rows)
    naive = sqrt(rate * (1 - rate) / len(rows))
    assert found.value == pytest.approx(rate)
    assert found.error == pytest.approx(sandwich)
    assert found.error > 1.05 * naive


@pytest.mark.parametrize(
    ("value", "freedom", "chance"),
    [(3.841, 1, 0.05), (5.991, 2, 0.05), (11.345, 3, 0.01), (18.307, 10, 0.05), (20.515, 5, 0.001)],
)
def test_a6_03_chi_square_is_as_printed_in_tables(
    value: float, freedom: int, chance: float
) -> None:
    assert chi_square_tail(value, freedom) == pytest.approx(chance, rel=2e-3)


def test_a6_03_arms_that_were_not_drawn_as_stated_are_found_out() -> None:
    assert not check_ratio([50_200, 49_800], [0.5, 0.5]).is_broken
    assert not check_ratio([96, 904], [0.1, 0.9]).is_broken
    assert check_ratio([60, 940], [0.1, 0.9]).is_broken
    assert check_ratio([5, 100], [0.0, 1.0]).is_broken


def test_a6_04_what_the_past_explains_goes_and_the_difference_stays() -> None:
    rng = np.random.default_rng(2)
    past = rng.normal(5, 2, 4_000)
    values = past * 0.9 + rng.normal(0, 1, 4_000)
    values[:2_000] += 0.3
    arms = [(values[:2_000], past[:2_000]), (values[2_000:], past[2_000:])]

    ours, theirs = adjust_by_past(arms)

    plain = compare(estimate_mean(values[:2_000]), estimate_mean(values[2_000:]))
    adjusted = compare(estimate_mean(ours), estimate_mean(theirs))
    assert adjusted.low < 0.3 < adjusted.high
    # Deng et al. 2013: the variance loses the square of the correlation with the past.
    kept = 1 - np.corrcoef(past[:2_000], values[:2_000])[0, 1] ** 2
    assert (adjusted.error / plain.error) ** 2 == pytest.approx(kept, rel=0.05)


def test_a6_04_a_past_that_says_nothing_changes_nothing() -> None:
    values, past = np.arange(50.0), np.zeros(50)

    assert (adjust_by_past([(values, past)])[0] == values).all()


def test_a6_04_strata_count_by_their_share_of_all_accounts() -> None:
    values, strata = np.array([1.0, 1.0, 1.0, 5.0, 7.0]), np.array([0, 0, 0, 1, 1])

    assert stratify(values, strata, {0: 0.5, 1: 0.5}).value == pytest.approx(3.5)


def test_a6_11_the_published_example_of_false_discovery() -> None:
    # Benjamini and Hochberg 1995, table of section 3.2: four of fifteen are rejected at 0.05.
    chances = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
               0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip

    assert sum(p <= 0.05 for p in adjust_independent(chances)) == 4
    assert sum(p <= 0.05 for p in adjust_any(chances)) == 3


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_a6_11_adjusting_keeps_the_order_and_is_never_bolder(
    chances: list[float],
) -> None:
    adjusted = adjust_any(chances)

    assert all(q >= p for p, q in zip(chances, adjusted, strict=True))
    ranked = [q for _, q in sorted(zip(chances, adjusted, strict=True))]
    assert ranked == sorted(ranked)


def test_a6_13_as_many_accounts_as_the_text_books_say() -> None:
    # Two arms, alpha 0.05, power 0.8, half a standard deviation: 63 in each (Cohen 1988).
    assert count_accounts(1.0, Aim(0.5)) == 126
    # Arms of one to nine need 1 / (4 · 0.1 · 0.9) times as many in all.
    uneven = count_accounts(1.0, Aim(0.5), 0.1)
    assert uneven is not None
    assert uneven / 126 == pytest.approx(1 / 0.36, rel=0.01)
    assert plan(1.0, Aim(0.5), 0.5, 100, per_week=13).weeks == 2
    assert plan(1.0, Aim(0.0), 0.5, 100, per_week=13).accounts is None


def rates_of(rng: np.random.Generator, accounts: int, rate: float, lift: float) -> list[object]:
    held = rng.random(accounts) < 0.5
    chance = rng.beta(2, 2 / rate - 2, accounts) + np.where(held, 0, lift)
    leads = rng.integers(1, 6, accounts)
    return [held, rng.binomial(leads, np.clip(chance, 0, 1)).astype(float), leads.astype(float)]


@pytest.mark.parametrize("lift", [0.0, 0.05])
def test_a6_02_intervals_by_account_cover_as_they_say_and_by_lead_do_not(lift: float) -> None:
    rng, by_account, by_lead = np.random.default_rng(3), 0, 0
    for _ in range(WORLDS):
        held, wins, leads = rates_of(rng, 400, 0.2, lift)
        ours, theirs = (estimate_rate(wins[m], leads[m]) for m in (~held, held))  # type: ignore[index]
        found = compare(ours, theirs)
        by_account += found.low <= lift <= found.high
        naive = sqrt(sum(e.value * (1 - e.value) / leads[m].sum()  # type: ignore[index]
                         for e, m in ((ours, ~held), (theirs, held))))  # fmt: skip
        by_lead += abs(found.value - lift) <= 1.96 * naive

    assert 0.93 <= by_account / WORLDS <= 0.97
    assert by_lead / WORLDS < by_account / WORLDS


@pytest.mark.slow
def test_a6_05_who_peeks_every_week_is_wrong_no_more_often_and_by_fixed_intervals_is() -> None:
    rng, always, fixed = np.random.default_rng(4), 0, 0
    for _ in range(WORLDS):
        held, values = rng.random(2_000) < 0.5, (rng.random(2_000) < 0.15).astype(float)
        looks = [
            compare(estimate_mean(values[:n][~held[:n]]), estimate_mean(values[:n][held[:n]]))
            for n in range(200, 2_001, 100)
        ]
        always += all(one.always_low <= 0 <= one.always_high for one in looks)
        fixed += all(one.low <= 0 <= one.high for one in looks)

    assert always / WORLDS >= 0.95
    assert fixed / WORLDS < 0.90


PATHS = [Journey(("C1", "C2", "C3"), 1), Journey(("C1",)), Journey(("C2", "C3"))]


def test_a6_10_markov_is_as_in_the_worked_example() -> None:
    # Three paths, one won: without C1 half as much, without C2 or C3 nothing (0.2, 0.4, 0.4).
    assert remove_channels(PATHS) == pytest.approx({"C1": 0.2, "C2": 0.4, "C3": 0.4})


def test_a6_10_shapley_is_as_in_the_glove_game() -> None:
    def worth(coalition: int) -> float:
        left, right = (coalition & 0b011).bit_count(), coalition >> 2 & 1
        return float(min(left, right))

    assert find_shapley(worth, 3) == pytest.approx([1 / 6, 1 / 6, 4 / 6])


def test_a6_10_shapley_is_the_mean_over_every_order_of_arrival() -> None:
    rng = np.random.default_rng(5)
    table = {m: float(v) for m, v in enumerate(rng.random(16))}
    expected = [0.0] * 4
    for order in permutations(range(4)):
        coalition = 0
        for player in order:
            expected[player] += (table[coalition | 1 << player] - table[coalition]) / 24
            coalition |= 1 << player

    assert find_shapley(table.__getitem__, 4) == pytest.approx(expected)


def test_a6_10_drawn_orders_come_near_and_sum_to_the_whole() -> None:
    weights = [float(n + 1) for n in range(12)]

    def worth(coalition: int) -> float:
        own = sum(w for n, w in enumerate(weights) if coalition >> n & 1)
        return own + 2.0 * (coalition & 0b11 == 0b11)

    found = find_shapley(worth, 12, seed=7)

    assert sum(found) == pytest.approx(sum(weights) + 2)
    assert found == pytest.approx([2.0, 3.0, *weights[2:]], abs=0.1)
    assert find_shapley(worth, 12, seed=7) == found


journeys = st.lists(
    st.builds(
        Journey,
        st.lists(st.sampled_from("abcd"), min_size=1, max_size=5).map(tuple),
        st.sampled_from([0.0, 0.0, 1.0]),
    ),
    min_size=1,
    max_size=20,
)


@given(journeys)
def test_a6_10_credits_sum_to_what_was_won_and_the_order_of_groups_is_nothing(
    given_journeys: list[Journey],
) -> None:
    won = sum(j.won for j in given_journeys)
    for split in (remove_channels, share_out):
        found = split(given_journeys)

        assert sum(found.values()) == pytest.approx(won, abs=1e-6)
        assert split(given_journeys[::-1]) == pytest.approx(found, abs=1e-6)


@given(journeys)
def test_a6_10_a_channels_name_is_nothing(given_journeys: list[Journey]) -> None:
    names = dict(zip("abcd", "dcab", strict=True))
    renamed = [Journey(tuple(names[c] for c in j.channels), j.won) for j in given_journeys]

    for split in (remove_channels, share_out):
        expected = {names[c]: v for c, v in split(given_journeys).items()}
        assert split(renamed) == pytest.approx(expected, abs=1e-6)


def test_a6_05_p_is_the_normal_tail() -> None:
    ones, zeros = np.tile([0.0, 1.0], 100), np.tile([0.0, 0.0, 1.0, 0.0], 50)
    found = compare(estimate_mean(ones), estimate_mean(zeros))

    z = found.value / found.error
    assert found.p == pytest.approx(2 * (1 - (1 + erf(z / sqrt(2))) / 2))
