"""Markets for learners: arms with hidden rates per segment, and rewards that come late."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mos.model.action import Action, Treatment

Numbers = NDArray[np.float64]
TIERS = ("strong", "moderate", "weak")
STAGES = ("engaged", "prioritized", "qualified", "recycled")
_TREATMENTS = (2, 1, 2, 1, 2, 1, 2, 1)
_WRONG, _BY_TIER, _BY_SEGMENT, _BY_TREATMENT = 0.6, 0.4, 0.3, 0.3
_LATEST = 2000


@dataclass(frozen=True)
class Arms:
    """Eight actions, some with two treatments, in twelve segments.

    The catalogue's starting propensities are wrong by a factor of about two; tiers and segments
    differ; a reward is known after up to two thousand further decisions.
    """

    seed: int

    @cached_property
    def _draw(self) -> np.random.Generator:
        return np.random.default_rng(self.seed)

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """Return the catalogue: what the business believes, and what a success is worth."""
        draw = np.random.default_rng((self.seed, 1))
        made = []
        for number, many in enumerate(_TREATMENTS):
            start = float(draw.uniform(0.03, 0.2))
            made.append(
                Action(
                    name=f"action{number}",
                    issue="nurture",
                    group="email",
                    why="A market's.",
                    value=float(np.exp(draw.normal(0, 0.3)) * 20 / start),
                    cost=float(draw.uniform(0, 2)),
                    propensity=start,
                    evidence=30,
                    treatments=tuple(Treatment(name=f"t{i}", channel="email") for i in range(many)),
                )
            )
        return tuple(made)

    @property
    def arms(self) -> list[tuple[Action, Treatment]]:
        """Return every action with each of its treatments."""
        return [(action, treatment) for action in self.actions for treatment in action.treatments]

    @cached_property
    def rates(self) -> Numbers:
        """Return the true chance of success by tier, stage and arm."""
        draw = np.random.default_rng((self.seed, 2))
        arms = self.arms
        action = {a.name: draw.normal(0, _WRONG) for a in self.actions}
        base = np.array(
            [_logit(a.propensity) + action[a.name] + draw.normal(0, _BY_TREATMENT) for a, _ in arms]
        )
        tier = draw.normal(0, _BY_TIER, (len(TIERS), 1, len(arms)))
        segment = draw.normal(0, _BY_SEGMENT, (len(TIERS), len(STAGES), len(arms)))
        rates: Numbers = 1 / (1 + np.exp(-(base + tier + segment)))
        return rates

    @cached_property
    def worth(self) -> Numbers:
        """Return what each arm truly brings, net of cost, in US dollars."""
        values = np.array([action.value for action, _ in self.arms])
        costs = np.array([action.cost for action, _ in self.arms])
        worth: Numbers = self.rates * values - costs
        return worth

    def arrivals(self, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Numbers]:
        """Return the tier and the stage of each decision, and a number that decides its success."""
        draw = np.random.default_rng((self.seed, 3))
        tiers = draw.choice(len(TIERS), count, p=(0.3, 0.45, 0.25))
        stages = draw.choice(len(STAGES), count, p=(0.4, 0.3, 0.2, 0.1))
        return tiers, stages, draw.random(count)

    def delays(self, count: int) -> NDArray[np.int64]:
        """Return after how many further decisions each reward is known."""
        draw = np.random.default_rng((self.seed, 4))
        return np.minimum(_LATEST, draw.exponential(400, count)).astype(np.int64)


def _logit(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))
