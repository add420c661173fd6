"""Attribution by what is missing without a channel: Markov's removal effect, and Shapley. Pure.

Both look at all groups that were touched, won or not. Neither compares with groups that were left
alone: they say who stood on the way, not what would not have come otherwise.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import factorial

import numpy as np

_EXACT = 10
"""Up to so many channels every coalition is asked; above, orders of arrival are drawn."""
_ORDERS = 2_000
_START, _WON, _LOST = "(start)", "(won)", "(lost)"


@dataclass(frozen=True)
class Journey:
    """The channels that touched a group, in their order, and how much came of it in the end."""

    channels: tuple[str, ...]
    won: float = 0.0


def remove_channels(journeys: Sequence[Journey]) -> dict[str, float]:
    """Return what came of it, split by how much less would have come without each channel.

    A chain of first order over the channels (Anderl, Becker, von Wangenheim and Schumann 2016). The
    shares sum to all that was won by groups that were touched.
    """
    touched = [j for j in journeys if j.channels]
    names = sorted({name for j in touched for name in j.channels})
    total = sum(j.won for j in touched)
    if not names or total == 0:
        return dict.fromkeys(names, 0.0)
    steps = _count_steps(touched)
    whole = _chance_of_winning(names, steps, None)
    effects = [1 - _chance_of_winning(names, steps, name) / whole for name in names]
    scale = total / sum(effects)
    return {name: effect * scale for name, effect in zip(names, effects, strict=True)}


def _count_steps(journeys: Sequence[Journey]) -> Mapping[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for journey in journeys:
        end = _WON if journey.won > 0 else _LOST
        for step in pairwise((_START, *journey.channels, end)):
            found[step] = found.get(step, 0.0) + 1
    return found


def _chance_of_winning(
    names: Sequence[str], steps: Mapping[tuple[str, str], float], without: str | None
) -> float:
    """Return the chance with which the chain ends won; whoever comes to `without` is lost."""
    states = [_START, *names]
    place = {name: number for number, name in enumerate(states)}
    moves, wins = np.zeros((len(states), len(states))), np.zeros(len(states))
    leaves: dict[str, float] = {}
    for (source, _), count in steps.items():
        leaves[source] = leaves.get(source, 0.0) + count
    for (source, target), count in steps.items():
        if without in (source, target):
            continue
        if target == _WON:
            wins[place[source]] += count / leaves[source]
        elif target != _LOST:
            moves[place[source], place[target]] += count / leaves[source]
    return float(np.linalg.solve(np.eye(len(states)) - moves, wins)[0])


def share_out(journeys: Sequence[Journey], seed: int = 0) -> dict[str, float]:
    """Return what came of it by Shapley's value (1953) of each channel.

    A coalition is worth what all groups would have brought at the rate of those that its channels
    alone touched. A channel beside which less came of it has less than nothing. Above ten channels
    orders of arrival are drawn, with a seed (Castro, Gomez and Tejada 2009); the sum stays exact.
    """
    touched = [j for j in journeys if j.channels]
    names = sorted({name for j in touched for name in j.channels})
    bit = {name: 1 << number for number, name in enumerate(names)}
    won, count = dict[int, float](), dict[int, int]()
    for journey in touched:
        mask = sum(bit[name] for name in set(journey.channels))
        won[mask] = won.get(mask, 0.0) + journey.won
        count[mask] = count.get(mask, 0) + 1

    def worth(coalition: int) -> float:
        inside = [mask for mask in count if mask & ~coalition == 0]
        groups = sum(count[mask] for mask in inside)
        return sum(won[mask] for mask in inside) / groups * len(touched) if groups else 0.0

    values = find_shapley(worth, len(names), seed)
    return dict(zip(names, values, strict=True))


def find_shapley(worth: Callable[[int], float], players: int, seed: int = 0) -> list[float]:
    """Return each player's value in a game: coalitions are sets of bits."""
    known: dict[int, float] = {}

    def ask(coalition: int) -> float:
        if coalition not in known:
            known[coalition] = worth(coalition)
        return known[coalition]

    return _all(ask, players) if players <= _EXACT else _drawn(ask, players, seed)


def _all(worth: Callable[[int], float], players: int) -> list[float]:
    weights = [
        factorial(size) * factorial(players - size - 1) / factorial(players)
        for size in range(players)
    ]
    values = [0.0] * players
    for coalition in range(1 << players):
        size, before = coalition.bit_count(), worth(coalition)
        for player in range(players):
            if not coalition >> player & 1:
                values[player] += weights[size] * (worth(coalition | 1 << player) - before)
    return values


def _drawn(worth: Callable[[int], float], players: int, seed: int) -> list[float]:
    rng, values = np.random.default_rng(seed), [0.0] * players
    for _ in range(_ORDERS):
        coalition, before = 0, worth(0)
        for player in rng.permutation(players):
            coalition |= 1 << int(player)
            after = worth(coalition)
            values[int(player)] += (after - before) / _ORDERS
            before = after
    return values
