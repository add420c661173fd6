"""Say when a canary must stop. Pure.

Whole accounts carry the candidate, and somebody looks every hour: an interval that holds at one
look would be wrong at one of many. The bounds hold at all looks together: asymptotic confidence
sequences (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024), over accounts, not touches.
"""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
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
class TallySums:
    """What the tallies of many accounts sum to: enough to know a rate and its error over them."""

    accounts: float = 0
    of: float = 0
    events: float = 0
    of_squares: float = 0
    event_squares: float = 0
    products: float = 0

    @property
    def numbers(self) -> tuple[float, ...]:
        """Return the sums in their order."""
        return astuple(self)

    def plus(self, other: "TallySums") -> "TallySums":
        """Return the sums over both."""
        return TallySums(*(a + b for a, b in zip(self.numbers, other.numbers, strict=True)))

    def moved(self, before: tuple[float, float], after: tuple[float, float]) -> "TallySums":
        """Return the sums once an account has had other touches and events than before.

        Who was touched by nothing that could bring it is not compared.
        """
        return self.plus(_sums_of(*after)).plus(_sums_of(*before, sign=-1))


def _sums_of(of: float, events: float, sign: int = 1) -> TallySums:
    if of <= 0:
        return TallySums()
    found = (1, of, events, of * of, events * events, of * events)
    return TallySums(*(sign * number for number in found))


def add_up(tallies: Iterable[Tally]) -> TallySums:
    """Return the sums of tallies, one an account."""
    found = TallySums()
    for one in tallies:
        found = found.moved((0, 0), (one.of, one.events))
    return found


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
    canary: Mapping[str, TallySums],
    control: Mapping[str, TallySums],
) -> tuple[Finding, ...]:
    """Return what each guardrail says; the canary ends if one of them is broken."""
    rails = tuple(guardrails)
    alpha = _ALPHA / max(1, len(rails))
    none = TallySums()
    return tuple(
        _judged(g, canary.get(g.name, none), control.get(g.name, none), alpha) for g in rails
    )


def _judged(rail: Guardrail, canary: TallySums, control: TallySums, alpha: float) -> Finding:
    ours, error, touches = _rate(canary)
    theirs, other, _ = _rate(control)
    if rail.stop is not None and touches >= rail.stop_after and ours > rail.stop:
        why = f"{ours:.2%} is above {rail.stop:.2%}, where sending stops"
        return Finding(guardrail=rail.name, broken=True, canary=ours, control=theirs, why=why)
    fewest = int(min(canary.accounts, control.accounts))
    if fewest < _FEWEST_ACCOUNTS:
        why = f"cannot tell: {fewest} accounts, {_FEWEST_ACCOUNTS} are needed"
        return Finding(guardrail=rail.name, broken=False, canary=ours, control=theirs, why=why)
    worse = (ours - theirs) if rail.more_is_worse else (theirs - ours)
    width = sqrt(error**2 + other**2) * _factor(int(canary.accounts), alpha)
    low, allowed = worse - width, rail.slack * theirs
    broken = low > allowed
    side = "more" if rail.more_is_worse else "less"
    why = (
        f"{ours:.2%} against {theirs:.2%}: at least {max(low, 0):.2%} {side}, "
        f"{allowed:.2%} is allowed"
    )
    return Finding(guardrail=rail.name, broken=broken, canary=ours, control=theirs, why=why)


def _rate(sums: TallySums) -> tuple[float, float, float]:
    """Return events per touch, its standard error over accounts, and the touches."""
    if not sums.of:
        return 0.0, inf, 0.0
    rate = sums.events / sums.of
    squares = sums.event_squares - 2 * rate * sums.products + rate * rate * sums.of_squares
    # One event more than was seen: none at all would have no error, and be sure of nothing.
    return rate, sqrt(max(0.0, squares) + 1) / sums.of, sums.of


def _factor(accounts: int, alpha: float) -> float:
    """Return how many standard errors wide a bound is that holds at every look."""
    spread = (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / _SHARPEST_AT
    grown = accounts * spread
    return sqrt(2 * (grown + 1) / grown * log(sqrt(grown + 1) / alpha))
