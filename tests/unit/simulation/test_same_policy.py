"""A candidate that would do the same differs by nothing, however the dice fell."""

import numpy as np
import pytest

from functions.simulation.evaluate.estimate import Logged, evaluate, evaluate_against

ACCOUNTS = 60
TRUE = np.array([0.10, 0.30])


def drawn(
    rng: np.random.Generator, base: float, candidate: float, many: int = 2000
) -> tuple[Logged, np.ndarray]:
    """Return a log of two actions: each policy takes the second one with its own probability."""
    second = rng.random(many) < base
    action = second.astype(int)
    chance = {0: (1 - base, 1 - candidate), 1: (base, candidate)}
    model = np.array([0.12, 0.25])
    expected = [(1 - p) * model[0] + p * model[1] for p in (base, candidate)]
    log = Logged(
        reward=(rng.random(many) < TRUE[action]).astype(float),
        logged=np.array([chance[a][0] for a in action]),
        target=np.array([chance[a][1] for a in action]),
        model_logged=model[action],
        model_target=np.full(many, expected[1]),
        accounts=rng.integers(0, ACCOUNTS, many),
    )
    return log, np.full(many, expected[0])


def test_where_both_would_do_the_same_nothing_differs_though_nobody_explored() -> None:
    rng = np.random.default_rng(1)
    # Of two thousand decisions five would explore, and none has.
    log, base = drawn(rng, base=0.9975, candidate=0.9975)
    never = Logged(
        **{**log.__dict__, "logged": np.full(2000, 0.9975), "target": np.full(2000, 0.9975),
           "model_logged": np.full(2000, 0.25)}
    )  # fmt: skip

    assert evaluate(never).difference.high < 0
    found = evaluate_against(never, base).difference
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_the_difference_of_two_policies_is_right_on_the_whole_and_its_interval_holds() -> None:
    truth, found, held = 0.2 * (TRUE[1] - TRUE[0]), [], 0
    for seed in range(200):
        log, base = drawn(np.random.default_rng(seed), base=0.5, candidate=0.7)
        one = evaluate_against(log, base).difference
        found.append(one.value)
        held += one.low <= truth <= one.high

    assert float(np.mean(found)) == pytest.approx(truth, abs=0.002)
    assert held / 200 >= 0.92
