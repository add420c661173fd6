"""How many recorded decisions meet each thing that a candidate changes. Pure."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from functions.decisioning.gates import facts_of
from functions.simulation.columns.decide import DecidedMany
from functions.simulation.columns.engine import Column, Flags
from functions.simulation.columns.gates import ChoiceColumns
from functions.simulation.impact.partial import Partial
from functions.simulation.impact.side import PartSides
from mos.model.stage import Level
from mos.policy.bundle.bundle import Bundle
from mos.policy.diff.touched import ACTION, CONTENT, ROW, Touched, list_touched
from mos.policy.table.condition import Condition, holds
from mos.policy.table.table import Row

ASKED = (
    "scorecards/icp", "scorecards/tier", "scorecards/segments", "routing/units", "routing/regions",
    "routing/territories", "routing/route", "lifecycle/account", "lifecycle/group",
    "lifecycle/person", "consent/purpose", "contact/limits", "gates/eligibility",
    "gates/applicability", "gates/suitability", "gates/contact_policy", "arbitration/context",
    "routing/reps", "routing/named_accounts", "routing/out_of_office",
)  # fmt: skip
"""The tables whose rows a rehearsal asks about everybody. What else differs is met where it makes
a difference."""
_ACTION, _REP = "action.", "rep.id"


def count_reach(sides: PartSides, found: Partial, candidate: Bundle, base: Bundle) -> None:
    """Count the decisions and the accounts that meet each thing that differs and governs.

    A row is met where the facts on record do not rule it out, as it was or as it would be; an
    action or its words where it passes every gate; all else where a value on the way to the choice
    differs.
    """
    _add(found, "", np.ones(sides.part.count, bool), sides)
    differs: Flags | None = None
    for one in list_touched(base, candidate):
        flags = _met(one, sides, candidate, base)
        if flags is None:
            differs = _differs(sides) if differs is None else differs
            flags = differs
        _add(found, one.name, flags, sides)


def _add(found: Partial, name: str, flags: Flags, sides: PartSides) -> None:
    kept = flags & sides.kept
    accounts = sides.part.accounts
    found.reached[name] += int(np.count_nonzero(kept))
    held = found.reached_accounts.setdefault(name, set())
    held |= {str(accounts.values[code]) for code in np.unique(accounts.coded[kept])}


def _met(one: Touched, sides: PartSides, candidate: Bundle, base: Bundle) -> Flags | None:
    """Return which decisions meet it; None where only a difference can say so."""
    if one.kind == ROW:
        table, _, row_id = one.name.rpartition("#")
        if table.partition("@")[0] not in ASKED:
            return None
        both = ((sides.was, base), (sides.new, candidate))
        rows = [(d, r) for d, b in both for r in _rows(b, table, row_id)]
        found = [_may_hold(row, decided) for decided, row in rows]
        return None if any(f is None for f in found) else _either(found, sides.part.count)
    if one.kind in (ACTION, CONTENT):
        return _either(
            [_alive(d, one, b) for d, b in ((sides.was, base), (sides.new, candidate))],
            sides.part.count,
        )
    return None


def _rows(bundle: Bundle, table: str, row_id: str) -> Iterator[Row]:
    if table in bundle.names("tables"):
        yield from (row for row in bundle.page(table).rows if row.id == row_id)


def _may_hold(row: Row, decided: DecidedMany) -> Flags | None:
    """Return where a row's known cells hold; None where the record knows none of its facts."""
    asked = {c: cell for c, cell in row.when.items() if c.startswith(_ACTION)}
    if asked and not _meant(decided.gates.choices, asked):
        return np.zeros(decided.part.count, bool)
    people = decided.part.people
    groups = {**decided.known.facts, _REP: decided.part.owners}
    about = [c for c in row.when if c in people or c in groups]
    if row.when and not about and len(asked) < len(row.when):
        return None
    flags = np.ones(len(decided.part.of), bool)
    for column in about:
        facts = people[column] if column in people else groups[column].take(decided.part.of)
        flags &= _holding(row.when[column], facts)
    met = np.zeros(decided.part.count, bool)
    met[decided.part.of[flags]] = True
    return met


def _meant(choices: Iterable[ChoiceColumns], asked: Mapping[str, Condition]) -> bool:
    """Say whether some action of the catalogue is meant by a row's cells about actions."""
    for one in choices:
        facts = facts_of(one.action, one.treatment)
        if all(holds(cell, facts[name]) for name, cell in asked.items() if name in facts):
            return True
    return False


def _holding(cell: Condition, facts: Column) -> Flags:
    if facts.numbers is None:
        kinds = np.array([holds(cell, value) is True for value in facts.values], bool)
        return np.asarray(kinds[facts.coded])
    several, places = np.unique(facts.numbers, return_inverse=True)
    kinds = np.array([holds(cell, None if v != v else float(v)) is True for v in several], bool)  # noqa: PLR0124  NaN
    return np.asarray(kinds[places])


def _alive(decided: DecidedMany, one: Touched, bundle: Bundle) -> Flags:
    """Return where an action, or one that says these words, passes every gate."""
    if one.kind == ACTION:
        numbers = [n for n, c in enumerate(decided.gates.choices) if c.action.name == one.name]
    else:
        said = [_says(c, one.name, bundle) for c in decided.gates.choices]
        every = not any(said)
        numbers = [n for n, c in enumerate(decided.gates.choices) if said[n] or (every and _has(c))]
    members = decided.gates.alive[:, numbers].any(1)
    return np.bincount(decided.part.of[members], minlength=decided.part.count) > 0


def _has(choice: ChoiceColumns) -> bool:
    return bool(choice.treatment.asset or choice.treatment.template)


def _says(choice: ChoiceColumns, page: str, bundle: Bundle) -> bool:
    """Say whether a treatment says a page of content: its asset's page, or the words of that."""
    asset = choice.treatment.asset
    if not asset:
        return choice.treatment.template.startswith(page)
    text = bundle.settings(f"content/{asset}.toml").get("text", "") if asset else ""
    return page == f"content/{asset}" or str(text).startswith(f"{page}.")


def _differs(sides: PartSides) -> Flags:
    """Return where any value on the way to the choice differs."""
    was, new = sides.was, sides.new
    flags = sides.differs | sides.rerouted | (was.held_out != new.held_out)
    flags |= np.abs(was.drawn.probability - new.drawn.probability) > 0
    flags |= np.abs(was.drawn.priority - new.drawn.priority) > 0
    for moved in sides.stage.moved:
        places = moved.places
        flags[sides.part.of[places] if moved.level is Level.PERSON else places] = True
    members = _weighed_apart(was, new)
    return np.asarray(flags | (np.bincount(sides.part.of[members], minlength=len(flags)) > 0))


def _weighed_apart(was: DecidedMany, new: DecidedMany) -> Flags:
    """Return for whom some candidate falls at another gate, or is worth something else."""
    old = {(c.action.name, c.treatment.name): n for n, c in enumerate(was.gates.choices)}
    flags = np.zeros(len(was.part.of), bool)
    for number, choice in enumerate(new.gates.choices):
        at = old.pop((choice.action.name, choice.treatment.name), None)
        alive = new.gates.alive[:, number]
        if at is None:
            flags |= alive
            continue
        flags |= new.gates.gate[:, number] != was.gates.gate[:, at]
        flags |= alive & (new.worth.priority[:, number] != was.worth.priority[:, at])
    for at in old.values():
        flags |= was.gates.alive[:, at]
    return flags


def _either(flags: Iterable[Flags | None], count: int) -> Flags:
    found = np.zeros(count, bool)
    for one in flags:
        found = found if one is None else found | one
    return found
