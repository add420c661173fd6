"""Set what two programmes of one market brought against one another, company by company. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np

from functions.simulation.evaluate.interval import compute_interval
from mos.model.impact import Played

Brought = Mapping[str, Sequence[float]]


def compare_pairs(measures: Sequence[str], before: Brought, after: Brought) -> tuple[Played, ...]:
    """Return each measure's total before and after, and its difference with a 95 % interval.

    The market is the same company by company, so differences are paired; what chance brought to
    one company and not to another is what the interval is about.
    """
    companies = sorted(before)
    was = np.array([before[name] for name in companies], np.float64)
    new = np.array([after[name] for name in companies], np.float64)
    places = np.arange(len(companies), dtype=np.int64)
    found = []
    for number, name in enumerate(measures):
        apart = new[:, number] - was[:, number]
        mean = float(apart.mean())
        low, high = (end * len(companies) for end in compute_interval(mean, apart - mean, places))
        found.append(
            Played(
                name=name,
                before=round(float(was[:, number].sum()), 6),
                after=round(float(new[:, number].sum()), 6),
                low=round(low, 6),
                high=round(high, 6),
            )
        )
    return tuple(found)


def compare_sample(
    measures: Sequence[str],
    whole: Brought,
    before: Brought,
    after: Brought,
    weights: Mapping[str, float],
) -> tuple[Played, ...]:
    """Return each measure over a whole market of which some companies were played again.

    `whole` is what the market brought. `weights` says for how many companies one counts: none for
    those who live on as they did; who is missing has another stand for them. `before` and `after`
    are what those with a weight brought when they were played again.
    """
    names = sorted(weights)
    places = np.arange(len(names), dtype=np.int64)
    found = []
    for number, name in enumerate(measures):
        apart = np.array(
            [
                weights[n] * (after[n][number] - before[n][number]) if weights[n] else 0.0
                for n in names
            ],
            np.float64,
        )
        total, mean = sum(figures[number] for figures in whole.values()), float(apart.mean())
        low, high = (end * len(names) for end in compute_interval(mean, apart - mean, places))
        found.append(
            Played(
                name=name,
                before=round(total, 6),
                after=round(total + float(apart.sum()), 6),
                low=round(low, 6),
                high=round(high, 6),
            )
        )
    return tuple(found)
