"""Turn levels into bits, for many pairs at once: what `MatchModel.score` does for one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mos.matching.agree import Floats, Ints
from mos.matching.compare import levels_of
from mos.matching.evidence import Evidence
from mos.matching.field import Field
from mos.matching.model import Comparison, MatchModel, Relation
from mos.matching.relation import RELATIONS


@dataclass(frozen=True)
class Weighed:
    """The bits of every line of every pair's waterfall, 0 where a field is silent."""

    seen: Evidence
    lines: dict[str, Floats]
    shares: dict[Field, Floats]
    relation: Ints

    @property
    def total(self) -> Floats:
        return np.asarray(sum(self.lines.values(), np.zeros(len(self.seen.left))))


def weigh(model: MatchModel, seen: Evidence) -> Weighed:
    """Return what each pair's evidence is worth."""
    known = [field for field in seen.table if field in model.comparisons]
    share = {
        f: np.array([model.comparisons[f].share(v) for v in seen.table[f].values]) for f in known
    }
    shares = {f: seen.shares(f, share) for f in known}
    found: dict[Field, Floats] = {
        f: bits(model.comparisons[f], seen.levels[f], np.log2(shares[f])) for f in known
    }
    size = len(seen.left)
    odds = [related(n, r, found, seen.levels) for n, r in model.relations.items()]
    lines: dict[str, Floats] = {"prior": np.full(size, model.prior_bits)}
    lines |= {str(f): x for f, x in found.items()}
    lines["shared"] = -np.log2(1 + sum(odds, np.zeros(size)))
    likeliest = np.argmax(odds, axis=0) if odds else np.zeros(size, dtype=np.int64)
    return Weighed(seen, lines, shares, likeliest)


def bits(comparison: Comparison, levels: Ints, log_share: Floats) -> Floats:
    """Return the weight of each level, given the log2 share of the commoner of its values."""
    by_share, by_level, least = (np.array(x) for x in zip(*comparison.bounds.values(), strict=True))
    found = np.minimum(by_share[levels] - log_share, by_level[levels])
    return np.asarray(np.where(levels < 0, 0.0, np.maximum(found, least[levels])))


def related(
    name: str, relation: Relation, found: Mapping[Field, Floats], levels: Mapping[Field, Ints]
) -> Floats:
    """Return the odds of a relation against strangers, given the bits of a match."""
    total = np.full(len(next(iter(found.values()))), np.log2(relation.odds))
    for field, own in found.items():
        if field in RELATIONS[name]:
            total += own
            continue
        ahead = np.array([relation.ahead[field][level] for level in levels_of(field)])
        level = levels[field]
        total += np.where(level == 0, -ahead[0], np.maximum(0.0, own - ahead[level])) * (level >= 0)
    return np.asarray(np.exp2(np.minimum(total, 900.0)))
