"""Regret of our arbitration in markets it has never seen, beside uniform choice and LinTS."""

import heapq
import json
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from functions.decisioning.arbitrate import Exploring, draw, odds
from functions.decisioning.learned import Learned
from lab.bench.matching import BENCH, PEERS
from lab.world.arms import STAGES, TIERS, Arms
from mos.errors import MissingError
from mos.model.action import Candidate
from mos.model.decision import Arm
from mos.model.lesson import levels

DECISIONS, WORLDS = 20_000, 20
FIRST_FRESH = 1001
"""Markets below this one were looked at while settings were chosen; those reported were not."""
_EVERY = 100
Told = Callable[[str], None]


@dataclass
class Counts:
    """Trials and successes by segment and arm, as learning keeps them: at every level."""

    trials: dict[tuple[str, str, str], int] = field(default_factory=dict)
    successes: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def add(self, segment: str, action: str, treatment: str, reward: float) -> None:
        """Count a trial whose outcome is known."""
        for level in levels(segment):
            key = (level, action, treatment)
            self.trials[key] = self.trials.get(key, 0) + 1
            self.successes[key] = self.successes.get(key, 0.0) + reward

    def of(self, segment: str) -> tuple[Arm, ...]:
        """Return the counts of a segment and those above it."""
        path = set(levels(segment))
        return tuple(
            Arm(segment=k[0], action=k[1], treatment=k[2], trials=n, successes=self.successes[k])
            for k, n in self.trials.items()
            if k[0] in path
        )


def regret(world: Arms, how: Exploring, count: int = DECISIONS) -> float:
    """Return what our arbitration loses against always knowing best, in US dollars.

    Counts are read again every hundred decisions, as a busy ledger's would be.
    """
    tiers, stages, luck = world.arrivals(count)
    delays, arms = world.delays(count), world.arms
    counts, waiting, lost = Counts(), list[tuple[int, int, str, int, float]](), 0.0
    known: dict[str, tuple[list[float], list[float]]] = {}
    for number in range(count):
        while waiting and waiting[0][0] <= number:
            _, _, segment, arm, reward = heapq.heappop(waiting)
            counts.add(segment, arms[arm][0].name, arms[arm][1].name, reward)
        if number % _EVERY == 0:
            known.clear()
        tier, stage = int(tiers[number]), int(stages[number])
        segment = f"{TIERS[tier]}/{STAGES[stage]}"
        if segment not in known:
            known[segment] = _odds(world, Learned(segment, counts.of(segment)), how)
        choice = draw(known[segment][1], f"{world.seed}:{number}")
        worth = world.worth[tier, stage]
        lost += float(worth.max() - worth[choice])
        won = float(luck[number] < world.rates[tier, stage, choice])
        heapq.heappush(waiting, (number + int(delays[number]), number, segment, choice, won))
    return lost


def _odds(world: Arms, learned: Learned, how: Exploring) -> tuple[list[float], list[float]]:
    candidates = []
    for action, treatment in world.arms:
        chance = learned.action(action).mean * learned.share(action, treatment)[0]
        candidates.append(
            Candidate(
                person_id="per",
                action=action.name,
                treatment=treatment.name,
                channel="email",
                priority=chance * action.value - action.cost,
                doubt=learned.treatment(action, treatment).spread * action.value,
            )
        )
    return [c.priority or 0.0 for c in candidates], odds(candidates, how)


def uniform(world: Arms, count: int = DECISIONS) -> float:
    """Return what choosing at random loses, on average."""
    tiers, stages, _ = world.arrivals(count)
    worth = world.worth[tiers, stages]
    return float((worth.max(1) - worth.mean(1)).sum())


def compare(how: Exploring, told: Told, worlds: int = WORLDS) -> list[dict[str, Any]]:
    """Return regret as a part of uniform choice's, ours and LinTS', over fresh markets.

    Raises:
        MissingError: the environment of the peers is not there.
    """
    if not (BENCH / ".done").exists():
        raise MissingError("peers of the benchmarks (run `make bench-data`)")
    seeds = list(range(FIRST_FRESH, FIRST_FRESH + worlds))
    ours, theirs = [], []
    for seed in seeds:
        told(f"market {seed - FIRST_FRESH + 1} of {worlds}")
        world = Arms(seed)
        ours.append(regret(world, how) / uniform(world))
        theirs.append(_lints(seed) / uniform(world))
    return [
        {
            "by": name,
            "markets": worlds,
            "decisions each": f"{DECISIONS:,}",
            "regret, part of uniform's": round(float(np.mean(found)), 4),
            "worst market": round(max(found), 4),
            "best": round(min(found), 4),
        }
        for name, found in (("ours", ours), ("MABWiser LinTS", theirs))
    ]


def _lints(seed: int, *alpha: float) -> float:
    """Return what MABWiser's LinTS loses in the same market, with the same luck and delays."""
    world = Arms(seed)
    tiers, stages, luck = world.arrivals(DECISIONS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "market.npz"
        np.savez(
            path,
            seed=np.array(seed),
            tiers=tiers,
            stages=stages,
            luck=luck,
            delays=world.delays(DECISIONS),
            rates=world.rates,
            worth=world.worth,
            values=np.array([action.value for action, _ in world.arms]),
            costs=np.array([action.cost for action, _ in world.arms]),
        )
        words = [str(PEERS / "with_mabwiser.py"), str(path), *map(str, alpha)]
        said = subprocess.run(  # noqa: S603  our own script in our own environment
            [str(BENCH / "bin" / "python"), *words],
            check=True,
            capture_output=True,
            env={"OMP_NUM_THREADS": "1"},
        )
    return float(json.loads(said.stdout)["regret"])
