"""Known leads with the facts that policy reads, built from what is stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from functions.lifecycle.place import place
from functions.policy.permit import permitted_facts
from functions.simulation.rows.placement import StoredScene
from mos.model.base import Facts
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle
from mos.policy.consent import TABLE as CONSENT
from mos.policy.consent import consent_facts
from mos.policy.table.condition import holds
from mos.policy.table.engine import CompiledTable
from mos.policy.table.table import DecisionTable, Row

_ACTION = ("action.name", "action.issue", "action.group", "action.channel", "action.treatment")

DEFAULT = "default"


@dataclass(frozen=True)
class Lead:
    """One person, and everything that policy may ask about them and their group."""

    person_id: str
    name: str
    facts: Facts


@dataclass(frozen=True)
class Match:
    """A lead at a row: met (nothing is missing), or almost met but for one fact.

    Where the lead meets the row and another one decides, `decided_by` names that.
    """

    lead: Lead
    row: str
    missing: str | None = None
    found: Any = None
    wants: str = ""
    decided_by: str = ""

    @property
    def rank(self) -> int:
        """Return how near it is: decided by this row, met, or almost met."""
        return 2 if self.missing is not None else int(bool(self.decided_by))


def list_leads(stored: Iterable[StoredScene], bundle: Bundle) -> Iterator[Lead]:
    """Yield everybody who is known, as they stand under this bundle."""
    for group in stored:
        placed = place(group.scene, group.before, bundle)
        shared = permitted_facts(
            dict(placed.group_facts), group.scene.account.account_id, group.scene.at, bundle
        )
        names = {p.profile_id: p for p in group.scene.people}
        for person in placed.person_facts:
            name = _name(names.get(person.person_id)) or person.person_id
            yield Lead(person.person_id, name, shared | person.facts)


def _name(profile: Profile | None) -> str:
    """Return what to call somebody: their name, else their mailbox."""
    if profile is None:
        return ""
    names = [str(profile.trait(part) or "") for part in ("first_name", "last_name")]
    whole = " ".join(filter(None, names)) or str(profile.trait("name") or "")
    return whole or profile.value_of("email") or ""


def list_variants(lead: Lead, table: DecisionTable, bundle: Bundle) -> Iterator[Lead]:
    """Yield the lead as a table sees it: once, or once per action or purpose where it asks that."""
    if table.name == CONSENT:
        from mos.model.consent import Purpose  # noqa: PLC0415  one table alone asks

        for purpose in Purpose:
            facts = lead.facts | consent_facts(lead.facts, purpose)
            yield Lead(lead.person_id, f"{lead.name} ({purpose.value})", facts)
        return
    if not any(column in _ACTION for column in table.columns):
        yield lead
        return
    for name, action in bundle.actions.items():
        for treatment in action.treatments[:1]:
            given = (name, action.issue, action.group, treatment.channel, treatment.name)
            facts = lead.facts | dict(zip(_ACTION, given, strict=True))
            facts |= {"action.available": treatment.available}
            yield Lead(lead.person_id, f"{lead.name} ({name})", facts)


def find_met(lead: Lead, row: Row) -> Match | None:
    """Return how a lead meets a row: wholly, but for one fact, or not at all."""
    failing = [
        column for column, cell in row.when.items() if not holds(cell, lead.facts.get(column))
    ]
    if not failing:
        return Match(lead, row.id)
    if len(failing) > 1:
        return None
    [column] = failing
    return Match(lead, row.id, column, lead.facts.get(column), row.when[column].said)


def make_default(table: DecisionTable) -> Row:
    """Return what a table says where none of its rows holds, as a row that everybody meets."""
    return Row(id=DEFAULT, when={}, then=dict(table.default or {}), why="No row holds.")


def mark_decided(match: Match, row: Row, table: CompiledTable) -> Match:
    """Return how a lead that meets a row stands to it: which row decides, if it is another one."""
    answer = table.evaluate(match.lead.facts)
    decides = {one.id for one in answer.rows} or {DEFAULT}
    if match.missing is not None or row.id in decides:
        return match
    return replace(match, decided_by=answer.row_id)


def list_unanswerable(table: DecisionTable, row: Row, facts: Iterable[str]) -> list[str]:
    """Return what a row asks that no lead has: facts of signals, say, and not of people."""
    known = set(facts)
    return sorted(c for c in row.when if c in table.columns and c not in known)
