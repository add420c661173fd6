"""How many accounts, and how many weeks, until one could tell. Pure."""

from dataclasses import dataclass
from math import ceil, inf

from functions.simulation.measure.compare import normal


@dataclass(frozen=True)
class Plan:
    """What it takes to see an effect: accounts over all arms, and weeks at the pace so far."""

    accounts: int | None
    more: int | None
    weeks: float | None


@dataclass(frozen=True)
class Aim:
    """The smallest effect that matters, how often it may be missed or made up."""

    effect: float
    alpha: float = 0.05
    power: float = 0.8


def count_accounts(spread: float, aim: Aim, share: float = 0.5) -> int | None:
    """Return the accounts that both arms need together; None where no number is enough.

    `spread` is the standard deviation over accounts, `share` the smaller arm's part of them.

    >>> count_accounts(1.0, Aim(0.5))
    126
    """
    if aim.effect == 0 or not 0 < share < 1 or spread == inf:
        return None
    z = normal(1 - aim.alpha / 2) + normal(aim.power)
    return ceil((z * spread / aim.effect) ** 2 / (share * (1 - share)))


def plan(spread: float, aim: Aim, share: float, accounts: int, per_week: float) -> Plan:
    """Return what is needed beside the accounts that are there, at the pace at which they come."""
    needed = count_accounts(spread, aim, share)
    if needed is None:
        return Plan(None, None, None)
    more = max(0, needed - accounts)
    weeks = 0.0 if more == 0 else (more / per_week if per_week > 0 else None)
    return Plan(needed, more, weeks)
