"""A seeded market, played twice at the same time: under the baseline and under the candidate."""

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context

from cli.rehearse.stopping import ended, unheard
from functions.simulation.columns.line import Recorded
from functions.simulation.evaluate.paired import compare_pairs
from functions.simulation.impact.gather import read_reward
from lab.programme.outcome import MEASURES, outcomes
from lab.programme.run import Programme
from mos.model.impact import Played
from mos.policy.bundle.bundle import Bundle

Say = Callable[[float, str], None]
Brought = dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class Setting:
    """Which market is played, and for how long."""

    seed: int
    days: int
    houses: int


@dataclass
class Market:
    """`records` plays it; afterwards `played` says what the candidate brought in its place."""

    setting: Setting
    candidate: Bundle
    baseline: Bundle
    played: tuple[Played, ...] = ()

    def records(self, say: Say) -> Generator[Recorded, None, None]:
        """Yield the decisions of the baseline's programme."""
        context = get_context("spawn")
        with ProcessPoolExecutor(1, context) as pool, ended(pool):
            files = (dict(self.candidate.files), dict(self.baseline.files))
            with unheard():
                other = pool.submit(play, self.setting, *files)
            programme = _programme(self.setting, self.baseline)
            programme.run(say)
            yield from _recorded(programme)
            brought = outcomes(programme, self.baseline)
            say(1.0, "the candidate's programme ends")
            self.played = compare_pairs(MEASURES, brought, other.result())


def play(setting: Setting, candidate: Mapping[str, bytes], prices: Mapping[str, bytes]) -> Brought:
    """Return what a bundle brings in a market, company by company: a process of its own."""
    programme = _programme(setting, Bundle(candidate))
    programme.run()
    return outcomes(programme, Bundle(prices))


def _programme(setting: Setting, bundle: Bundle) -> Programme:
    return Programme(bundle, seed=setting.seed, houses=setting.houses, days=setting.days)


def _recorded(programme: Programme) -> Iterator[Recorded]:
    lessons = programme.machine.tables["lessons"]
    rewarded = {r.pk.removeprefix("REWARD#") for r in lessons.scan() if r.sk == "REWARD"}
    end = programme.start + timedelta(days=programme.days)
    for decision in programme.decisions():
        said = json.loads(decision.canonical())
        yield Recorded(said, read_reward(said, rewarded, end))
