"""One row of a list as it was read: who it names, what it tells, what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from mos.identity.lists.answers import PurposeAnswer
from mos.model.consent import Purpose

_NAMES = ("first_name", "last_name", "name")


@dataclass(frozen=True, slots=True)
class ListRecord:
    """What a row says. `shared` names what identifies nobody; `looks` is why to look at it."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)
    mailboxes: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()
    company: dict[str, str] = field(default_factory=dict)
    said: dict[Purpose, PurposeAnswer] = field(default_factory=dict)
    said_at: datetime | None = None
    confirmed: Mapping[Purpose, datetime | None] = field(default_factory=dict)
    undeliverable: bool = False
    shared: frozenset[str] = frozenset()
    looks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""

    @property
    def names(self) -> dict[str, str]:
        """Return what the row calls its person."""
        return {name: self.fields[name] for name in _NAMES if name in self.fields}

    def without_names(self, why: str) -> "ListRecord":
        """Return the row with nobody's name, to be looked at."""
        kept = {name: value for name, value in self.fields.items() if name not in _NAMES}
        return replace(self, fields=kept, looks=(*self.looks, why))

    def answering(self, said: Mapping[Purpose, PurposeAnswer], *notes: str) -> "ListRecord":
        """Return the row with other answers, and why."""
        return replace(self, said=dict(said), notes=(*self.notes, *notes))
