"""Say when a canary must stop. Pure.

Whole accounts carry the candidate, and somebody looks every hour: an interval that holds at one
look would be wrong at one of many. The bounds hold at all looks together: asymptotic confidence
sequences (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024), over accounts, not touches.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, log, sqrt

from mos.model.canary import Finding

_ALPHA = 0.05
_SHARPEST_AT = 200
"""The number of accounts at which the bounds are tightest."""
_FEWEST_ACCOUNTS = 20


@dataclass(frozen=True)
class Tally:
    """What one account has had under one bundle: touches, and events that count for or against."""

    of: float
    events: float


@dataclass(frozen=True)
class Guardrail:
    """One thing that must not get worse. `more_is_worse` is false for successes.

    `slack` is by how much of the control's own rate it may differ; `stop` a rate at which the
    canary ends whatever the control does, `stop_after` how many touches that takes.
    """

    name: str
    slack: float = 0.0
    more_is_worse: bool = True
    stop: float | None = None
    stop_after: int = 300


def judge(
    guardrails: Iterable[Guardrail],
    canary: Mapping[str, Sequence[Tally]],
    control: Mapping[str, Sequence[Tally]],
) -> tuple[Finding, ...]:
    """Return what each guardrail says; the canary ends if one of them is broken."""
    rails = tuple(guardrails)
    alpha = _ALPHA / max(1, len(rails))
    return tuple(_judged(g, canary.get(g.name, ()), control.get(g.name, ()), alpha) for g in rails)


def _judged(
    rail: Guardrail, canary: Sequence[Tally], control: Sequence[Tally], alpha: float
) -> Finding:
    ours, error, touches = _rate(canary)
    theirs, other, _ = _rate(control)
    if rail.stop is not None and touches >= rail.stop_after and ours > rail.stop:
        why = f"{ours:.2%} is above {rail.stop:.2%}, where sending stops"
        return Finding(guardrail=rail.name, broken=True, canary=ours, control=theirs, why=why)
    fewest = min(len(canary), len(control))
    if fewest < _FEWEST_ACCOUNTS:
        why = f"cannot tell: {fewest} accounts, {_FEWEST_ACCOUNTS} are needed"
        return Finding(guardrail=rail.name, broken=False, canary=ours, control=theirs, why=why)
    worse = (ours - theirs) if rail.more_is_worse else (theirs - ours)
    width = sqrt(error**2 + other**2) * _factor(len(canary), alpha)
    low, allowed = worse - width, rail.slack * theirs
    broken = low > allowed
    side = "more" if rail.more_is_worse else "less"
    why = (
        f"{ours:.2%} against {theirs:.2%}: at least {max(low, 0):.2%} {side}, "
        f"{allowed:.2%} is allowed"
    )
    return Finding(guardrail=rail.name, broken=broken, canary=ours, control=theirs, why=why)


def _rate(tallies: Sequence[Tally]) -> tuple[float, float, float]:
    """Return events per touch, its standard error over accounts, and the touches."""
    touches = sum(t.of for t in tallies)
    if not touches:
        return 0.0, inf, 0.0
    rate = sum(t.events for t in tallies) / touches
    squares = sum((t.events - rate * t.of) ** 2 for t in tallies)
    # One event more than was seen: none at all would have no error, and be sure of nothing.
    return rate, sqrt(squares + 1) / touches, touches


def _factor(accounts: int, alpha: float) -> float:
    """Return how many standard errors wide a bound is that holds at every look."""
    spread = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / _SHARPEST_AT
    grown = accounts * spread
    return sqrt(2 * (grown + 1) / grown * log(sqrt(grown + 1) / alpha))
