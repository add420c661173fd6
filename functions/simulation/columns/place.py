"""Where everybody would stand under other criteria, as far as a record can say. Pure.

Placing again from the beginning takes the whole story of a subject; a record holds the facts of one
moment. Where the old criteria give the recorded stage, the new ones' word is taken; where they do
not (a stage that was earned earlier, or set aside), and old and new differ, nobody can tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Codes, Column, Flags, ask_many
from mos.model.stage import Level
from mos.policy.bundle.bundle import Bundle

_LEVELS = (Level.ACCOUNT, Level.GROUP, Level.PERSON)


@dataclass(frozen=True)
class Moved:
    """Who stands elsewhere, by level: which entries, from where, to where."""

    level: Level
    places: Codes
    before: Column
    after: Column


@dataclass(frozen=True)
class Staged:
    """The part with the stages of a candidate, who moved, and where nobody can tell."""

    part: Part
    moved: tuple[Moved, ...] = ()
    unknown: Mapping[Level, int] = field(default_factory=dict)


def place_many(part: Part, bundle: Bundle, base: Bundle) -> Staged:
    """Return the part as it would stand under `bundle`; itself where no criterion differs."""
    pages = [f"lifecycle/{level.value}" for level in _LEVELS]
    if all(bundle.page(page) == base.page(page) for page in pages):
        return Staged(part)
    moved, unknown = [], {}
    for level in _LEVELS:
        found, part, doubt = _level(part, level, bundle, base)
        moved.append(found)
        unknown[level] = int(doubt.sum())
    return Staged(part, tuple(m for m in moved if len(m.places)), unknown)


def _level(part: Part, level: Level, bundle: Bundle, base: Bundle) -> tuple[Moved, Part, Flags]:
    whole = level is not Level.PERSON
    count = part.count if whole else len(part.of)
    facts = dict(part.group) if whole else {n: c.take(part.of) for n, c in part.group.items()}
    facts |= {} if whole else part.people
    page, name = f"lifecycle/{level.value}", f"{level.value}.stage"
    nobody = Column.of([None] * count)
    recorded = facts.get(name, nobody)
    said = []
    for one in (base, bundle):
        answers = ask_many(one.table(page), facts, count)
        said.append(answers.column([str(a.output.get("stage")) for a in answers.told]))
    old, new = said
    differs = ~same(old, new)
    known = same(old, recorded)
    places = np.flatnonzero(differs & known)
    after = merged(recorded, new, differs & known)
    held = part.group if whole else part.people
    changed = {**held, name: after}
    part = replace(part, group=changed) if whole else replace(part, people=changed)
    return Moved(level, places, recorded, after), part, differs & ~known


def same(one: Column, other: Column) -> Flags:
    """Return where two columns of words say the same."""
    values = {v: i for i, v in enumerate(dict.fromkeys((*one.values, *other.values)))}
    left = np.array([values[v] for v in one.values], np.int64)[one.coded]
    right = np.array([values[v] for v in other.values], np.int64)[other.coded]
    return np.asarray(left == right)


def merged(one: Column, other: Column, where: Flags) -> Column:
    """Return the one column, and the other's facts where asked."""
    values = {v: i for i, v in enumerate(dict.fromkeys((*one.values, *other.values)))}
    left = np.array([values[v] for v in one.values], np.int64)[one.coded]
    right = np.array([values[v] for v in other.values], np.int64)[other.coded]
    return Column(codes=np.where(where, right, left), values=tuple(values))
