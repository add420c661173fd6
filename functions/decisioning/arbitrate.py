"""Arbitration: propensity × context × value, net of cost, × lever. Pure.

Inverse-gap weighting (Foster and Rakhlin 2020, SquareCB): with K candidates, one that is worse
than the best by a gap g is drawn with probability 1 / (K + γ g), the best with the rest. Gaps are
relative to the best priority, so γ has no unit.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from functions.decisioning.gates import Option
from mos.model.action import Candidate, Factor
from mos.model.decision import Arm
from mos.policy.bundle import Bundle


def propensity(option: Option, arm: Arm | None) -> Factor:
    """Return the chance of success: the catalogue's, moved by what was learned.

    The starting propensity counts as `evidence` imaginary trials.
    """
    start = min(1.0, option.action.propensity * option.treatment.propensity)
    trials, successes = (arm.trials, arm.successes) if arm else (0, 0.0)
    evidence = option.action.evidence
    value = (start * evidence + successes) / (evidence + trials)
    why = (
        f"({start:.4g} × {evidence:g} + {successes:g} successes) / ({evidence:g} + {trials} trials)"
    )
    return Factor(name="propensity", value=round(value, 9), why=why)


def weigh(candidate: Candidate, option: Option, arm: Arm | None, bundle: Bundle) -> Candidate:
    """Return the candidate with every factor of its priority, in US dollars."""
    chance = propensity(option, arm)
    context, rows = 1.0, []
    for row in bundle.table("arbitration/context").evaluate(option.facts).rows:
        context *= row.then["weight"]
        rows.append(row.id)
    action = option.action
    net = chance.value * context * action.value - action.cost
    factors = (
        chance,
        Factor(name="context", value=round(context, 9), why=", ".join(rows) or "no row holds"),
        Factor(name="value", value=action.value, why="US dollars per success"),
        Factor(name="cost", value=action.cost, why="US dollars per attempt"),
        Factor(name="lever", value=action.lever, why="set by the business"),
    )
    return candidate.model_copy(
        update={"factors": factors, "priority": round(net * action.lever, 9)}
    )


def odds(candidates: Sequence[Candidate], gamma: float) -> list[float]:
    """Return the probability with which each candidate is drawn; they add up to one."""
    if not candidates:
        return []
    priorities = [c.priority or 0.0 for c in candidates]
    best = max(range(len(candidates)), key=lambda i: priorities[i])
    scale = max(abs(priorities[best]), 1e-9)
    drawn = [
        0.0 if i == best else 1 / (len(candidates) + gamma * (priorities[best] - p) / scale)
        for i, p in enumerate(priorities)
    ]
    drawn[best] = 1 - sum(drawn)
    return [round(p, 12) for p in drawn]


def draw(probabilities: Iterable[float], seed: str) -> int:
    """Return the index that the seed draws: the same seed always draws the same."""
    point = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big") / 2**64
    total, last = 0.0, 0
    for last, probability in enumerate(probabilities):
        total += probability
        if point < total:
            return last
    return last


def is_held_out(account_id: str, percent: float) -> bool:
    """Say whether a whole account is left alone, so that lift can be measured."""
    point = int.from_bytes(hashlib.sha256(f"holdout:{account_id}".encode()).digest()[:8], "big")
    return point / 2**64 * 100 < percent


def arms_by_name(arms: Iterable[Arm]) -> Mapping[tuple[str, str], Arm]:
    """Return arms by action and treatment."""
    return {(arm.action, arm.treatment): arm for arm in arms}
