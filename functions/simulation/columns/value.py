"""What a success is worth to many people: `value_of`, once per combination of facts. Pure."""

import numpy as np

from functions.decisioning.gates import facts_of
from functions.decisioning.value import TABLE, amount_facts, value_of
from functions.simulation.columns.archive import Part
from functions.simulation.columns.engine import Codes, Column, Numbers
from functions.simulation.columns.gates import ChoiceColumns
from functions.simulation.columns.permit import PermittedMany
from mos.policy.bundle.bundle import Bundle


def count_values(one: ChoiceColumns, part: Part, facts: PermittedMany, bundle: Bundle) -> Numbers:
    """Return the value of a success of one choice, per person, in US dollars."""
    people = len(part.of)
    if TABLE not in bundle.names("tables"):
        return np.full(people, one.action.value)
    wanted = {index.name for index in bundle.table(TABLE).columns}
    wanted |= {n for row in bundle.page(TABLE).rows for n in amount_facts(row.then.get("of", ""))}
    held = {n: c.take(part.of) for n, c in facts.facts.items() if n in wanted}
    held |= {n: c for n, c in part.people.items() if n in wanted}
    first, places = _combine(held, people)
    constants = facts_of(one.action, one.treatment)
    said = [
        value_of(one.action, {n: c.fact(int(at)) for n, c in held.items()} | constants, bundle)[0]
        for at in first
    ]
    return np.asarray(np.array(said, np.float64)[places])


def _combine(held: dict[str, Column], people: int) -> tuple[Codes, Codes]:
    """Return the first place of each combination of facts that occurs, and whose it is."""
    keys = np.zeros(people, np.int64)
    for column in held.values():
        _, codes = np.unique(column.coded, return_inverse=True)
        _, keys = np.unique(keys * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)
    _, first, places = np.unique(keys, return_index=True, return_inverse=True)
    return first.astype(np.int64), places.astype(np.int64)
