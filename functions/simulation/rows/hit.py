"""How often each row decided, over the decisions of the ledger."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from functions.policy.limits import TABLE as LIMITS
from functions.policy.limits import is_personal, may_hold
from mos.model.decision import Decision
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.condition import holds
from mos.policy.table.engine import CompiledTable
from mos.policy.table.index import FactError
from mos.policy.table.table import Hit, Row

ASKED = (
    "scorecards/icp", "routing/route", "contact/limits", "gates/eligibility",
    "gates/applicability", "gates/suitability", "arbitration/context",
)  # fmt: skip
"""The tables that can be asked again with what a decision records."""


@dataclass
class Hits:
    """What the rows of one bundle's tables did over some decisions."""

    bundle: Bundle
    decisions: int = 0
    first: datetime | None = None
    last: datetime | None = None
    fired: dict[str, Counter[str]] = field(default_factory=dict)
    held: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, decision: Decision) -> None:
        """Ask every table again what it says of the facts that were recorded."""
        self.decisions += 1
        at = decision.decided_at
        self.first = min(at, self.first or at)
        self.last = max(at, self.last or at)
        for name in ASKED:
            if name not in self.bundle.names("tables"):
                continue
            table = self.bundle.table(name)
            for facts in _asked(table, decision, self.bundle):
                self._count(name, table, facts)

    def _count(self, name: str, table: CompiledTable, facts: dict[str, Any]) -> None:
        try:
            answer = table.evaluate(facts)
        except FactError:
            return
        held = [row.id for row in table.table.rows if _holds(name, row, facts)]
        fired = held if name == LIMITS else [row.id for row in answer.rows]
        self.fired.setdefault(name, Counter()).update(fired)
        self.held.setdefault(name, Counter()).update(held)

    def report(self) -> list[dict[str, Any]]:
        """Return each row's counts: `never` held, always `shadowed` by another, or neither."""
        rows = []
        for name in ASKED:
            if name not in self.bundle.names("tables"):
                continue
            table = self.bundle.table(name).table
            for row in table.rows:
                fired = self.fired.get(name, Counter())[row.id]
                held = self.held.get(name, Counter())[row.id]
                state = "fires" if fired else "shadowed" if held else "never"
                if table.hit is Hit.ALL and held:
                    state = "fires"
                rows.append(
                    {"table": name, "row": row.id, "fired": fired, "held": held, "state": state}
                )
        return rows


def _holds(table: str, row: Row, facts: dict[str, Any]) -> bool:
    """Say whether a row holds; a cap on some people also holds for whoever may be meant."""
    if table == LIMITS and is_personal(row):
        return may_hold(row, facts, facts)
    return all(holds(cell, facts.get(column)) for column, cell in row.when.items())


def _asked(table: CompiledTable, decision: Decision, bundle: Bundle) -> Iterator[dict[str, Any]]:
    columns = table.table.columns
    shared: dict[str, Any] = {**decision.group_facts, "route.to": decision.route.to}
    if not any(c.startswith(("person.", "action.")) for c in columns):
        yield shared
        return
    people = {p.person_id: p.facts for p in decision.people}
    for candidate in decision.candidates:
        action = bundle.actions.get(candidate.action)
        if action is None or candidate.person_id not in people:
            continue
        fell = candidate.fell
        yield {
            **shared,
            **people[candidate.person_id],
            "action.name": candidate.action,
            "action.issue": action.issue,
            "action.group": action.group,
            "action.channel": candidate.channel,
            "action.treatment": candidate.treatment,
            "action.available": any(
                t.available for t in action.treatments if t.name == candidate.treatment
            ),
            **({"action.consent": True} if not fell or fell.row != "no_consent" else fell.facts),
        }


def count_hits(decisions: Iterable[Decision], bundle: Bundle) -> Hits:
    """Return what the rows did over these decisions."""
    found = Hits(bundle)
    for decision in decisions:
        found.add(decision)
    return found
