"""Put a decision into sentences. Every clause cites a field, a row or a signal. Pure."""

from collections.abc import Mapping, Sequence

from mos.model.action import Candidate
from mos.model.decision import Decision
from mos.model.stage import Placement


def where_it_stands(placements: Sequence[Placement]) -> list[str]:
    """Return a sentence per level: the stage, the row, and the facts that it saw."""
    lines = []
    for p in placements:
        says = f"{p.level.value.capitalize()} is {p.stage} since {p.since:%Y-%m-%d %H:%M} UTC"
        cites = f"[{p.receipt.table}#{p.receipt.row}: {_facts(p.receipt.facts)}]"
        lines.append(f"{says}: {p.receipt.why} {cites}")
    return lines


def what_was_decided(decision: Decision, name: str) -> list[str]:
    """Return what was chosen and why, how sure the draw was, and who takes it."""
    what = f"{decision.action} ({decision.treatment}, {decision.channel}) for {name}"
    odds = f"drawn with probability {decision.probability:.3f}"
    lines = [f"Decided {what}: {decision.reason}, {odds} [{decision.decision_id}]"]
    chosen = next((c for c in decision.candidates if _is_chosen(c, decision)), None)
    if chosen and chosen.factors:
        sums = " · ".join(f"{f.name} {f.value:g} ({f.why})" for f in chosen.factors)
        lines.append(f"Its worth: {sums} = {chosen.priority:g}")
    route = decision.route
    almost = f"; almost {route.almost}" if route.almost else ""
    owner = f" → {route.owner}" if route.owner else ""
    lines.append(f"Routing: {route.to}{owner}, {route.why} [routing/route#{route.row}]{almost}")
    return lines


def what_fell(candidates: Sequence[Candidate], person_id: str | None) -> list[str]:
    """Return where each action fell for this person: one line per gate and row."""
    actions: dict[str, list[str]] = {}
    for candidate in candidates:
        if candidate.fell is None or candidate.person_id != person_id:
            continue
        fall = candidate.fell
        shared = {k: v for k, v in fall.facts.items() if k != "action.name"}
        facts = f": {_facts(shared)}" if shared else ""
        reason = f"{fall.why} [gates/{fall.gate.value}#{fall.row}{facts}]"
        names = actions.setdefault(reason, [])
        if candidate.action not in names:
            names.append(candidate.action)
    return [f"Not {', '.join(names)}: {reason}" for reason, names in actions.items()]


def runners_up(decision: Decision, most: int = 2) -> list[str]:
    """Return the best candidates that were not chosen, with their worth and odds."""
    alive = [c for c in decision.candidates if c.fell is None and not _is_chosen(c, decision)]
    ranked = sorted(alive, key=lambda c: -(c.priority or 0))[:most]
    return [
        f"Also possible: {c.action}/{c.treatment}, worth {c.priority or 0:g}, "
        f"p = {c.probability:.3f}"
        for c in ranked
    ]


def _is_chosen(candidate: Candidate, decision: Decision) -> bool:
    return (candidate.person_id, candidate.action, candidate.treatment) == (
        decision.person_id,
        decision.action,
        decision.treatment,
    )


def _facts(facts: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {_short(value)}" for name, value in facts.items())


def _short(value: object) -> str:
    if isinstance(value, tuple | list):
        return "{" + ", ".join(map(str, value)) + "}"
    return f"{value:g}" if isinstance(value, float) else str(value)
