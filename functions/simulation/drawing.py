"""Draw what many groups would do: `arbitrate.odds` and `draw`, group by group size. Pure."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from functions.decisioning.decide import FIRST
from functions.simulation.archive import Part
from functions.simulation.columns import Codes, Flags, Numbers
from functions.simulation.passing import Choice, Passed
from functions.simulation.worth import Worth, rounded
from mos.policy.bundle import Bundle

_REST = 2
"""Doing nothing and waiting, after everything that touches somebody."""
_NO = -np.inf
_ODDS = 1e12


@dataclass(frozen=True)
class Drawn:
    """Per decision: what is drawn and how likely it was.

    `place` is the person's place in the group times the choices, plus the choice; doing nothing and
    waiting come last. `logged` is the probability of what was recorded; `success` and `dollars`
    are what a model expects of all candidates, each by its probability.
    """

    place: Codes
    probability: Numbers
    priority: Numbers
    logged: Numbers
    success: Numbers
    dollars: Numbers
    able: Flags


@dataclass(frozen=True)
class Rules:
    """What the bundle says of drawing."""

    choices: tuple[Choice, ...]
    bundle: Bundle

    @cached_property
    def starts(self) -> Codes:
        """Return where each action's treatments begin."""
        sizes = [len(list(held)) for _, held in groupby(self.choices, lambda c: c.action.name)]
        return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)

    @cached_property
    def action_of(self) -> Codes:
        """Return the number of each choice's action."""
        marks = np.zeros(len(self.choices), np.int64)
        marks[self.starts[1:]] = 1
        return np.cumsum(marks)

    @cached_property
    def classes(self) -> NDArray[np.int8]:
        """Return which class goes first, per choice: 0, 1, and 2 for all others."""
        order = {klass: place for place, klass in enumerate(FIRST)}
        return np.array([order.get(c.action.klass, len(FIRST)) for c in self.choices], np.int8)


def drawn(
    part: Part, gates: Passed, worth: Worth, logged: Codes, still: Flags, bundle: Bundle
) -> Drawn:
    """Return what each group would do. `logged` is the place of what it did, -1 where unknown.

    `still` are groups in which nothing may be done whatever it is worth.
    """
    rules = Rules(gates.choices, bundle)
    sizes = np.bincount(part.of, minlength=part.count)
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    fields = {name: np.zeros(part.count) for name in ("probability", "priority", "logged")}
    fields |= {"success": np.zeros(part.count), "dollars": np.zeros(part.count)}
    place, able = np.zeros(part.count, np.int64), np.zeros(part.count, bool)
    for size in np.unique(sizes):
        held = np.flatnonzero(sizes == size)
        rows = first[held][:, None] + np.arange(size)[None, :]
        some = _some(rows, gates, worth, rules)
        odds = _odds(some, rules)
        odds[still[held]] = 0.0
        odds[still[held], -_REST] = 1.0
        at = _draw(odds, part.draws[held])
        one = np.arange(len(held))
        place[held] = at
        fields["probability"][held] = odds[one, at]
        fields["priority"][held] = some.priority[one, at]
        known = logged[held] >= 0
        fields["logged"][held] = np.where(known, odds[one, np.maximum(0, logged[held])], 0.0)
        fields["success"][held] = (odds * some.chance).sum(1)
        fields["dollars"][held] = (odds * some.dollars).sum(1)
        able[held] = some.alive[:, :-_REST].any(1)
    return Drawn(place=place, able=able, **fields)


@dataclass(frozen=True)
class _Some:
    """Groups of one size: candidates side by side, the two that touch nobody last."""

    alive: Flags
    priority: Numbers
    chance: Numbers
    dollars: Numbers
    size: int


def _some(rows: Codes, gates: Passed, worth: Worth, rules: Rules) -> _Some:
    count, size = rows.shape
    wide = size * len(rules.choices)
    flat = rows.reshape(-1)
    alive = gates.alive[flat].reshape(count, wide)
    priority = worth.priority[flat].reshape(count, wide)
    hours = gates.hours[flat].reshape(count, wide)
    wait = _waiting(priority, hours, rules.bundle)
    chance = worth.chance[flat]
    dollars = (chance * worth.values - worth.costs).reshape(count, wide)
    alive, rest = _first_class(alive, ~np.isnan(wait), size, rules)
    nothing = np.zeros((count, 1))
    return _Some(
        alive=np.concatenate([alive, rest], 1),
        priority=np.concatenate([priority, nothing, np.nan_to_num(wait)[:, None]], 1),
        chance=np.concatenate([chance.reshape(count, wide), nothing, nothing], 1),
        dollars=np.concatenate([dollars, nothing, nothing], 1),
        size=size,
    )


