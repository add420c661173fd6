"""What a candidate would do to people, what surprises most, and what outcomes can say. Pure."""

import numpy as np

from functions.simulation.columns.engine import Flags
from functions.simulation.impact.partial import (
    MOST_LEADS,
    MOST_STRANGE,
    Partial,
    groups_at,
    places,
    said,
    summed,
)
from functions.simulation.impact.side import PartSides


def find_strangest(sides: PartSides, found: Partial) -> None:
    """Keep the cases that surprise most, one per kind of change and segment."""
    names, choice = [action for action, _ in sides.new.names], sides.new.choice
    lost = np.abs(sides.new.drawn.priority - sides.was.drawn.priority)
    surprise = np.where(sides.differs & sides.kept, (1 - sides.new.drawn.logged) * (1 + lost), 0.0)
    seen = set[tuple[str, str, str]]()
    for place in np.argsort(-surprise, kind="stable")[: 20 * MOST_STRANGE]:
        i = int(place)
        if surprise[i] <= 0 or len(seen) >= MOST_STRANGE:
            break
        before, after = str(sides.part.chosen_action.fact(i)), names[choice[i]]
        segment = said(sides.new.known.facts.get("account.segment"), i)
        key = (before, after, segment)
        if key in seen:
            continue
        seen.add(key)
        route = f"{said(sides.part.route_to, i)} → {said(sides.new.known.to, i)}"
        why = (
            f"route {route}; what was done has {sides.new.drawn.logged[i]:.1%} now; best is worth "
            f"${sides.new.drawn.priority[i]:.2f}, was ${sides.was.drawn.priority[i]:.2f}"
        )
        found.strange.append((float(surprise[i]), sides.named(i, before, after, why=why)))


def find_harm(sides: PartSides, found: Partial) -> None:
    """Count who is left with nothing to do, and who would be touched without a basis."""
    idle = sides.kept & sides.was.drawn.able & ~sides.new.drawn.able
    found.lost += summed(idle)
    found.touched["lost"] = groups_at(sides.part.groups, idle)
    for i in places(idle)[:MOST_LEADS]:
        before = str(sides.part.chosen_action.fact(i))
        found.lost_leads.append(sides.named(i, before, "nothing is left"))
    wide = len(sides.new.gates.choices)
    touched = sides.new.person >= 0
    row = np.where(touched, sides.starts + sides.new.person, 0)
    basis = np.ones(sides.part.count, bool)
    some = np.flatnonzero(touched)
    basis[some] = _recorded_basis(sides)[row[some], np.minimum(sides.new.choice[some], wide - 1)]
    wrong = ~basis & sides.kept
    found.conflicts += summed(wrong)
    for i in places(wrong)[:MOST_LEADS]:
        after = sides.new.names[sides.new.choice[i]][0]
        found.conflict_leads.append(sides.named(i, str(sides.part.chosen_action.fact(i)), after))


def _recorded_basis(sides: PartSides) -> Flags:
    """Return who may be touched for what by the verdicts on record, whatever the candidate says."""
    choices = sides.new.gates.choices
    basis = np.ones((len(sides.part.of), len(choices)), bool)
    for number, one in enumerate(choices):
        if one.action.purpose is not None:
            basis[:, number] = sides.part.allowed[one.action.purpose.value]
    return basis


def log_outcomes(sides: PartSides, found: Partial) -> None:
    """Keep what off-policy evaluation needs of the decisions whose outcome is known."""
    part, was, new = sides.part, sides.was, sides.new
    free = ~(part.held_out | part.corrected | new.held_out)
    held = np.flatnonzero(sides.kept & free & ~np.isnan(part.reward))
    if not len(held):
        return
    touched = part.chosen_person[held] >= 0
    row = np.where(touched, sides.starts[held] + part.chosen_person[held], 0)
    choice = np.minimum(was.choice[held], len(was.gates.choices) - 1)
    success = np.where(touched, was.worth.chance[row, choice], 0.0)
    value = np.where(touched, was.worth.values[row, choice], 0.0)
    cost = np.where(touched, was.worth.costs[choice], 0.0)
    found.logs.append(
        {
            "reward": part.reward[held],
            "logged": part.probability[held],
            "target": new.drawn.logged[held],
            "success": success,
            "new_success": new.drawn.success[held],
            "value": value,
            "cost": cost,
            "new_dollars": new.drawn.dollars[held],
            "old_success": was.drawn.success[held],
            "old_dollars": was.drawn.dollars[held],
        }
    )
    found.log_accounts.append([str(part.accounts.fact(int(i))) for i in held])
