"""The touches of one group, person or rep in the table, in places.

decisions: `TOUCHES#<subject>/RECENT` (once the only one) and `RECENT#<place>`, each with its
version: see `places.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from functions.decisioning.budget import Touched, parse, text_of
from functions.decisioning.places import choose
from mos.ports import Record, Save, Table

_SORT = "RECENT"


@dataclass(frozen=True)
class Lately:
    """What was read of one subject."""

    key: str
    records: Mapping[int, Record]

    @classmethod
    def read(cls, table: Table, subject: str) -> "Lately":
        """Read all places of a subject."""
        key = f"TOUCHES#{subject}"
        found = table.query(key, prefix=_SORT)
        return cls(key, {int(record.sk.partition("#")[2] or 0): record for record in found})

    @cached_property
    def places(self) -> dict[int, tuple[Touched, ...]]:
        """Return the touches in each place."""
        return {number: parse(record.body) for number, record in self.records.items()}

    @property
    def touches(self) -> list[Touched]:
        """Return all of them."""
        return [touch for kept in self.places.values() for touch in kept]

    def add(self, touch: Touched, count: int, room: float, point: float, kept: timedelta) -> Save:
        """Return what keeps one touch more: it holds while nobody has changed the place."""
        last = {number: max(t.at for t in kept) for number, kept in self.places.items() if kept}
        number = choose(last, count, room, point)
        sort = f"{_SORT}#{number:03}" if number else _SORT
        touches = (*self.places.get(number, ()), touch)
        record = replace(
            self.records.get(number, Record(self.key, sort)),
            body=text_of(touches, touch.at, kept),
            expires_at=int((max(t.at for t in touches) + kept).timestamp()),
        )
        return Save(record)
