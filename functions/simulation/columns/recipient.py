"""For whom of many people a cap on some of them holds. Pure."""

from collections.abc import Mapping

import numpy as np

from functions.policy.limits import may_hold
from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Column, Flags
from functions.simulation.columns.permit import PermittedMany
from mos.model.base import Facts
from mos.policy.table.table import Row

_COUNTRIES = ("person.country", "person.company_country", "account.country")


def find_members(row: Row, part: Part, facts: PermittedMany) -> Flags:
    """Return for whom a row that asks about a person may hold: asked once for each kind of them."""
    asked = {*row.when, *_COUNTRIES}
    people = {n: c for n, c in part.people.items() if n in asked}
    groups = {n: c.take(part.of) for n, c in facts.facts.items() if n in asked}
    codes = [c.coded for c in (*people.values(), *groups.values())]
    kinds = np.stack([np.zeros(len(part.of), np.int64), *codes], axis=1)
    _, first, places = np.unique(kinds, axis=0, return_index=True, return_inverse=True)
    said = [may_hold(row, _read(groups, int(at)), _read(people, int(at))) for at in first]
    return np.array(said, bool)[places.reshape(-1)]


def _read(columns: Mapping[str, Column], place: int) -> Facts:
    return {name: column.fact(place) for name, column in columns.items()}
