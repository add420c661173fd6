"""Set what a candidate makes of a part against what was recorded. Pure."""

from datetime import UTC, datetime

import numpy as np

from functions.simulation.columns.archive import Part
from functions.simulation.columns.decide import decide_many
from functions.simulation.columns.engine import Flags
from functions.simulation.columns.gates import GATES
from functions.simulation.columns.place import place_many
from functions.simulation.columns.settings import split_by_settings
from functions.simulation.impact.effect import find_harm, find_strangest, log_outcomes
from functions.simulation.impact.partial import (
    MOST_LEADS,
    Partial,
    count,
    groups_at,
    grow,
    places,
    said,
    summed,
)
from functions.simulation.impact.reach import count_reach
from functions.simulation.impact.side import PartSides
from mos.model.stage import Level
from mos.policy.bundle.bundle import Bundle

_SLICES = {
    "segment": "account.segment",
    "fit": "account.icp_tier",
    "unit": "account.unit",
    "region": "account.region",
    "country": "account.country",
    "industry": "account.industry",
}
Key = tuple[str, str, str]


def compare_part(part: Part, candidate: Bundle, base: Bundle) -> Partial:
    """Return what changes in one part. All of it was decided under `base`."""
    found = Partial()
    for some, (new, was) in split_by_settings(part, candidate, base):
        found.add(_compared(some, new, was))
    return found


def _compared(part: Part, candidate: Bundle, base: Bundle) -> Partial:
    was = decide_many(part, base, base)
    stage = place_many(part, candidate, base)
    sides = PartSides(part, stage, was, decide_many(stage.part, candidate, base, model=was))
    kept = sides.kept
    out = np.flatnonzero(~kept)[:MOST_LEADS]
    found = Partial(
        decisions=part.count,
        compared=int(kept.sum()),
        held_out=int((part.held_out & kept).sum()),
        corrections=int((part.corrected & kept).sum()),
        since=float(part.at.min()) if part.count else np.inf,
        until=float(part.at.max()) if part.count else -np.inf,
        accounts={str(v) for v in part.accounts.values},
        left_out=part.count - int(kept.sum()),
        left_out_ids=[str(part.ids.fact(int(i))) for i in out],
    )
    for tell in (
        _routes,
        _stages,
        _actions,
        find_strangest,
        _slices,
        _reps,
        _money,
        _funnel,
        find_harm,
        log_outcomes,
    ):
        tell(sides, found)
    found.touched["any"] = groups_at(sides.part.groups, _anything(sides))
    unknown = int((sides.new.gates.unknown_caps & kept).sum())
    count_reach(sides, found, candidate, base)
    found.unknown["caps over a window that was not recorded"] += unknown
    return found


def _routes(sides: PartSides, found: Partial) -> None:
    route, after = sides.new.known.route, sides.new.known.to
    found.touched["route"] = groups_at(sides.part.groups, sides.rerouted & sides.kept)
    for i in places(sides.rerouted & sides.kept):
        key = ("route", str(sides.part.route_to.fact(i)), str(after.fact(i)))
        told = route.told[route.places[i]]
        if _change(found, key):
            row = f"routing/route#{told.row_id}"
            found.leads[key].append(sides.named(i, key[1], key[2], row=row, why=told.why))


def _stages(sides: PartSides, found: Partial) -> None:
    for moved in sides.stage.moved:
        for place in moved.places:
            i = int(place)
            decision = int(sides.part.of[i]) if moved.level is Level.PERSON else i
            if sides.kept[decision]:
                key = (f"{moved.level.value} stage", said(moved.before, i), said(moved.after, i))
                if _change(found, key):
                    row = f"lifecycle/{moved.level.value}"
                    found.leads[key].append(sides.named(decision, key[1], key[2], row=row))
    for level, many in sides.stage.unknown.items():
        found.unknown[f"{level.value} stages that no criterion explains"] += many


