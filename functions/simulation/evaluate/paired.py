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
