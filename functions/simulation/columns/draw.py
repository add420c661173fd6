"""Draw what many groups would do: `arbitrate.odds` and `draw`, group by group size. Pure."""

from dataclasses import dataclass

import numpy as np

from functions.decisioning.decide import FIRST
from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Codes, Flags, Numbers
from functions.simulation.columns.gates import Passed
from functions.simulation.columns.odds import NO, REST, Rules, compute_odds
from functions.simulation.columns.weigh import Worth, rounded
from mos.model.action import ActionClass
from mos.policy.bundle.bundle import Bundle

_ASKED_FOR = FIRST.index(ActionClass.TRANSACTIONAL)


@dataclass(frozen=True)
class DrawnMany:
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


def draw_many(
    part: Part, gates: Passed, worth: Worth, logged: Codes, control: Flags, bundle: Bundle
) -> DrawnMany:
    """Return what each group would do. `logged` is the place of what it did, -1 where unknown.

    `control` are groups that are left alone, but for what they asked for.
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
        odds = compute_odds(some.alive, some.priority, some.doubt, some.size, rules)
        still = part.corrected[held] | control[held] & ~some.asked_for
        odds[still] = 0.0
        odds[still, -REST] = 1.0
        at = _draw(odds, part.draws[held])
        one = np.arange(len(held))
        place[held] = at
        fields["probability"][held] = odds[one, at]
        fields["priority"][held] = some.priority[one, at]
        known = logged[held] >= 0
        fields["logged"][held] = np.where(known, odds[one, np.maximum(0, logged[held])], 0.0)
        fields["success"][held] = (odds * some.chance).sum(1)
        fields["dollars"][held] = (odds * some.dollars).sum(1)
        able[held] = some.alive[:, :-REST].any(1)
    return DrawnMany(place=place, able=able, **fields)


@dataclass(frozen=True)
class _Some:
    """Groups of one size: candidates side by side, the two that touch nobody last."""

    alive: Flags
    priority: Numbers
    doubt: Numbers
    chance: Numbers
    dollars: Numbers
    asked_for: Flags
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
    dollars = (chance * worth.values[flat] - worth.costs).reshape(count, wide)
    alive, rest = _first_class(alive, ~np.isnan(wait), size, rules)
    nothing = np.zeros((count, 1))
    return _Some(
        alive=np.concatenate([alive, rest], 1),
        priority=np.concatenate([priority, nothing, np.nan_to_num(wait)[:, None]], 1),
        doubt=np.concatenate([worth.doubt[flat].reshape(count, wide), nothing, nothing], 1),
        chance=np.concatenate([chance.reshape(count, wide), nothing, nothing], 1),
        dollars=np.concatenate([dollars, nothing, nothing], 1),
        asked_for=(alive & (np.tile(rules.classes, size) == _ASKED_FOR)).any(1),
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
    value = np.where(np.isnan(hours) | (priority <= 0), NO, priority * kept)
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


def _draw(odds: Numbers, points: Numbers) -> Codes:
    """Return which candidate each point falls on; past the end, the last that had a chance."""
    reached = points[:, None] < np.cumsum(odds, 1)
    last = odds.shape[1] - 1 - (odds[:, ::-1] > 0).argmax(1)
    return np.asarray(np.where(reached.any(1), reached.argmax(1), last))
