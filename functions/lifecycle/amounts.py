"""What deals are worth together, as facts: by level, and with their currency. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from mos.model.base import Facts
from mos.model.deal import Deal, DealState

_OPEN = frozenset({DealState.OPEN})
_WON = frozenset({DealState.WON, DealState.RENEWING, DealState.RENEWED})
UNSTATED = "?"
"""Stands for the currency of an amount that came without one."""


def deal_amounts(level: str, deals: Iterable[Deal]) -> Facts:
    """Return what is open and what was won: `<level>.deal_…` and `<level>.won_…`.

    Where all amounts are in one currency it is `_amount` with `_currency`; an amount that came
    without a currency has none. Where they are in several, `_amounts` has a sum for each, such as
    `EUR 120000.0`, and `? 500.0` for those without. What has no amount says nothing.
    """
    held, found = tuple(deals), Facts()
    for name, states in (("deal", _OPEN), ("won", _WON)):
        sums: dict[str, float] = defaultdict(float)
        for deal in held:
            if deal.state in states and deal.amount is not None:
                sums[deal.currency or UNSTATED] += deal.amount
        found |= _write(f"{level}.{name}", {c: round(total, 2) for c, total in sums.items()})
    return found


def _write(name: str, sums: dict[str, float]) -> Facts:
    if len(sums) > 1:
        return {f"{name}_amounts": tuple(f"{c} {total}" for c, total in sorted(sums.items()))}
    for currency, total in sums.items():
        stated: Facts = {} if currency == UNSTATED else {f"{name}_currency": currency}
        return {f"{name}_amount": total} | stated
    return {}
