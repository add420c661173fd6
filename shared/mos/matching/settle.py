"""Decide between pairs that speak about the same rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mos.matching.agree import Floats, Ints
from mos.matching.assign import assign
from mos.matching.cluster import LARGEST, cluster, components
from mos.matching.evidence import join, look, take
from mos.matching.model import MatchModel
from mos.matching.weigh import Weighed, weigh

_WHOLE = 1_000
"""Rows of a group up to which all its pairs are compared."""


@dataclass(frozen=True)
class Settled:
    """The pairs worth telling, what their groups add to each, and which of them are matches."""

    weighed: Weighed
    together: Floats
    matched: NDArray[np.bool_]

    @property
    def total(self) -> Floats:
        return self.weighed.total + self.together


def as_weighed(weighed: Weighed, least: float, review: float) -> Settled:
    """Return each pair by its own evidence."""
    kept = _kept(weighed, min(least, review))
    return Settled(kept, np.zeros(len(kept.seen.left)), kept.total >= least)


def one_to_one(weighed: Weighed, least: float, review: float) -> Settled:
    """Return at most one match for each row, and for review only rows that have none."""
    kept = _kept(weighed, min(least, review))
    total, left, right = kept.total, kept.seen.left, kept.seen.right
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    worth = {pair: b - least for pair, b in zip(pairs, total.tolist(), strict=True) if b > least}
    chosen = assign(worth)
    matched = np.fromiter((pair in chosen for pair in pairs), bool, len(pairs))
    taken_left, taken_right = left[matched], right[matched]
    free = ~np.isin(left, taken_left) & ~np.isin(right, taken_right)
    at = np.nonzero(matched | free & (total < least))[0]
    return Settled(_only(kept, at), np.zeros(len(at)), matched[at])


def in_clusters(model: MatchModel, weighed: Weighed, least: float, review: float) -> Settled:
    """Return pairs that agree with each other: one with one's match is one with it too.

    Pairs of a group that blocking had left out are compared now.
    """
    kept = _kept(weighed, min(least, review))
    size = len(next(iter(kept.seen.table.values())).codes)
    total = kept.total
    strong = np.nonzero(total >= least)[0]
    linked = zip(kept.seen.left[strong].tolist(), kept.seen.right[strong].tolist(), strict=True)
    groups = [g for g in components(linked) if len(g) in range(3, _WHOLE + 1)]
    every = np.concatenate([_pairs_of(g) for g in groups] or [np.empty((0, 2), dtype=np.int64)])
    if len(every):
        fresh = ~np.isin(every[:, 0] * size + every[:, 1], kept.seen.left * size + kept.seen.right)
        late = look(kept.seen.table, every[fresh, 0], every[fresh, 1])
        seen = join(kept.seen, late, np.ones(len(late.left), dtype=bool))
        kept = weigh(model, seen)
        total = kept.total
    pairs = list(zip(kept.seen.left.tolist(), kept.seen.right.tolist(), strict=True))
    bits = dict(zip(pairs, total.tolist(), strict=True))
    settled: dict[tuple[int, int], float] = {}
    for group in (g for g in groups if len(g) <= LARGEST):
        settled |= cluster(group, bits, least)
    together = np.array([settled.get(pair, bits[pair]) for pair in pairs]) - total
    after = Settled(kept, together, total + together >= least)
    at = np.nonzero(after.total >= min(least, review))[0]
    return Settled(_only(kept, at), together[at], after.matched[at])


def _pairs_of(group: list[int]) -> Ints:
    low, high = np.triu_indices(len(group), 1)
    rows = np.array(group, dtype=np.int64)
    return np.stack([rows[low], rows[high]], axis=1)


def _kept(weighed: Weighed, least: float) -> Weighed:
    return _only(weighed, np.nonzero(weighed.total >= least)[0])


def _only(weighed: Weighed, at: Ints) -> Weighed:
    return Weighed(
        take(weighed.seen, at),
        {name: x[at] for name, x in weighed.lines.items()},
        {field: x[at] for field, x in weighed.shares.items()},
        weighed.relation[at],
    )
