"""Learn what agreement is worth from unlabelled rows: expectation–maximisation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mos.matching.agree import Column, Floats, Ints
from mos.matching.compare import SWAPS, levels_of
from mos.matching.estimate import Estimate, begin, shares
from mos.matching.evidence import Evidence, join, take
from mos.matching.field import Field
from mos.matching.model import MatchModel, Relation
from mos.matching.relation import RELATIONS, relations_among
from mos.matching.weigh import bits, related

ROUNDS = 60
SETTLED = 1e-5
BURN_IN = 8
"""Rounds that count matches before they may change what a match looks like."""
WORTH_IT = 0.05
"""Pairs, as a share of matches, that a relation must explain before it counts."""
_HOPELESS = 1e-6
_ENOUGH = 50_000
_FEWEST = 0.01


@dataclass
class _Pairs:
    """The pairs that are still open, and what they show."""

    levels: dict[Field, Ints]
    logs: dict[Field, Floats]

    weight: Floats


@dataclass
class _State:
    """The running estimate: how many pairs match, how many share something else, and m."""

    total: float
    matches: float
    related: dict[str, float]
    fields: dict[Field, Estimate] = field(default_factory=dict)
    ahead: dict[str, dict[Field, Floats]] = field(default_factory=dict)

    @property
    def others(self) -> float:
        return self.total - self.matches - sum(self.related.values())

    def relation(self, name: str) -> Relation:
        ahead = {
            f: dict(zip(levels_of(f), x.tolist(), strict=True)) for f, x in self.ahead[name].items()
        }
        return Relation(odds=self.related[name] / self.others, ahead=ahead)


def train(seen: Evidence, random: Evidence, total: float, rows: int) -> MatchModel:
    """Return the model that explains the candidate pairs best.

    `seen` are the candidates, nearly all matches among them; `random` are pairs drawn from all
    `total` ones and say how often others agree. Those that are no candidates stand for all pairs
    that are not, so that what is learnt holds for all pairs and not for what blocking shows.
    """
    unseen = ~np.isin(random.left * rows + random.right, seen.left * rows + seen.right)
    stands_for = (total - len(seen.left)) / max(int(unseen.sum()), 1)
    seen_size = len(seen.left)
    seen = join(seen, random, unseen)
    counts = np.ones(len(seen.left))
    counts[seen_size:] = stands_for
    started = min(rows / 4, total / 4)
    names = relations_among(seen.table)
    state = _State(total, started, dict.fromkeys(names, min(started, total / 16)))
    weight = np.ones(rows)
    share = _begin(state, seen.table, random, weight)
    state.ahead = {n: _ahead(state, n, {}, np.empty(0)) for n in names}
    found, others = _burn_in(state, _pairs(seen, share, counts))
    at, times = _kept(found, others)
    own, seen, counts = np.arange(len(found))[at] < seen_size, take(seen, at), counts[at] * times
    chance = _settle(state, _pairs(seen, share, counts))
    weight = _per_entity(chance * own, seen, rows)
    share = _begin(state, seen.table, random, weight)
    _settle(state, _pairs(seen, share, counts))
    return _model(state, seen.table, share, weight)


def _begin(
    state: _State, table: dict[Field, Column], random: Evidence, weight: Floats
) -> dict[Field, Floats]:
    """Set out from values that count as often as these weights say; return their shares."""
    share = {f: shares(c, weight) for f, c in table.items()}
    state.fields = {f: begin(f, random, share, state.fields.get(f)) for f in table}
    return share


def _pairs(seen: Evidence, share: Mapping[Field, Floats], weight: Floats) -> _Pairs:
    logs = {f: np.log2(seen.shares(f, share)) for f in seen.table}
    return _Pairs(seen.levels, logs, weight)


def _burn_in(state: _State, pairs: _Pairs) -> tuple[Floats, Floats]:
    """Count matches and relations while a match looks as usual, from equal chances for all.

    What a match looks like is learnt later: else the commonest reason to agree, two people of
    one town say, would be taken for it. Returns the chance of a match and of any relation.
    """
    match, odds = _odds(state, pairs)
    others = state.others
    start = (state.matches / others, {n: x / others for n, x in state.related.items()})
    found, related_ = np.zeros(0), dict[str, Floats]()
    for _ in range(BURN_IN):
        here = match * (state.matches / state.others / start[0])
        there = {n: x * (state.related[n] / state.others / start[1][n]) for n, x in odds.items()}
        share = pairs.weight / (1 + here + sum(there.values(), np.zeros(len(here))))
        found, related_ = here * share, {n: x * share for n, x in there.items()}
        _count(state, pairs, found, {n: float(x.sum()) for n, x in related_.items()})
    return found, sum(related_.values(), np.zeros(len(found)))


def _kept(found: Floats, related_: Floats) -> tuple[Ints, Floats]:
    """Return the pairs to go on with, and how many each stands for.

    All that may match; of those that are merely related, enough.
    """
    open_ = np.nonzero(found > _HOPELESS)[0]
    mere = np.nonzero((found <= _HOPELESS) & (related_ > _HOPELESS))[0]
    every = len(mere) // _ENOUGH + 1
    some = mere[::every]
    times = np.concatenate([np.ones(len(open_)), np.full(len(some), float(every))])
    return np.concatenate([open_, some]), times


def _settle(state: _State, pairs: _Pairs) -> Floats:
    found = np.zeros(0)
    for _ in range(ROUNDS):
        match, odds = _odds(state, pairs)
        share = pairs.weight / (1 + match + sum(odds.values(), np.zeros(len(match))))
        found, others = match * share, {n: x * share for n, x in odds.items()}
        before = state.matches
        for f, estimate in state.fields.items():
            estimate.learn(pairs.levels[f], found)
        state.ahead = {n: _ahead(state, n, pairs.levels, x) for n, x in others.items()}
        _count(state, pairs, found, {n: float(x.sum()) for n, x in others.items()})
        if abs(state.matches - before) < SETTLED * before:
            break
    return found


def _count(state: _State, pairs: _Pairs, found: Floats, related_: Mapping[str, float]) -> None:
    state.matches = min(max(float(found.sum()), 0.5), state.total / 2)
    for name, pairs_found in related_.items():
        mass = pairs_found - WORTH_IT * state.matches
        state.related[name] = min(max(mass, _FEWEST), state.total / 16)
    if "household" in related_:
        _spare_replaced_names(state, pairs.levels[Field.GIVEN_NAME], found)


def _odds(state: _State, pairs: _Pairs) -> tuple[Floats, dict[str, Floats]]:
    """Return each pair's odds against strangers: of a match, and of each relation."""
    prior = state.matches / state.total
    own = {
        f: bits(estimate.comparison(prior), pairs.levels[f], pairs.logs[f])
        for f, estimate in state.fields.items()
    }
    match = np.exp2(np.minimum(sum(own.values(), np.zeros(len(pairs.weight))), 900.0))
    odds = {n: related(n, state.relation(n), own, pairs.levels) for n in state.related}
    return match * (state.matches / state.others), odds


