"""Value a policy that was never used, from the log of another. Pure.

IPS: Horvitz and Thompson 1952. SNIPS: Swaminathan and Joachims 2015. DR: Dudík, Langford and Li
2011. All rest on the probability with which each logged choice was made.
"""

from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from functions.simulation.evaluate.interval import Numbers, compute_interval
from mos.model.estimate import Estimate, Evaluation, Evidence

_FEWEST_EFFECTIVE = 100.0
_FEWEST_SUCCESSES = 50.0
_FEWEST_ACCOUNTS = 30
_MOST_OF_ONE = 0.25
_FARTHEST = 4.0
_NEVER_TRIED = 0.05


@dataclass(frozen=True)
class Logged:
    """One entry a decision, all of one length.

    `reward` is what came of the logged choice, `logged` the probability with which it was made,
    `target` the candidate's probability of that choice. `model_logged` is the reward that a model
    expects of the logged choice, `model_target` of the candidate's choices; zeros where there is
    no model. `accounts` numbers the account of each, from 0.
    """

    reward: Numbers
    logged: Numbers
    target: Numbers
    model_logged: Numbers
    model_target: Numbers
    accounts: NDArray[np.int64]

    def __post_init__(self) -> None:
        sizes = {len(getattr(self, name)) for name in self.__dataclass_fields__}
        if len(sizes) != 1:
            raise ValueError(f"arrays of one length are wanted, not of {sorted(sizes)}")
        for name in ("reward", "logged", "target", "model_logged", "model_target"):
            if not np.isfinite(getattr(self, name)).all():
                raise ValueError(f"{name} holds a number that is not finite")
        if len(self.logged) and not ((self.logged > 0) & (self.logged <= 1)).all():
            raise ValueError("a logged choice had a probability above 0 and up to 1")
        if len(self.target) and not ((self.target >= 0) & (self.target <= 1)).all():
            raise ValueError("a candidate's probability is from 0 to 1")


def evaluate(log: Logged) -> Evaluation:
    """Return what the candidate would bring by each estimator, and whether the log can tell.

    It cannot where there are too few accounts, effective decisions or effective successes, where
    one account holds a quarter of the weight, or where the candidate does what was never tried.
    """
    evidence = _evidence(log)
    silent = _silence(evidence)
    weights = log.target / log.logged
    residual = weights * (log.reward - log.model_logged)
    robust = log.model_target + residual
    return Evaluation(
        evidence=evidence,
        logged=_mean("logged", log.reward, log, _too_few(evidence)),
        estimates=(
            _mean("IPS", weights * log.reward, log, silent),
            _normalised(weights, log, silent),
            _mean("DR", robust, log, silent),
        ),
        difference=_mean("DR - logged", robust - log.reward, log, silent),
    )


def evaluate_against(log: Logged, model_base: Numbers) -> Evaluation:
    """Return the same where it is known what a model expects of the baseline's own choices.

    The difference is then between two policies and not between one and what was drawn of the
    other: where they would do the same it is nothing, however the dice fell.
    """
    found, weights = evaluate(log), log.target / log.logged
    apart = log.model_target - model_base + (weights - 1) * (log.reward - log.model_logged)
    silent = _silence(found.evidence)
    difference = _mean("DR - baseline's DR", apart, log, silent)
    return found.model_copy(update={"difference": difference})


def _mean(name: str, terms: Numbers, log: Logged, silent: str | None) -> Estimate:
    value = float(terms.mean()) if len(terms) else 0.0
    return _said(name, value, terms - value, log, silent)


def _normalised(weights: Numbers, log: Logged, silent: str | None) -> Estimate:
    mean = float(weights.mean()) if len(weights) else 0.0
    if mean == 0:
        return _said("SNIPS", 0.0, np.zeros_like(weights), log, silent)
    # The order of operations is obp's, so that the last digits agree.
    value = float((log.reward * weights / mean).mean())
    return _said("SNIPS", value, weights * (log.reward - value) / mean, log, silent)


def _said(name: str, value: float, influence: Numbers, log: Logged, silent: str | None) -> Estimate:
    low, high = compute_interval(value, influence, log.accounts) if len(influence) else (0.0, 0.0)
    if not (isfinite(low) and isfinite(high)):
        low = high = value
    return Estimate(
        estimator=name, value=value, low=low, high=high, tells=silent is None, why=silent or ""
    )


def _evidence(log: Logged) -> Evidence:
    count = len(log.reward)
    if not count:
        return Evidence(
            decisions=0, accounts=0, effective=0, successes=0, weight=0, weight_error=0, busiest=0
        )
    weights = log.target / log.logged
    squares = float(np.square(weights).sum())
    sums = np.bincount(log.accounts, weights=weights - weights.mean())
    held = np.bincount(log.accounts, weights=np.square(weights))
    return Evidence(
        decisions=count,
        accounts=int(np.count_nonzero(np.bincount(log.accounts))),
        effective=_worth(weights),
        successes=_worth(weights) * float(weights[log.reward != 0].sum() / weights.sum())
        if squares
        else 0.0,
        weight=float(weights.mean()),
        weight_error=sqrt(float(np.square(sums).sum())) / count,
        busiest=float(held.max()) / squares if squares else 0.0,
    )


def _worth(weights: Numbers) -> float:
    squares = float(np.square(weights).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def _too_few(evidence: Evidence) -> str | None:
    if evidence.accounts < _FEWEST_ACCOUNTS:
        return f"{evidence.accounts} accounts; at least {_FEWEST_ACCOUNTS} are needed"
    return None


def _silence(evidence: Evidence) -> str | None:
    """Return why the log cannot tell, or None."""
    if few := _too_few(evidence):
        return few
    if evidence.effective < _FEWEST_EFFECTIVE:
        return (
            f"the log is worth {evidence.effective:.0f} decisions of the candidate's; at least "
            f"{_FEWEST_EFFECTIVE:.0f} are needed"
        )
    missing = 1 - evidence.weight
    # What was never tried has no weight: then the weights do not add up to one.
    if abs(missing) > max(_NEVER_TRIED, _FARTHEST * evidence.weight_error):
        return f"{missing:.0%} of what the candidate would do was never tried"
    if evidence.successes < _FEWEST_SUCCESSES:
        return (
            f"the log is worth {evidence.successes:.0f} successes of the candidate's; at least "
            f"{_FEWEST_SUCCESSES:.0f} are needed"
        )
    if evidence.busiest > _MOST_OF_ONE:
        return f"one account holds {evidence.busiest:.0%} of the squared weight"
    return None
