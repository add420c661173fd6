"""One part of an archive, as it was decided and as a candidate would decide it. Pure."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from functions.decisioning.gates import HUMAN
from functions.simulation.columns.archive import Part
from functions.simulation.columns.decide import DecidedMany, log_choices
from functions.simulation.columns.engine import Codes, Column, Flags
from functions.simulation.columns.permit import find_owners
from functions.simulation.columns.place import Staged, same
from mos.model.impact import Named
from mos.policy.bundle.bundle import Bundle

_EXACT = 1e-9
_ROUTING = "routing/"


@dataclass(frozen=True)
class PartSides:
    """`was` is the baseline's replay, `new` the candidate's, over the part as it would stand."""

    part: Part
    stage: Staged
    was: DecidedMany
    new: DecidedMany

    @cached_property
    def kept(self) -> Flags:
        """Return which decisions the baseline makes again as recorded: only these are compared."""
        place = log_choices(self.part, self.was.gates.choices, self.was.bundle)
        odds = np.abs(self.was.drawn.probability - self.part.probability) < _EXACT
        routes = same(self.part.route_to, self.was.known.to)
        return np.asarray((place == self.was.drawn.place) & odds & routes)

    @cached_property
    def differs(self) -> Flags:
        """Return where the candidate would choose another person, action or treatment."""
        place = log_choices(self.part, self.new.gates.choices, self.new.bundle)
        return np.asarray(place != self.new.drawn.place)

    @cached_property
    def rerouted(self) -> Flags:
        """Return where the candidate would send the group elsewhere."""
        return ~same(self.part.route_to, self.new.known.to)

    @cached_property
    def humans(self) -> tuple[Flags, Flags]:
        """Return where a human takes over: as recorded, and under the candidate."""
        groups = {name: action.group for name, action in self.was.bundle.actions.items()}
        said = [groups.get(str(v)) == HUMAN for v in self.part.chosen_action.values]
        before = np.array(said, bool)[self.part.chosen_action.coded]
        actions = self.new.bundle.actions
        is_human = np.array([actions[name].group == HUMAN for name, _ in self.new.names], bool)
        return before, is_human[self.new.choice]

    @cached_property
    def owners(self) -> tuple[list[str], list[str]]:
        """Return who takes each hand-off, empty where there is none: before, and after."""
        before, after = self.humans
        recorded = [str(self.part.owners.fact(i) or "") for i in range(self.part.count)]
        held = self._unmoved
        now = [""] * self.part.count
        for place in np.flatnonzero(after & self.kept):
            i = int(place)
            if held[i] and recorded[i]:
                now[i] = recorded[i]
                continue
            account = str(self.part.accounts.fact(i))
            now[i] = find_owners(self.new.known, i, account, self.new.bundle) or ""
        was = [name if human else "" for name, human in zip(recorded, before, strict=True)]
        return was, now

    @cached_property
    def _unmoved(self) -> Flags:
        """Return where the recorded rep stays: same pool and route, and reps are as they were."""
        if not _routes_alike(self.was.bundle, self.new.bundle):
            return np.zeros(self.part.count, bool)
        pool = same(self.part.route_pool, self.new.known.pool)
        return np.asarray(pool & same(self.part.route_to, self.new.known.to))

    def named(self, place: int, before: str, after: str, *, row: str = "", why: str = "") -> Named:
        """Return one decision as a report names it."""
        part, person = self.part, int(self.new.person[place])
        where = int(self.starts[place]) + person if person >= 0 else -1
        domain = _fact(part.group.get("account.domain"), place)
        return Named(
            decision_id=str(part.ids.fact(place)),
            group_id=str(part.groups.fact(place)),
            account=domain or str(part.accounts.fact(place)),
            person_id=str(part.persons.fact(where)) if where >= 0 else None,
            role=_fact(part.people.get("person.role"), where) if where >= 0 else "",
            segment=_fact(self.new.known.facts.get("account.segment"), place),
            before=before,
            after=after,
            row=row,
            why=why,
        )

    @cached_property
    def starts(self) -> Codes:
        """Return where each group's people begin."""
        sizes = self.was.sizes
        return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)


def _routes_alike(one: Bundle, other: Bundle) -> bool:
    pages = {n for b in (one, other) for n in b.names("tables") if n.startswith(_ROUTING)}
    return all(
        n in one.names("tables") and n in other.names("tables") and one.page(n) == other.page(n)
        for n in pages
        if n != "routing/route"
    ) and {n: p.value for n, p in one.parameters.items() if n.startswith("pool_")} == {
        n: p.value for n, p in other.parameters.items() if n.startswith("pool_")
    }


def _fact(column: Column | None, place: int) -> str:
    fact = column.fact(place) if column is not None else None
    return "" if fact is None else str(fact)
