"""Say the most of a thing in little: what decided it, counts for the rest. Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from mos.model.action import Candidate
from mos.model.decision import Decision
from mos.model.stage import Placement

MOST_TEXT = 4_000
"""How many characters an answer in words has, but for where the whole record was asked for."""
_BEST, _FACTS, _ALMOST = 3, 8, 2


def fit_lines(lines: Sequence[str], most: int = MOST_TEXT) -> str:
    """Return lines as one text of at most this many characters: what does not fit is counted."""
    whole = "\n".join(lines)
    if len(whole) <= most:
        return whole
    kept, size = list[str](), 0
    for line in lines:
        tail = f"… and {len(lines) - len(kept)} more lines (record=true gives everything)"
        if size + len(line) + 1 + len(tail) > most:
            return "\n".join([*kept, tail])
        kept.append(line)
        size += len(line) + 1
    return "\n".join(kept)


def compact_placement(placement: Placement) -> dict[str, Any]:
    """Return where a subject stands and why, without the whole receipt."""
    receipt = placement.receipt
    return {
        "level": placement.level.value,
        "subject_id": placement.subject_id,
        "group_id": placement.group_id,
        "stage": placement.stage,
        "since": placement.since.isoformat(),
        "row": f"{receipt.table}#{receipt.row}",
        "why": receipt.why,
        "facts": dict(sorted(receipt.facts.items())[:_FACTS]),
        "almost": [near.stage for near in receipt.almost[:_ALMOST]],
    }


def compact_decision(decision: Decision) -> dict[str, Any]:
    """Return what was chosen, by which route, what it was worth, what else stood, what fell."""
    route = decision.route
    chosen = next((c for c in decision.candidates if _is_chosen(c, decision)), None)
    alive = [c for c in decision.candidates if c.fell is None and not _is_chosen(c, decision)]
    fell = Counter(
        f"{c.fell.gate.value}#{c.fell.row}" for c in decision.candidates if c.fell is not None
    )
    return {
        **brief_decision(decision),
        "run_id": decision.run_id,
        "group_id": decision.group_id,
        "account_id": decision.account_id,
        "owner": decision.owner or route.owner,
        "needs_approval": decision.needs_approval,
        "correction": decision.correction,
        "erased": list(decision.erased),
        "route": {
            "to": route.to,
            "pool": route.pool,
            "row": f"routing/route#{route.row}",
            "why": route.why,
            "almost": route.almost,
        },
        "worth": {f.name: f.value for f in chosen.factors} if chosen else {},
        "also": [
            {"action": c.action, "treatment": c.treatment, "worth": c.priority or 0}
            for c in sorted(alive, key=lambda c: -(c.priority or 0))[:_BEST]
        ],
        "fell": dict(fell.most_common()),
    }


def brief_decision(decision: Decision) -> dict[str, Any]:
    """Return a decision as a row of a list."""
    return {
        "decision_id": decision.decision_id,
        "at": decision.decided_at.isoformat(),
        "person_id": decision.person_id,
        "action": decision.action,
        "treatment": decision.treatment,
        "channel": decision.channel,
        "reason": decision.reason,
        "probability": decision.probability,
        "bundle": decision.bundle,
    }


def _is_chosen(candidate: Candidate, decision: Decision) -> bool:
    return (candidate.person_id, candidate.action, candidate.treatment) == (
        decision.person_id,
        decision.action,
        decision.treatment,
    )
