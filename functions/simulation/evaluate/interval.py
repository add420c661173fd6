"""A 95 % interval of a mean whose observations come in accounts. Pure.

Observations of one account go together, so an account's sum is one observation (Liang and Zeger
1986). Rewards are rare and weights uneven, so sums are skewed: Hall's transformation (1992, "On the
removal of skewness by transformation") of the studentised mean makes up for it. Its normal quantile
is replaced by Student's: the variance of squared sums of kurtosis k over G accounts is that of a
chi-squared with 2 G / (k - 1) degrees of freedom (Satterthwaite 1946).
"""

from math import copysign, inf, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_LEVEL = 0.95


def compute_interval(
    value: float, influence: Numbers, accounts: NDArray[np.int64]
) -> tuple[float, float]:
    """Return the ends of the interval around `value`.

    `influence` is what each observation moves the estimate by, times their number; `accounts`
    numbers the account of each from 0. One account alone gives no end.
    """
    sums = np.bincount(accounts, weights=influence)
    count = int(np.count_nonzero(np.bincount(accounts)))
    if count < 2:  # noqa: PLR2004  one account has no spread
        return -inf, inf
    squares = float(np.square(sums).sum())
    if squares == 0:
        return value, value
    error = sqrt(count / (count - 1) * squares) / len(influence)
    uneven = float((sums**4).sum()) / squares**2 - 1 / count
    freedom = max(1.0, 2 / uneven - 1) if uneven > 0 else float(count - 1)
    skew = float((sums**3).sum()) / count / (squares / count) ** 1.5
    quantile = student(freedom)
    low, high = (_untransformed(q, skew / sqrt(count)) for q in (quantile, -quantile))
    return value - error * low, value - error * high


def _untransformed(quantile: float, skew: float) -> float:
    """Return the studentised mean that Hall's transformation takes to `quantile`."""
    if abs(skew) < 1e-9:  # noqa: PLR2004  nothing to make up for
        return quantile
    inside = 1 + skew * (quantile - skew / 6)
    return 3 / skew * (copysign(abs(inside) ** (1 / 3), inside) - 1)


def student(freedom: float, level: float = _LEVEL) -> float:
    """Return the two-sided quantile of Student's t (Cornish and Fisher's expansion).

    Within 0.5 % from 5 degrees of freedom on; below, too small, where nothing should be told.
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return sum(term / freedom**power for power, term in enumerate(terms))