def _actions(sides: PartSides, found: Partial) -> None:
    names, choice = [action for action, _ in sides.new.names], sides.new.choice
    found.touched["action"] = groups_at(sides.part.groups, _another(sides, names))
    for i in places(sides.differs & sides.kept):
        before, after = str(sides.part.chosen_action.fact(i)), names[choice[i]]
        kind = "action" if before != after else "person or treatment"
        key = (kind, before, after)
        if _change(found, key):
            found.leads[key].append(sides.named(i, before, after))
    was = sides.part.chosen_action
    for number, value in enumerate(was.values):
        count(found.actions, str(value), summed((was.coded == number) & sides.kept), 0)
    for name in dict.fromkeys(names):
        numbers = [n for n, one in enumerate(names) if one == name]
        count(found.actions, name, 0, summed(np.isin(choice, numbers) & sides.kept))


def _anything(sides: PartSides) -> Flags:
    """Return where route, choice or a stage changes, or the baseline does not decide as recorded.

    Of the last it is not known what changes.
    """
    changed = sides.rerouted | sides.differs | ~sides.kept
    for moved in sides.stage.moved:
        for place in moved.places:
            i = int(place)
            changed[int(sides.part.of[i]) if moved.level is Level.PERSON else i] = True
    return np.asarray(changed)


def _another(sides: PartSides, names: list[str]) -> Flags:
    """Return where the candidate would choose another action."""
    before = sides.part.chosen_action
    words = [str(value) for value in before.values]
    known = {word: place for place, word in enumerate(words)}
    after = np.array([known.get(name, -1) for name in names], np.int64)[sides.new.choice]
    return np.asarray((after != before.coded) & sides.kept)


def _slices(sides: PartSides, found: Partial) -> None:
    kept, (before, after) = sides.kept, sides.humans
    flags = (kept, kept & sides.rerouted, kept & sides.differs, kept & before, kept & after)
    for by, fact in _SLICES.items():
        column = sides.new.known.facts.get(fact)
        if column is None or not column.values:
            continue
        codes, many = column.coded, len(column.values)
        sums = [np.bincount(codes, weights=f.astype(float), minlength=many) for f in flags]
        for number, value in enumerate(column.values):
            numbers = np.array([one[number] for one in sums])
            if numbers[0]:
                grow(found.slices, (by, "unknown" if value is None else str(value)), numbers)


def _reps(sides: PartSides, found: Partial) -> None:
    """Count hand-offs per rep and week, before and after."""
    weeks = [f"{datetime.fromtimestamp(at, UTC):%G-W%V}" for at in sides.part.at]
    for place, owners in enumerate(sides.owners):
        for i in places(sides.kept & np.array([bool(o) for o in owners], bool)):
            numbers = np.array([1.0, 0.0] if place == 0 else [0.0, 1.0])
            grow(found.handoffs, (owners[i], weeks[i]), numbers)


def _money(sides: PartSides, found: Partial) -> None:
    """Add up what is spent, and what the catalogue expects of it, in US dollars."""
    part, kept = sides.part, sides.kept
    for name, values in (("expected, net", "dollars"), ("expected successes", "success")):
        before = float(getattr(sides.was.drawn, values)[kept].sum())
        after = float(getattr(sides.new.drawn, values)[kept].sum())
        count(found.money, name, before, after)
    costs = [np.concatenate([r.worth.costs, [0.0, 0.0]])[r.choice] for r in (sides.was, sides.new)]
    count(found.money, "spent", float(costs[0][kept].sum()), float(costs[1][kept].sum()))
    touched = (part.chosen_person >= 0, sides.new.person >= 0)
    count(found.money, "people reached", summed(touched[0] & kept), summed(touched[1] & kept))


def _funnel(sides: PartSides, found: Partial) -> None:
    """Count candidates by the gate at which they fell, before and after."""
    members = sides.kept[sides.part.of]
    names = [gate.value for gate in GATES] + ["passed every gate"]
    for number, name in enumerate(names):
        counts = [float((r.gates.gate[members] == number).sum()) for r in (sides.was, sides.new)]
        count(found.funnel, name, *counts)


def _change(found: Partial, key: Key) -> bool:
    """Count a change; say whether its lead is still wanted by name."""
    found.changes[key] += 1
    return len(found.leads.setdefault(key, [])) < MOST_LEADS
