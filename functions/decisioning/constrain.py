"""Share out what is scarce among all groups, not to whoever comes first. Pure.

Decisions come one by one, so the batch is priced: a decision that would use a scarce thing bids
what the thing is worth to it over its best alternative, and the price now is the bid that what is
left would just serve, if as many came until the window ends as came lately (bid-price control:
Talluri and van Ryzin 1998, "An analysis of bid-price controls for network revenue management").
Who bids less waits or does something else; a counter in the transaction keeps the limit itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mos.model.action import Action, Candidate
from mos.model.constraint import Constraint
from mos.policy.action_cost import cost_of
from mos.policy.bundle.bundle import Bundle

FEWEST_BIDS = 20
"""Fewer bids say nothing of how many will come: the price is nothing then."""


@dataclass(frozen=True)
class Bid:
    """What one unit was worth to a decision, in US dollars; how long ago, and how many units."""

    hours_ago: float
    margin: float
    use: float = 1.0


def use_of(constraint: Constraint, action: Action, bundle: Bundle) -> float:
    """Return how much of a constraint one attempt of an action uses."""
    if action.name not in constraint.actions:
        return 0.0
    return 1.0 if constraint.unit == "touches" else cost_of(action, bundle)[0]


def priced(
    action: Action, prices: Mapping[str, float], constraints: Sequence[Constraint], bundle: Bundle
) -> tuple[float, str]:
    """Return what an attempt pays for what is scarce, and for what, in US dollars."""
    parts = [
        (prices[c.name] * use, f"{c.name} ${prices[c.name]:.2f} × {use:g}")
        for c in constraints
        if (use := use_of(c, action, bundle)) and prices.get(c.name)
    ]
    return sum(part for part, _ in parts), " + ".join(text for _, text in parts)


def price(bids: Sequence[Bid], left: float, hours_left: float) -> float:
    """Return what one unit costs now: the bid that the units left would just serve."""
    if len(bids) < FEWEST_BIDS:
        return 0.0
    wanted = sum(bid.use for bid in bids)
    span = max(1.0, *(bid.hours_ago for bid in bids))
    expected = wanted / span * hours_left
    if expected <= left:
        return 0.0
    ranked = sorted(bids, key=lambda bid: bid.margin, reverse=True)
    served = max(0.0, left) / expected * wanted
    for bid in ranked:
        served -= bid.use
        if served <= 0:
            return bid.margin
    return ranked[-1].margin


def bids_of(
    alive: Sequence[Candidate],
    prices: Mapping[str, float],
    constraints: Sequence[Constraint],
    bundle: Bundle,
) -> dict[str, tuple[float, float]]:
    """Return what a unit of each constraint is worth to a group, and how many it would use.

    Worth is over the best alternative that needs none of it, before prices.
    """
    found = {}
    for one in constraints:
        uses = [use_of(one, bundle.actions[c.action], bundle) for c in alive]
        own = [
            ((c.priority or 0.0) + prices.get(one.name, 0.0) * use, use)
            for c, use in zip(alive, uses, strict=True)
            if use
        ]
        if not own:
            continue
        best, use = max(own)
        free = [c.priority or 0.0 for c, u in zip(alive, uses, strict=True) if not u]
        other = max(free, default=0.0)
        if best > other:
            found[one.name] = (round((best - other) / use, 6), round(use, 6))
    return found


@dataclass(frozen=True)
class Choice:
    """One thing a group could do: what it is worth, and what it uses of each constraint."""

    worth: float
    uses: Mapping[str, float]


def allocate(
    groups: Sequence[Sequence[Choice]], limits: Mapping[str, float], rounds: int = 60
) -> list[int]:
    """Return each group's choice so that all together keep the limits and are worth most.

    Prices are found by subgradient steps on the Lagrangian; what then still passes a limit is
    taken back where it costs least, and what is left is given where it brings most. Every group
    needs a choice that uses nothing.
    """
    prices = dict.fromkeys(limits, 0.0)
    scale = max((c.worth for group in groups for c in group), default=1.0)
    best, value = [_idle(group) for group in groups], -1.0
    for number in range(rounds):
        chosen = [_best(group, prices) for group in groups]
        used = _used(groups, chosen, limits)
        kept = _filled(groups, _repaired(groups, chosen, limits), limits)
        worth = sum(group[i].worth for group, i in zip(groups, kept, strict=True))
        if worth > value:
            best, value = kept, worth
        step = scale / (number + 2) ** 0.8
        for name, limit in limits.items():
            prices[name] = max(0.0, prices[name] + step * (used[name] - limit) / max(limit, 1e-9))
    return best


def _best(group: Sequence[Choice], prices: Mapping[str, float]) -> int:
    def net(choice: Choice) -> float:
        return choice.worth - sum(prices[n] * u for n, u in choice.uses.items() if n in prices)

    return max(range(len(group)), key=lambda i: net(group[i]))


def _idle(group: Sequence[Choice]) -> int:
    return max(
        (i for i, c in enumerate(group) if not any(c.uses.values())), key=lambda i: group[i].worth
    )


def _used(
    groups: Sequence[Sequence[Choice]], chosen: Sequence[int], limits: Mapping[str, float]
) -> dict[str, float]:
    return {
        name: sum(group[i].uses.get(name, 0.0) for group, i in zip(groups, chosen, strict=True))
        for name in limits
    }


def _repaired(
    groups: Sequence[Sequence[Choice]], chosen: Sequence[int], limits: Mapping[str, float]
) -> list[int]:
    """Take back what passes a limit, where that costs least for what it frees."""
    kept, used = list(chosen), _used(groups, chosen, limits)
    for name, limit in limits.items():
        holders = [g for g, i in enumerate(kept) if groups[g][i].uses.get(name)]
        holders.sort(key=lambda g: _loss(groups[g], kept[g]) / groups[g][kept[g]].uses[name])
        for g in holders:
            if used[name] <= limit + 1e-9:
                break
            for other, amount in groups[g][kept[g]].uses.items():
                used[other] = used.get(other, 0.0) - amount
            kept[g] = _idle(groups[g])
    return kept


def _loss(group: Sequence[Choice], choice: int) -> float:
    return group[choice].worth - group[_idle(group)].worth


def _filled(
    groups: Sequence[Sequence[Choice]], chosen: Sequence[int], limits: Mapping[str, float]
) -> list[int]:
    """Give what is left to whom it brings most."""
    kept, used = list(chosen), _used(groups, chosen, limits)
    moves = sorted(
        (
            (choice.worth - group[kept[g]].worth, g, i)
            for g, group in enumerate(groups)
            for i, choice in enumerate(group)
            if choice.worth > group[kept[g]].worth
        ),
        reverse=True,
    )
    for _, g, i in moves:
        old, new = groups[g][kept[g]], groups[g][i]
        after = {n: used[n] - old.uses.get(n, 0.0) + new.uses.get(n, 0.0) for n in limits}
        if new.worth > old.worth and all(after[n] <= limits[n] + 1e-9 for n in limits):
            kept[g], used = i, after
    return kept
