"""The ledger, read only: what was decided and is to leave, whoever carries it out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mos.events import ActionDecided
from mos.events.retell import retell
from mos.model.base import derive_id
from mos.model.decision import Decision, list_outgoing_places
from mos.model.touched import IMPRESSION, PLACE, TOUCHES, Touched, parse_touches
from mos.policy.bundle.bundle import Bundle
from mos.ports import Table

_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Outgoing:
    """A decision that is to leave: until when it may, and whether a person is asked first."""

    decision_id: str
    expires_at: str
    needs_approval: bool

    @property
    def action_id(self) -> str:
        """Return the id of its delivery."""
        return derive_id("act", self.decision_id)


class Decided:
    """The decisioning layer's table; `load` finds the bundle by which one was decided."""

    def __init__(self, table: Table, load: Callable[[str], Bundle]) -> None:
        self._table, self._load = table, load

    def find(self, decision_id: str) -> Decision | None:
        """Return a decision as it was recorded; None where there is none."""
        record = self._table.get(f"DECISION#{decision_id}", "DECISION")
        return Decision.parse(record.body) if record else None

    def list_seen(self, subject: str) -> list[Touched]:
        """Return what of a subject's touches nobody decided: ads that they saw."""
        records = self._table.query(f"{TOUCHES}{subject}", prefix=PLACE)
        kept = (touch for record in records for touch in parse_touches(record.body))
        return [touch for touch in kept if touch.channel == IMPRESSION]

    def list_made(self, after: datetime, until: datetime) -> list[Outgoing]:
        """Return what was recorded after a moment, until another."""
        hour, found = after.replace(minute=0, second=0, microsecond=0), list[Outgoing]()
        while hour <= until:
            for place in list_outgoing_places(hour):
                records = self._table.between(place, after.isoformat(), f"{until.isoformat()}~")
                found += [
                    Outgoing(r.tags["decision"], r.tags["until"], "needs_approval" in r.tags)
                    for r in records
                ]
            hour += _HOUR
        return found

    def list_given_back(self, decision_ids: Iterable[str]) -> set[str]:
        """Return of which of these decisions what they took has come back."""
        keys = [(f"DECISION#{one}", "GIVEN_BACK") for one in decision_ids]
        found = self._table.get_many(keys) if keys else {}
        return {pk.removeprefix("DECISION#") for pk, _ in found}

    def retell(self, decision_ids: Sequence[str]) -> dict[str, ActionDecided]:
        """Return what was told of decisions, from their records."""
        keys = [(f"DECISION#{one}", "DECISION") for one in decision_ids]
        records = self._table.get_many(keys) if keys else {}
        decisions = [Decision.parse(record.body) for record in records.values()]
        return {
            one.decision_id: retell(one, self._load(one.bundle).actions[one.action])
            for one in decisions
        }
