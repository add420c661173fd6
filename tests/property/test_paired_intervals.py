"""The interval of a paired comparison holds the truth as often as it says, and never by luck."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.llm.evaluate.compare import compare_pairs, estimate_mean
from mos.model.prompt_report import Verdict

ROUNDS = 1_500
DIFFERENCES = st.lists(st.floats(-1, 1, allow_nan=False), min_size=5, max_size=80)


def draw(random_: random.Random, kind: str, repeats: int) -> float:
    """Return the difference of one case in a world whose truth is known."""
    if kind == "rare":  # One kind of question in twenty breaks, wholly: most samples show few.
        return -1.0 if random_.random() < 0.05 else 0.0
    if kind == "noise":
        before = sum(random_.random() < 0.9 for _ in range(repeats))
        return (sum(random_.random() < 0.9 for _ in range(repeats)) - before) / repeats
    before = sum(random_.random() < 0.9 for _ in range(repeats))
    return (sum(random_.random() < 0.7 for _ in range(repeats)) - before) / repeats


TRUTH = {"rare": -0.05, "noise": 0.0, "worse": -0.2}


@pytest.mark.parametrize("cases", [12, 40, 80])
@pytest.mark.parametrize("kind", sorted(TRUTH))
def test_an_interval_holds_the_truth_in_95_of_100(kind: str, cases: int) -> None:
    random_ = random.Random(f"{kind}{cases}")  # noqa: S311  seeded draws
    held = 0
    for _ in range(ROUNDS):
        _, low, high = estimate_mean([draw(random_, kind, 3) for _ in range(cases)])
        held += low <= TRUTH[kind] <= high

    # Three standard errors of a share of 95 % over so many rounds.
    assert held / ROUNDS >= 0.95 - 3 * (0.95 * 0.05 / ROUNDS) ** 0.5


@pytest.mark.parametrize("cases", [40, 80])
def test_where_nothing_differs_it_is_seldom_called_better_or_worse(cases: int) -> None:
    random_ = random.Random(cases)  # noqa: S311  seeded draws
    verdicts = [
        compare_pairs([draw(random_, "noise", 3) for _ in range(cases)]).verdict
        for _ in range(ROUNDS)
    ]

    wrong = sum(one in (Verdict.BETTER, Verdict.WORSE) for one in verdicts)
    assert wrong / ROUNDS <= 0.05


def test_a_loss_larger_than_the_margin_is_seldom_called_the_same() -> None:
    random_ = random.Random(5)  # noqa: S311  seeded draws
    verdicts = [
        compare_pairs([draw(random_, "worse", 3) for _ in range(40)]).verdict for _ in range(ROUNDS)
    ]

    assert verdicts.count(Verdict.SAME) / ROUNDS <= 0.025
    assert verdicts.count(Verdict.BETTER) == 0


@given(DIFFERENCES)
def test_turned_round_better_is_worse(differences: list[float]) -> None:
    there = compare_pairs(differences)
    back = compare_pairs([-one for one in differences])

    swap = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}
    assert back.verdict == swap.get(Verdict(there.verdict), there.verdict)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=2e-6)


@given(DIFFERENCES)
def test_an_interval_holds_its_own_mean_and_ends_where_answers_do(
    differences: list[float],
) -> None:
    mean, low, high = estimate_mean(differences)

    assert -1 <= low <= mean + 1e-9
    assert mean - 1e-9 <= high <= 1


@given(st.integers(0, 35))
def test_of_fewer_than_36_cases_nobody_says_the_same(cases: int) -> None:
    assert compare_pairs([0.0] * cases).verdict is Verdict.CANNOT_TELL
    assert compare_pairs([0.0] * 36).verdict is Verdict.SAME