def _waiting(priority: Numbers, hours: Numbers, bundle: Bundle) -> Numbers:
    """Return what waiting is worth to each group, NaN where nothing is worth waiting for."""
    count, wide = priority.shape
    if not wide:
        return np.full(count, np.nan)
    kept = np.full(priority.shape, bundle.number("wait_discount"))
    if "wait_half_life_hours" in bundle.parameters:
        kept = kept * 0.5 ** (np.nan_to_num(hours) / bundle.number("wait_half_life_hours"))
    value = np.where(np.isnan(hours) | (priority <= 0), _NO, priority * kept)
    best = value.max(1)
    found = np.full(count, np.nan)
    known = ~np.isinf(best)
    found[known] = rounded(best[known])
    return found


def _first_class(alive: Flags, waits: Flags, size: int, rules: Rules) -> tuple[Flags, Flags]:
    """Leave alone what goes first, where there is any of it."""
    rest = np.stack([np.ones(len(waits), bool), waits], 1)
    classes = np.tile(rules.classes, size)
    for number in range(len(FIRST)):
        here = alive & (classes == number)
        some = here.any(1)
        alive = np.where(some[:, None], here, alive)
        rest = rest & ~some[:, None]
    return alive, rest


def _odds(some: _Some, rules: Rules) -> Numbers:
    """Return each candidate's probability, as `arbitrate.odds` works it out."""
    count, wide = some.alive.shape
    size, choices = some.size, len(rules.choices)
    gamma = rules.bundle.number("exploration_gamma")
    shown = np.where(some.alive, some.priority, _NO)
    inside = shown[:, :-_REST].reshape(count, size, choices)
    if size:
        heads = np.maximum.reduceat(inside, rules.starts, axis=2)
    else:
        heads = np.zeros((count, 0, len(rules.starts)))
    tops = np.concatenate([heads.reshape(count, -1), shown[:, -_REST:]], 1)
    outer = _inverse_gap(tops, gamma)
    inner = _within(inside, heads, gamma, rules)
    by_action = outer[:, :-_REST].reshape(count, size, len(rules.starts))[:, :, rules.action_of]
    drawn = np.concatenate([(by_action * inner).reshape(count, wide - _REST), outer[:, -_REST:]], 1)
    name = "exploration_share_most"
    most = rules.bundle.number(name) if name in rules.bundle.parameters else 1.0
    return _bounded(drawn, shown, most)


def _inverse_gap(values: Numbers, gamma: float) -> Numbers:
    alive = ~np.isinf(values)
    best = values.argmax(1)
    one = np.arange(len(values))
    top = values[one, best][:, None]
    scale = np.maximum(np.abs(top), 1e-9)
    gap = np.where(alive, top - np.where(alive, values, 0.0), 0.0)
    drawn = np.where(alive, 1 / (alive.sum(1)[:, None] + gamma * gap / scale), 0.0)
    drawn[one, best] = 0.0
    drawn[one, best] = 1 - _summed(drawn)
    return drawn


def _within(inside: Numbers, heads: Numbers, gamma: float, rules: Rules) -> Numbers:
    """Return the odds of each treatment within its action."""
    alive = ~np.isinf(inside)
    if not inside.size:
        return np.zeros(inside.shape)
    many = np.add.reduceat(alive.astype(np.float64), rules.starts, axis=2)[:, :, rules.action_of]
    top = np.where(np.isinf(heads), 0.0, heads)[:, :, rules.action_of]
    scale = np.maximum(np.abs(top), 1e-9)
    gap = np.where(alive, top - np.where(alive, inside, 0.0), 0.0)
    drawn = np.where(alive, 1 / (np.maximum(1.0, many) + gamma * gap / scale), 0.0)
    best = np.zeros(inside.shape, bool)
    taken = np.zeros(heads.shape, bool)
    for place, action in enumerate(rules.action_of):
        is_best = alive[:, :, place] & (inside[:, :, place] == heads[:, :, action])
        best[:, :, place] = is_best & ~taken[:, :, action]
        taken[:, :, action] |= is_best
    drawn = np.where(best, 0.0, drawn)
    others = np.add.reduceat(drawn, rules.starts, axis=2)[:, :, rules.action_of]
    return np.asarray(np.where(best, 1 - others, drawn))


def _bounded(drawn: Numbers, shown: Numbers, most: float) -> Numbers:
    one, best = np.arange(len(drawn)), shown.argmax(1)
    others = _summed(drawn) - drawn[one, best]
    over = others > most
    if over.any():
        drawn[over] = drawn[over] * most / others[over][:, None]
    drawn[one, best] = 0.0
    drawn = np.rint(drawn * _ODDS) / _ODDS
    drawn[one, best] = np.rint((1 - _summed(drawn)) * _ODDS) / _ODDS
    return drawn


def _draw(odds: Numbers, points: Numbers) -> Codes:
    """Return which candidate each point falls on; past the end, the last that had a chance."""
    reached = points[:, None] < np.cumsum(odds, 1)
    last = odds.shape[1] - 1 - (odds[:, ::-1] > 0).argmax(1)
    return np.asarray(np.where(reached.any(1), reached.argmax(1), last))


def _summed(values: Numbers) -> Numbers:
    """Return each row's sum, added up from left to right as Python does."""
    return np.asarray(np.cumsum(values, 1)[:, -1])
