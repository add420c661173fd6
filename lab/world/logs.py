"""Seeded logs of choices with known probabilities, and what another policy would truly bring."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from functions.simulation.evaluate.estimate import Logged

Numbers = NDArray[np.float64]
_SEGMENTS, _CHOICES = 4, 6
_RATE, _WHIMS = 0.05, 0.3


@dataclass(frozen=True)
class Market:
    """Accounts of four segments who answer six choices, and the odds of two policies.

    The log's policy explores by inverse-gap weighting with `gamma`; the candidate ranks otherwise
    and explores by 50. An account's own mood moves all its answers, so they go together.
    """

    seed: int
    gamma: float

    @cached_property
    def _drawn(self) -> tuple[Numbers, Numbers, Numbers]:
        """Return the tastes, the log's odds and the candidate's, a row per segment."""
        draw = np.random.default_rng(self.seed)
        shape = (_SEGMENTS, _CHOICES)
        priorities = draw.random(shape) + 0.2
        moved = np.abs(priorities + draw.normal(0, 0.3, shape)) + 0.1
        tastes = draw.normal(0, 0.5, shape)
        return tastes, odds(priorities, self.gamma), odds(moved, 50.0)

    def log(self, seed: int, accounts: int) -> Logged:
        """Return the log of `accounts` accounts with about four decisions each."""
        tastes, ours, theirs = self._drawn
        draw = np.random.default_rng((self.seed, seed))
        account = np.repeat(np.arange(accounts), draw.poisson(3, accounts) + 1)
        segment = draw.integers(0, _SEGMENTS, accounts)[account]
        mood = draw.normal(0, _WHIMS, accounts)[account]
        one = np.arange(len(account))
        logging = ours[segment]
        choice = (draw.random(len(one))[:, None] < logging.cumsum(1)).argmax(1)
        chance = _chance(tastes[segment] + mood[:, None])[one, choice]
        # A model that has learned half of what there is to learn.
        model = _chance(tastes[segment] / 2)
        target = theirs[segment]
        return Logged(
            reward=(draw.random(len(one)) < chance).astype(np.float64),
            logged=logging[one, choice],
            target=target[one, choice],
            model_logged=model[one, choice],
            model_target=(target * model).sum(1),
            accounts=account,
        )

    def truth(self) -> float:
        """Return the mean reward of the candidate, over a grid of moods."""
        tastes, _, target = self._drawn
        grid = np.random.default_rng(0).normal(0, _WHIMS, 200_000)
        by_segment = [
            (target[s] * _chance(tastes[s] + grid[:, None])).sum(1).mean() for s in range(_SEGMENTS)
        ]
        return float(np.mean(by_segment))


def odds(priorities: Numbers, gamma: float) -> Numbers:
    """Return the inverse-gap odds of each row of priorities."""
    best = priorities.max(1, keepdims=True)
    drawn: Numbers = 1 / (priorities.shape[1] + gamma * (best - priorities) / best)
    row = np.arange(len(priorities))
    drawn[row, priorities.argmax(1)] = 0
    drawn[row, priorities.argmax(1)] = 1 - drawn.sum(1)
    return drawn


def _chance(taste: Numbers) -> Numbers:
    chance: Numbers = 1 / (1 + np.exp(-(np.log(_RATE / (1 - _RATE)) + taste)))
    return chance
