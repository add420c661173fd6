"""Arbitration: propensity × treatment × context × value, net of cost, × lever. Pure.

Inverse-gap weighting (Foster and Rakhlin 2020, SquareCB): with K candidates, one that is worse
than the best by a gap g is drawn with probability 1 / (K + γ g), the best with the rest. Gaps are
relative to the best priority, so γ has no unit. What is not known well yet gets the benefit of the
doubt: its gap is measured from as many standard deviations above its priority as the bundle's
`exploration_curiosity` says. It is drawn twice: a person and an action first, each as good as its
best treatment, then one of that action's treatments.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from functions.decisioning.constrain import priced
from functions.decisioning.gates import Option
from functions.decisioning.learned import Learned
from functions.decisioning.nominate import NOBODY, Spoken
from functions.decisioning.value import value_of
from mos.model.action import Candidate, Factor
from mos.policy.action_cost import cost_of
from mos.policy.bundle.bundle import Bundle

FACTORS = ("propensity", "treatment", "context", "value", "cost", "lever")
_OFF = "switched off by arbitration_factors"


def weigh(
    candidate: Candidate,
    option: Option,
    learned: Learned,
    bundle: Bundle,
    prices: Mapping[str, float] | None = None,
    spoken: Spoken = NOBODY,
) -> Candidate:
    """Return the candidate with every factor of its priority, in US dollars.

    A factor that the business has switched off is one; a cost is nothing. What is scarce among all
    groups has a price. What somebody speaks for gains a little.
    """
    action = option.action
    chance = learned.action(action)
    share, beside = learned.share(action, option.treatment)
    context, rows = _context(option, bundle)
    cost, spent = cost_of(action, bundle)
    value, worth = value_of(action, option.facts, bundle)
    given = (
        Factor(name="propensity", value=round(chance.mean, 9), why=chance.why),
        Factor(name="treatment", value=round(share, 9), why=beside),
        Factor(name="context", value=round(context, 9), why=rows),
        Factor(name="value", value=value, why=worth),
        Factor(name="cost", value=round(cost, 9), why=spent),
        Factor(name="lever", value=action.lever, why="set by the business"),
    )
    on = switched_on(bundle)
    factors = tuple(f if f.name in on else _neutral(f) for f in given)
    if nominated := spoken.factor(candidate):
        factors += (nominated,)
    scarce, said = priced(action, prices or {}, bundle.constraints, bundle)
    if scarce:
        factors += (Factor(name="price", value=round(scarce, 9), why=said),)
    doubt = learned.treatment(action, option.treatment).spread * _slope(factors)
    return candidate.model_copy(
        update={
            "factors": factors,
            "priority": priority_of(factors),
            "doubt": round(doubt, 9) if "propensity" in on else 0.0,
        }
    )


def _slope(factors: Iterable[Factor]) -> float:
    """Return what a whole success is worth: context × value × lever."""
    value = {factor.name: factor.value for factor in factors}
    return abs(value["context"] * value["value"] * value["lever"])


def priority_of(factors: Iterable[Factor]) -> float:
    """Return (propensity × treatment × context × value × nomination - cost) × lever - price, in $.

    Nobody's nomination is one, nothing scarce a price of nothing.
    """
    value = {factor.name: factor.value for factor in factors}
    gain = value["propensity"] * value["treatment"] * value["context"] * value["value"]
    gain *= value.get("nomination", 1.0)
    return round((gain - value["cost"]) * value["lever"] - value.get("price", 0.0), 9)


def _context(option: Option, bundle: Bundle) -> tuple[float, str]:
    context, rows = 1.0, []
    for row in bundle.table("arbitration/context").evaluate(option.facts).rows:
        context *= row.then["weight"]
        rows.append(row.id)
    return context, ", ".join(rows) or "no row holds"


def switched_on(bundle: Bundle) -> frozenset[str]:
    """Return the factors that count."""
    stated = bundle.parameters.get("arbitration_factors")
    names = stated.value if stated and isinstance(stated.value, list) else FACTORS
    return frozenset(map(str, names))


def _neutral(factor: Factor) -> Factor:
    value = 0.0 if factor.name == "cost" else 1.0
    return factor.model_copy(update={"value": value, "why": _OFF})


@dataclass(frozen=True)
class Exploring:
    """How much is tried: γ, the benefit of the doubt, and the largest share of all but the best."""

    gamma: float
    curiosity: float = 0.0
    most: float = 1.0

    @classmethod
    def of(cls, bundle: Bundle) -> "Exploring":
        """Return what the bundle says; older ones neither doubt nor bound."""
        named = {"curiosity": "exploration_curiosity", "most": "exploration_share_most"}
        stated = {k: bundle.number(n) for k, n in named.items() if n in bundle.parameters}
        return cls(bundle.number("exploration_gamma"), **stated)


def odds(candidates: Sequence[Candidate], how: Exploring) -> list[float]:
    """Return the probability with which each candidate is drawn; they add up to one.

    All candidates but the best share at most `how.most`.
    """
    if not candidates:
        return []
    groups: dict[tuple[str | None, str], list[int]] = {}
    for place, one in enumerate(candidates):
        groups.setdefault((one.person_id, one.action), []).append(place)
    worth = [one.priority or 0.0 for one in candidates]
    hoped = [w + how.curiosity * one.doubt for w, one in zip(worth, candidates, strict=True)]
    heads = inverse_gap(
        [max(worth[i] for i in places) for places in groups.values()],
        [max(hoped[i] for i in places) for places in groups.values()],
        how.gamma,
    )
    drawn = [0.0] * len(candidates)
    for head, places in zip(heads, groups.values(), strict=True):
        inner = inverse_gap([worth[i] for i in places], [hoped[i] for i in places], how.gamma)
        for place, part in zip(places, inner, strict=True):
            drawn[place] = head * part
    return _bounded(drawn, _best(worth), how.most)


def inverse_gap(priorities: Sequence[float], hoped: Sequence[float], gamma: float) -> list[float]:
    """Return inverse-gap odds; the first of the best has the rest.

    Gaps are between the best priority and what each could be at best (`hoped`), never below zero.
    """
    best = _best(priorities)
    scale = max(abs(priorities[best]), 1e-9)
    gaps = [max(0.0, priorities[best] - hope) for hope in hoped]
    drawn = [1 / (len(priorities) + gamma * gap / scale) for gap in gaps]
    drawn[best] = 0.0
    drawn[best] = 1 - sum(drawn)
    return drawn


def _best(priorities: Sequence[float]) -> int:
    return max(range(len(priorities)), key=lambda i: priorities[i])


def _bounded(drawn: list[float], best: int, most: float) -> list[float]:
    others = sum(drawn) - drawn[best]
    if others > most:
        drawn = [p * most / others for p in drawn]
    drawn[best] = 0.0
    drawn = [round(p, 12) for p in drawn]
    drawn[best] = round(1 - sum(drawn), 12)
    return drawn


def draw(probabilities: Iterable[float], seed: str) -> int:
    """Return the index that the seed draws: the same seed always draws the same."""
    place = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") / 2**64
    total, last = 0.0, 0
    for index, probability in enumerate(probabilities):
        total += probability
        if probability:
            last = index
        if place < total:
            return index
    return last
