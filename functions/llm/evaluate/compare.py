"""Compare two sides over the same cases: better, same, worse, or nobody can tell. Pure.

The unit is the case: its repeats are averaged first, for they are no new questions.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist, fmean, stdev

from mos.model.prompt_report import Paired, Verdict

MARGIN = 0.10
"""A difference of less than this share of answers is none, unless somebody says otherwise."""
_TAIL = 0.025
_FEWEST = 5


def compare_pairs(differences: Sequence[float], margin: float = MARGIN) -> Paired:
    """Return what differences, one a case and each from -1 to 1, say against a margin.

    The whole interval within the margin is *same*, also where it leaves out zero: so small a
    difference does not matter. Above zero and not within the margin is *better*, below *worse*;
    everything else nobody can tell.
    """
    cases = len(differences)
    if cases < _FEWEST:
        why = f"{cases} cases: at least {_FEWEST} are needed"
        return Paired(verdict=Verdict.CANNOT_TELL, cases=cases, margin=margin, why=why)
    mean, low, high = estimate_mean(differences)
    verdict = _name_verdict(low, high, margin)
    why = ""
    if verdict is Verdict.CANNOT_TELL:
        why = f"{low:+.3f} to {high:+.3f} fits the margin of {margin:g} and more than it: "
        why += "ask more cases, or more repeats where answers vary"
    return Paired(
        verdict=verdict, cases=cases, margin=margin, why=why,
        difference=round(mean, 6), low=round(low, 6), high=round(high, 6),
    )  # fmt: skip


def estimate_mean(differences: Sequence[float]) -> tuple[float, float, float]:
    """Return the mean of bounded differences and the ends of its 95 % interval.

    It is Student's interval, and never narrower than what a kind of question can hide that is so
    rare that none of the cases may have shown it (at 40 cases 8.8 % of them): where all cases
    agree, Student's has no width at all.
    """
    count, mean = len(differences), fmean(differences)
    spread = quantile_t(1 - _TAIL, count - 1) * stdev(differences) / sqrt(count)
    unseen = 1 - _TAIL ** (1 / count)
    low = mean - max(spread, unseen * (1 + mean))
    high = mean + max(spread, unseen * (1 - mean))
    return mean, max(-1.0, low), min(1.0, high)


def quantile_t(share: float, degrees: int) -> float:
    """Return a quantile of Student's distribution, by its expansion about the normal one.

    >>> round(quantile_t(0.975, 10), 2), round(quantile_t(0.975, 39), 3)
    (2.23, 2.023)
    """
    z = NormalDist().inv_cdf(share)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / degrees + second / degrees**2 + third / degrees**3


def _name_verdict(low: float, high: float, margin: float) -> Verdict:
    if -margin <= low and high <= margin:
        return Verdict.SAME
    if low > 0:
        return Verdict.BETTER
    if high < 0:
        return Verdict.WORSE
    return Verdict.CANNOT_TELL
