"""A seeded market: played under the baseline and kept, and what differs played again under both."""

import gc
import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from multiprocessing import get_context

from cli.rehearse.sample import Sample, draw_sample, shows_all
from cli.rehearse.shelf import Kept, Setting, Shelf
from cli.rehearse.stopping import ended, unheard
from functions.simulation.columns.line import Recorded
from functions.simulation.evaluate.paired import compare_sample
from functions.simulation.impact.gather import read_reward
from functions.simulation.impact.partial import Partial
from lab.programme.outcome import MEASURES, outcomes
from lab.programme.run import Programme
from mos.model.impact import Played
from mos.policy.bundle.bundle import Bundle

Say = Callable[[float, str], None]
Brought = dict[str, tuple[float, ...]]
_SECOND_LOOK = 1.3
"""Two programmes at a time are slower than one."""
_START = 2.0


@dataclass
class Market:
    """`records` gives the baseline's decisions; `compare` plays what a candidate changes.

    `saw` hears what of those decisions changes, part by part, in between.
    """

    setting: Setting
    candidate: Bundle
    baseline: Bundle
    shelf: Shelf = field(default_factory=Shelf)
    _domains: dict[str, str] = field(default_factory=dict)
    _changed: set[str] = field(default_factory=set)
    _counts: Counter[str] = field(default_factory=Counter)

    def records(self, say: Say) -> Iterator[Recorded]:
        """Yield the decisions of the baseline's programme, which is played once and then kept."""
        for one in self._kept(say).records():
            domain = str(one.decision.get("group_facts", {}).get("account.domain") or "")
            self._domains[str(one.decision.get("group_id"))] = domain
            self._counts[domain] += 1
            yield one

    def saw(self, partial: Partial) -> None:
        """Take in which buying groups have a decision that changes."""
        self._changed |= partial.touched.get("any", set())

    def compare(self, say: Say) -> tuple[tuple[Played, ...], Sample]:
        """Return what the candidate brings in place of the baseline, and who was played for it."""
        kept = self._kept(say)
        touched = {self._domains[group] for group in self._changed if group in self._domains}
        drawn = draw_sample(
            kept.brought,
            touched,
            # Of a group whose company nobody knows, it cannot be said who is touched.
            everybody="" in touched or not shows_all(self.candidate, self.baseline),
            seed=self.setting.seed,
        )
        if not drawn.played or self.candidate.digest == self.baseline.digest:
            drawn = replace(drawn, weights=dict.fromkeys(kept.brought, 0.0), everybody=False)
            return compare_sample(MEASURES, kept.brought, {}, {}, drawn.weights), drawn
        before, after = self._both(drawn.played, kept.seconds, say)
        return compare_sample(MEASURES, kept.brought, before, after, drawn.weights), drawn

    def _kept(self, say: Say) -> Kept:
        found = self.shelf.find(self.setting, self.baseline.digest)
        if found:
            return found
        seconds = self.shelf.expected(self.setting.size)
        say(0.0, f"playing the market once under the baseline, {_about(seconds)}; it is kept")
        began = time.monotonic()
        programme = _programme(self.setting, self.baseline, None)
        with _seldom_collected():
            programme.run(lambda share, what: say(share, f"playing the market once: {what}"))
        say(1.0, "keeping it")
        return self.shelf.keep(
            self.setting,
            self.baseline.digest,
            _recorded(programme),
            outcomes(programme, self.baseline),
            time.monotonic() - began,
        )

    def _both(self, companies: list[str], whole: float, say: Say) -> tuple[Brought, Brought]:
        """Return what the baseline and the candidate bring to some companies, played at once.

        `whole` is how many seconds the whole market took: most of it goes into decisions.
        """
        share = sum(self._counts[name] for name in companies) / (self._counts.total() or 1)
        seconds = _START + _SECOND_LOOK * whole * share
        title = f"playing {len(companies)} companies again under both"
        say(0.0, f"{title}, {_about(seconds)}")
        files = (dict(self.candidate.files), dict(self.baseline.files))
        with ProcessPoolExecutor(1, get_context("spawn")) as pool, ended(pool):
            with unheard():
                other = pool.submit(play, self.setting, *files, companies)
            programme = _programme(self.setting, self.baseline, companies)
            with _seldom_collected():
                programme.run(lambda share, what: say(share, f"{title}: {what}"))
            say(1.0, "the candidate's programme ends")
            return outcomes(programme, self.baseline), other.result()


def play(
    setting: Setting,
    candidate: Mapping[str, bytes],
    prices: Mapping[str, bytes],
    companies: Collection[str],
) -> Brought:
    """Return what a bundle brings to some companies, one by one: a process of its own."""
    programme = _programme(setting, Bundle(candidate), companies)
    with _seldom_collected():
        programme.run()
    return outcomes(programme, Bundle(prices))


def _programme(setting: Setting, bundle: Bundle, only: Collection[str] | None) -> Programme:
    return Programme(
        bundle,
        seed=setting.seed,
        houses=setting.houses,
        days=setting.days,
        by_company=True,
        only=None if only is None else frozenset(only),
    )


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for garbage in circles seldom: a market makes hardly any, and looking takes a tenth."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _about(seconds: float) -> str:
    """Return how long something takes, as one says it beforehand.

    >>> _about(4), _about(38), _about(170)
    ('some seconds', 'about 40 s', 'about 3 min')
    """
    if seconds < 8:  # noqa: PLR2004  too short to count
        return "some seconds"
    if seconds < 90:  # noqa: PLR2004  a minute and a half is said in seconds
        return f"about {round(seconds / 5) * 5} s"
    return f"about {round(seconds / 60)} min"


def _recorded(programme: Programme) -> Iterator[Recorded]:
    lessons = programme.machine.tables["lessons"]
    rewarded = {r.pk.removeprefix("REWARD#") for r in lessons.scan() if r.sk == "REWARD"}
    end = programme.start + timedelta(days=programme.days)
    for decision in programme.decisions():
        said = json.loads(decision.canonical())
        yield Recorded(said, read_reward(said, rewarded, end))
