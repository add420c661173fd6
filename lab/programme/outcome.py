"""What a market brought, company by company, by the market's own truth."""

from collections import defaultdict

from lab.programme.run import Programme
from mos.policy.action_cost import cost_of
from mos.policy.bundle.bundle import Bundle

DOLLARS = "US dollars, net of cost"
MEASURES = (DOLLARS, "successes", "touches", "deals begun", "people who asked us to stop")
"""Dollars and successes are expected ones: of every touch its true chance, not the dice's word."""


def outcomes(programme: Programme, prices: Bundle) -> dict[str, tuple[float, ...]]:
    """Return one figure per measure for each company, by its domain.

    `prices` says what a success is worth and what a touch costs, whichever bundle was played; an
    action that it does not know has its own bundle's.
    """
    catalogue = programme.bundle.actions | prices.actions
    brought = defaultdict[str, list[float]](lambda: [0.0, 0.0, 0.0])
    for touch in programme.truth:
        action, sums = catalogue[touch.action], brought[touch.company]
        sums[0] += touch.chance * action.value - cost_of(action, prices)[0]
        sums[1] += touch.chance
        sums[2] += 1
    return {
        house.company.domain: (
            *brought[house.company.domain],
            float(house.has_deal),
            float(sum(member.is_out for member in house.members)),
        )
        for house in programme.market
    }
