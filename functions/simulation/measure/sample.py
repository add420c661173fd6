"""Accounts of one arm as columns, and what a mean over them is known to. Pure.

Whole accounts are assigned, so an account is one observation, however many people or deals it has.
A rate per lead is a ratio of sums: its error is that of its accounts' deviations from the rate (the
delta method; for a rate alone the sandwich of Liang and Zeger 1986).
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A mean or a rate, its standard error, and the accounts that it rests on."""

    value: float
    error: float
    accounts: int


def estimate_mean(values: Numbers) -> Estimate:
    """Return the mean over accounts; fewer than two know no error."""
    count = len(values)
    if count < 2:  # noqa: PLR2004  one account has no spread
        return Estimate(float(values.mean()) if count else 0.0, float("inf"), count)
    return Estimate(float(values.mean()), float(values.std(ddof=1)) / sqrt(count), count)


def estimate_rate(events: Numbers, of: Numbers) -> Estimate:
    """Return events per unit (a lead, a deal), where accounts have several: clusters, not rows."""
    count, total = len(of), float(of.sum())
    if count < 2 or total == 0:  # noqa: PLR2004  as above
        return Estimate(float(events.sum()) / total if total else 0.0, float("inf"), count)
    rate = float(events.sum()) / total
    squares = float(np.square(events - rate * of).sum())
    return Estimate(rate, sqrt(count / (count - 1) * squares) / total, count)


def adjust_by_past(arms: list[tuple[Numbers, Numbers]]) -> list[Numbers]:
    """Return each arm's values less what its accounts' own past explains (CUPED).

    Deng, Xu, Kohavi and Walker 2013: one slope over all arms, and the past less its mean over all,
    so that the difference between arms keeps its expectation, and loses the share of its variance
    that the past explains. A past that says nothing changes nothing.
    """
    ys = np.concatenate([y - y.mean() for y, _ in arms if len(y)])
    xs = np.concatenate([x - x.mean() for _, x in arms if len(x)])
    spread = float(np.square(xs).sum())
    slope = float((ys * xs).sum()) / spread if spread > 0 else 0.0
    middle = float(np.concatenate([x for _, x in arms]).mean())
    return [y - slope * (x - middle) for y, x in arms]


def stratify(values: Numbers, strata: NDArray[np.int64], shares: dict[int, float]) -> Estimate:
    """Return the mean as it would be were each stratum as large as its share (post-stratified).

    `shares` are of all accounts, over all arms. A stratum of fewer than two knows no error.
    """
    value, variance = 0.0, 0.0
    for stratum, share in shares.items():
        part = estimate_mean(values[strata == stratum])
        value += share * part.value
        variance += share * share * part.error**2
    return Estimate(value, sqrt(variance), len(values))
