"""The odds of many groups' candidates: `arbitrate.odds`, side by side. Pure."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from functions.decisioning.arbitrate import Exploring
from functions.decisioning.decide import FIRST
from functions.simulation.columns.engine import Codes, Flags, Numbers
from functions.simulation.columns.gates import ChoiceColumns
from mos.policy.bundle.bundle import Bundle

REST = 2
"""Doing nothing and waiting, after everything that touches somebody."""
NO = -np.inf
_ODDS = 1e12


@dataclass(frozen=True)
class Rules:
    """What the bundle says of drawing."""

    choices: tuple[ChoiceColumns, ...]
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


def compute_odds(
    alive: Flags, priority: Numbers, doubt: Numbers, size: int, rules: Rules
) -> Numbers:
    """Return each candidate's probability, as `arbitrate.odds` works it out."""
    count, wide = alive.shape
    how = Exploring.of(rules.bundle)
    shown = np.where(alive, priority, NO)
    hoped = np.where(alive, priority + how.curiosity * doubt, NO)
    inside, hopes = (_inside(values, size, rules) for values in (shown, hoped))
    tops, chances = _heads(inside, rules), _heads(hopes, rules)
    rest = shown[:, -REST:]
    outer = _inverse_gap(
        np.concatenate([tops.reshape(count, -1), rest], 1),
        np.concatenate([chances.reshape(count, -1), rest], 1),
        how.gamma,
    )
    inner = _within(inside, hopes, tops, how.gamma, rules)
    heads = outer[:, :-REST].reshape(tops.shape)[:, :, rules.action_of]
    drawn = np.concatenate([(heads * inner).reshape(count, wide - REST), outer[:, -REST:]], 1)
    return _bounded(drawn, shown, how.most)


def _inside(values: Numbers, size: int, rules: Rules) -> Numbers:
    return values[:, :-REST].reshape(len(values), size, len(rules.choices))


def _heads(inside: Numbers, rules: Rules) -> Numbers:
    """Return the best of each action's treatments."""
    if not inside.size:
        return np.zeros((len(inside), inside.shape[1], len(rules.starts)))
    return np.asarray(np.maximum.reduceat(inside, rules.starts, axis=2))


def _inverse_gap(values: Numbers, hoped: Numbers, gamma: float) -> Numbers:
    alive = ~np.isinf(values)
    best = values.argmax(1)
    one = np.arange(len(values))
    top = values[one, best][:, None]
    scale = np.maximum(np.abs(top), 1e-9)
    gap = np.where(alive, np.maximum(0.0, top - np.where(alive, hoped, 0.0)), 0.0)
    drawn = np.where(alive, 1 / (alive.sum(1)[:, None] + gamma * gap / scale), 0.0)
    drawn[one, best] = 0.0
    drawn[one, best] = 1 - _summed(drawn)
    return drawn


def _within(inside: Numbers, hoped: Numbers, heads: Numbers, gamma: float, rules: Rules) -> Numbers:
    """Return the odds of each treatment within its action."""
    alive = ~np.isinf(inside)
    if not inside.size:
        return np.zeros(inside.shape)
    many = np.add.reduceat(alive.astype(np.float64), rules.starts, axis=2)[:, :, rules.action_of]
    top = np.where(np.isinf(heads), 0.0, heads)[:, :, rules.action_of]
    scale = np.maximum(np.abs(top), 1e-9)
    gap = np.where(alive, np.maximum(0.0, top - np.where(alive, hoped, 0.0)), 0.0)
    drawn = np.where(alive, 1 / (np.maximum(1.0, many) + gamma * gap / scale), 0.0)
    best = _firsts(inside, heads, alive, rules)
    drawn = np.where(best, 0.0, drawn)
    others = np.add.reduceat(drawn, rules.starts, axis=2)[:, :, rules.action_of]
    return np.asarray(np.where(best, 1 - others, drawn))


def _firsts(inside: Numbers, heads: Numbers, alive: Flags, rules: Rules) -> Flags:
    """Return the first of each action's best treatments."""
    best, taken = np.zeros(inside.shape, bool), np.zeros(heads.shape, bool)
    for place, action in enumerate(rules.action_of):
        is_best = alive[:, :, place] & (inside[:, :, place] == heads[:, :, action])
        best[:, :, place] = is_best & ~taken[:, :, action]
        taken[:, :, action] |= is_best
    return best


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


def _summed(values: Numbers) -> Numbers:
    """Return each row's sum, added up from left to right as Python does."""
    return np.asarray(np.cumsum(values, 1)[:, -1])
