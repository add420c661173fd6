"""An estimate: what a policy that was never used would have brought, and how sure that is."""

from mos.model.base import Stored


class Estimate(Stored):
    """The mean reward of one decision, with its 95 % interval, by one estimator.

    Where `tells` is false the numbers are not to be used, and `why` says what is missing.
    """

    estimator: str
    value: float
    low: float
    high: float
    tells: bool
    why: str


class Evidence(Stored):
    """How much the log can say about a candidate.

    `effective` is Kish's effective sample size, in decisions, `successes` that of decisions with
    a reward. `weight` is the mean importance
    weight: one, unless the candidate does what was never tried. `busiest` is the largest part of
    the squared weight that one account holds.
    """

    decisions: int
    accounts: int
    effective: float
    successes: float
    weight: float
    weight_error: float
    busiest: float


class Evaluation(Stored):
    """What a candidate would bring in place of what was done.

    `logged` is what was brought, `estimates` what the candidate would have brought by IPS, SNIPS
    and DR, and `difference` the candidate's DR less what was brought, or less the baseline's own DR
    where that is known, decision by decision.
    """

    evidence: Evidence
    logged: Estimate
    estimates: tuple[Estimate, ...]
    difference: Estimate