def _ahead(
    state: _State, name: str, levels: Mapping[Field, Ints], chance: Floats
) -> dict[Field, Floats]:
    none = np.empty(0, dtype=np.int64)
    return {
        f: estimate.ahead(levels.get(f, none), chance, by_chance=f in SWAPS[0])
        for f, estimate in state.fields.items()
        if f not in RELATIONS[name]
    }


def _spare_replaced_names(state: _State, given_levels: Ints, chance: Floats) -> None:
    """Give families only what replaced given names do not explain.

    One surname, one address and two given names are two people, or one whose name was replaced.
    Where matches replace other fields too, given names may be replaced half as often again.
    """
    given = state.fields[Field.GIVEN_NAME]
    shared = RELATIONS["household"]
    worst = max(float(e.m[-1]) for f, e in state.fields.items() if f in shared)
    most = min(max(1.5 * worst, 0.05), 0.25)
    differ = float(chance[given_levels == len(given.levels) - 1].sum()) / state.matches
    if differ < most:
        left = state.related["household"] - (most - differ) * state.matches
        state.related["household"] = max(left, _FEWEST)
    given.limit(most)


def _per_entity(chance: Floats, seen: Evidence, rows: int) -> Floats:
    """Return one over the expected number of rows of each row's entity."""
    others = np.bincount(seen.left, weights=chance, minlength=rows)
    others += np.bincount(seen.right, weights=chance, minlength=rows)
    return 1 / (1 + others)


def _model(
    state: _State, table: dict[Field, Column], share: Mapping[Field, Floats], weight: Floats
) -> MatchModel:
    prior = state.matches / state.total
    comparisons = {}
    for f, estimate in state.fields.items():
        rare = min(1.0, 1.0 / max(float(weight[table[f].codes >= 0].sum()), 1.0))
        parts = zip(table[f].values, share[f].tolist(), strict=True)
        frequency = {value: part for value, part in parts if part > rare}
        learnt = estimate.comparison(prior, rare)
        comparisons[f] = learnt.model_copy(update={"frequency": frequency})
    relations = {n: state.relation(n) for n, pairs in state.related.items() if pairs > _FEWEST}
    return MatchModel(prior=prior, comparisons=comparisons, relations=relations, trained=True)
