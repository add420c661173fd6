"""Are the arms as large as they were drawn to be? A read-out of others is worth nothing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, pi, sqrt

SUSPECT = 0.001
"""Below this chance the arms were not drawn as stated: Fabijan et al. 2019's usual limit."""


@dataclass(frozen=True)
class RatioCheck:
    """How likely arms of these sizes are; `is_broken` ones must not be read out."""

    chi_square: float
    p: float
    is_broken: bool


def check_ratio(counts: Sequence[int], shares: Sequence[float]) -> RatioCheck:
    """Return Pearson's test of the accounts in each arm against the shares that were stated.

    >>> check_ratio([821_588, 815_482], [0.5, 0.5]).is_broken
    True
    """
    total, stated = sum(counts), sum(shares)
    if total == 0 or len(counts) < 2:  # noqa: PLR2004  one arm has no ratio
        return RatioCheck(0.0, 1.0, is_broken=False)
    expected = [total * share / stated for share in shares]
    if any(e == 0 for e in expected):
        wrong = any(c for c, e in zip(counts, expected, strict=True) if e == 0)
        return RatioCheck(float("inf") if wrong else 0.0, float(not wrong), is_broken=wrong)
    chi = sum((c - e) ** 2 / e for c, e in zip(counts, expected, strict=True))
    p = chi_square_tail(chi, len(counts) - 1)
    return RatioCheck(chi, p, is_broken=p < SUSPECT)


def chi_square_tail(value: float, freedom: int) -> float:
    """Return the chance that a chi-square of so many degrees of freedom is above a value."""
    half = value / 2
    if freedom % 2 == 0:
        term, total = exp(-half), exp(-half)
        for step in range(1, freedom // 2):
            term *= half / step
            total += term
        return total
    total, term = erfc(sqrt(half)), exp(-half) * sqrt(half) * 2 / sqrt(pi)
    for step in range(1, (freedom - 1) // 2 + 1):
        total += term
        term *= half / (step + 0.5)
    return total
