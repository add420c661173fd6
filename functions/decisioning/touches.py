"""What was done to one group, person, account or rep, as the table keeps it.

decisions: `TOUCHES#<subject>/RECENT` (once the only one) and `RECENT#<place>`, touches in places,
each with its version (see `places.py`); `LAST#<what>`, when something was last done to them: an
action by its name, or anything that a human did (`@human`), whose number `times` counts how often;
or that such was taken back (`@taken_back`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from functions.decisioning.places import choose
from mos.model.base import canonical
from mos.model.decision import HORIZON, REPEATS_KEPT
from mos.model.touched import PLACE, TOUCHES, Touched, parse_touches, write_touches
from mos.ports import Count, Record, Save, Table

BY_HUMAN, TAKEN_BACK = "@human", "@taken_back"
_LAST, _TIMES = "LAST#", "times"
_MOMENTS = 10
"""The latest moments of one action: more than one tell what was done before an unmerge."""


@dataclass(frozen=True)
class Lately:
    """What was read of one subject."""

    key: str
    records: Mapping[int, Record]
    last: Mapping[str, Record] = field(default_factory=dict)

    @classmethod
    def read(cls, table: Table, subject: str) -> "Lately":
        """Read all places of a subject, and when what was last done to it."""
        key, places, last = f"{TOUCHES}{subject}", dict[int, Record](), dict[str, Record]()
        for record in table.query(key):
            if record.sk.startswith(_LAST):
                last[record.sk.removeprefix(_LAST)] = record
            elif record.sk.startswith(PLACE):
                places[int(record.sk.partition("#")[2] or 0)] = record
        return cls(key, places, last)

    @cached_property
    def places(self) -> dict[int, tuple[Touched, ...]]:
        """Return the touches in each place."""
        return {number: parse_touches(record.body) for number, record in self.records.items()}

    @property
    def touches(self) -> list[Touched]:
        """Return all of them."""
        return [touch for kept in self.places.values() for touch in kept]

    def moments(self, what: str) -> list[datetime]:
        """Return when something was done to them lately, the latest last."""
        record = self.last.get(what)
        body = record.body if record else ""
        return sorted(map(datetime.fromisoformat, json.loads(body))) if body else []

    def add(self, touch: Touched, count: int, room: float, point: float, kept: timedelta) -> Save:
        """Return what keeps one touch more: it holds while nobody has changed the place."""
        last = {number: max(t.at for t in kept) for number, kept in self.places.items() if kept}
        number = choose(last, count, room, point)
        sort = f"{PLACE}#{number:03}" if number else PLACE
        touches = (*self.places.get(number, ()), touch)
        record = replace(
            self.records.get(number, Record(self.key, sort)),
            body=write_touches(touches, touch.at, kept),
            expires_at=int((max(t.at for t in touches) + kept).timestamp()),
        )
        return Save(record)

    def note(self, what: str, at: datetime) -> Save:
        """Return what keeps that something was done: it holds while nobody else has done it."""
        held = self.last.get(what) or Record(self.key, f"{_LAST}{what}")
        moments = sorted([*self.moments(what), at])[-_MOMENTS:]
        times = {_TIMES: held.numbers.get(_TIMES, 0) + 1} if what == BY_HUMAN else {}
        return Save(
            replace(
                held,
                body=canonical([moment.isoformat() for moment in moments]),
                numbers={**held.numbers, **times},
                expires_at=int((moments[-1] + REPEATS_KEPT).timestamp()),
            )
        )

    def without(self, touch: Touched) -> Save | None:
        """Return what takes one touch out again; None where it is not kept any more."""
        for number, kept in sorted(self.places.items()):
            if touch in kept:
                left = list(kept)
                left.remove(touch)
                body = write_touches(left, touch.at, HORIZON)
                return Save(replace(self.records[number], body=body))
        return None

    def move(self, touch: Touched, moved: Touched) -> Save | None:
        """Return what keeps a touch as another, in its place; None where it is not kept any more.

        It holds while nobody has changed the place.
        """
        for number, kept in sorted(self.places.items()):
            if touch in kept:
                left = list(kept)
                left[left.index(touch)] = moved
                latest = max(one.at for one in left)
                ends = int((latest + HORIZON).timestamp())
                body = write_touches(left, moved.at, HORIZON)
                return Save(replace(self.records[number], body=body, expires_at=ends))
        return None

    def unnote(self, what: str, at: datetime) -> Save | None:
        """Return what takes out that something was done then; None where that is not noted.

        The number of times stays: who has seen it looks again in any case.
        """
        moments = self.moments(what)
        if at not in moments:
            return None
        moments.remove(at)
        body = canonical([moment.isoformat() for moment in moments])
        return Save(replace(self.last[what], body=body))

    def guard(self, at: datetime) -> Count:
        """Return what holds only while no human has done anything to them since they were read."""
        held = self.last.get(BY_HUMAN)
        seen = int(held.numbers.get(_TIMES, 0)) if held else 0
        ends = int((at + REPEATS_KEPT).timestamp())
        return Count(self.key, f"{_LAST}{BY_HUMAN}", _TIMES, 0, at_most=seen, expires_at=ends)
