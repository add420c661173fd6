"""Compare two arms: at one look fixed beforehand, or at every look. Pure.

The anytime-valid interval is the asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha,
Kennedy and Ramdas (2024, theorem 2.2): it covers at all looks together, so whoever peeks errs no
more often. It is asymptotic: it holds from some hundred accounts on.
"""

from dataclasses import dataclass
from math import erfc, log, sqrt
from statistics import NormalDist

from functions.simulation.evaluate.interval import student
from functions.simulation.measure.sample import Estimate

_SHARPEST_AT = 400
"""The number of accounts at which an anytime-valid interval is tightest."""
_FEWEST = 20
"""With fewer accounts in an arm nothing is said: no interval of ours would hold."""


@dataclass(frozen=True)
class Difference:
    """One arm less the other, with both intervals; `p` is of the look that was fixed beforehand."""

    value: float
    error: float
    low: float
    high: float
    always_low: float
    always_high: float
    p: float
    accounts: int


def compare(ours: Estimate, theirs: Estimate, alpha: float = 0.05) -> Difference:
    """Return the difference of two independent arms, by accounts (Welch 1947)."""
    value, error = ours.value - theirs.value, sqrt(ours.error**2 + theirs.error**2)
    accounts = ours.accounts + theirs.accounts
    if min(ours.accounts, theirs.accounts) < _FEWEST:
        return Difference(
            value, error, -float("inf"), float("inf"), -float("inf"), float("inf"), 1.0, accounts
        )
    fixed = student(find_freedom(ours, theirs), 1 - alpha) * error
    always = widen(accounts, alpha) * error
    p = erfc(abs(value) / error / sqrt(2)) if error > 0 else float(value == 0)
    return Difference(
        value, error, value - fixed, value + fixed, value - always, value + always, p, accounts
    )


def find_freedom(ours: Estimate, theirs: Estimate) -> float:
    """Return Welch's and Satterthwaite's degrees of freedom."""
    one, other = ours.error**2, theirs.error**2
    if one + other == 0:
        return float(ours.accounts + theirs.accounts - 2)
    return (one + other) ** 2 / (one**2 / (ours.accounts - 1) + other**2 / (theirs.accounts - 1))


def widen(accounts: int, alpha: float = 0.05) -> float:
    """Return how many standard errors wide an interval is that holds at every look."""
    spread = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / _SHARPEST_AT
    grown = accounts * spread
    return sqrt(2 * (grown + 1) / grown * log(sqrt(grown + 1) / alpha))


def normal(level: float) -> float:
    """Return the one-sided normal quantile."""
    return NormalDist().inv_cdf(level)
