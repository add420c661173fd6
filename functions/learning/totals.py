"""A canary's running totals: each look adds what was written since the last one, once.

lessons: `WATCH#<canary>/PART#<part>` (through which slot, and the sums of each guardrail),
`WATCH#<canary>#<part>/<bundle>#<account>` (what one account has had so far).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from functions.learning.guard import TallySums
from functions.learning.journal import PARTS, SLOT, list_slots, read_counts, slot_of
from functions.learning.repository import SUCCESS, of
from mos.model.base import canonical, derive_id
from mos.model.canary import Canary
from mos.model.lesson import OutcomeKind
from mos.ports import Record, Save, Table

COUNTED: Mapping[str, str] = {
    "unsubscribes": OutcomeKind.UNSUBSCRIBED.value,
    "complaints": OutcomeKind.COMPLAINED.value,
    "rejected hand-offs": OutcomeKind.TASK_REJECTED.value,
    "successes": SUCCESS,
}
"""What each guardrail counts, against the touches that could have had it: channels say which."""
_SETTLED = timedelta(minutes=2)
"""After how long nobody writes into a slot any more: longer than an invocation may take."""
_AT_ONCE = 90
_KEPT = timedelta(days=90)
Sums = dict[str, dict[str, TallySums]]


@dataclass
class _Part:
    record: Record
    through: str
    sums: Sums = field(default_factory=dict)


@dataclass(frozen=True)
class CanaryTotals:
    """What the accounts of a canary, and all others, have had since it began."""

    table: Table
    canary: Canary

    @property
    def _id(self) -> str:
        return derive_id("can", self.canary.digest, self.canary.started_at.isoformat())

    @property
    def _first(self) -> str:
        """Return the first slot that lies wholly in the canary's time."""
        return slot_of(self.canary.started_at + SLOT)

    def add_up(self, now: datetime) -> Sums:
        """Return the sums of each bundle and guardrail, with all that is settled by now.

        A look that died is finished by the next one: each account says how far it is counted.

        Raises:
            ConflictError: another look is at it.
        """
        until = slot_of(now - _SETTLED - SLOT)
        found: Sums = {}
        for number in range(PARTS):
            part = self._part(number)
            slots = list_slots(part.through, until)
            if slots:
                part = self._fold(number, part, slots)
            for bundle, sums in part.sums.items():
                held = found.setdefault(bundle, {})
                for name, more in sums.items():
                    held[name] = held.get(name, TallySums()).plus(more)
        return found

    def _fold(self, number: int, part: _Part, slots: Sequence[str]) -> _Part:
        fresh = self._read(number, slots)
        places = sorted(fresh)
        for first in range(0, len(places), _AT_ONCE):
            part = self._add(number, part, {p: fresh[p] for p in places[first : first + _AT_ONCE]})
        return self._save(replace(part, through=slots[-1]), [])

    def _read(self, number: int, slots: Sequence[str]) -> dict[str, list[tuple[str, str, float]]]:
        """Return what was written of each account: the slot, what, and how often."""
        found: dict[str, list[tuple[str, str, float]]] = {}
        for bundle in (self.canary.digest, self.canary.baseline):
            for slot in slots:
                for touched, account, what, count in read_counts(self.table, bundle, slot, number):
                    if touched >= self._first:
                        found.setdefault(f"{bundle}#{account}", []).append((slot, what, count))
        return found

    def _add(
        self, number: int, part: _Part, fresh: Mapping[str, Sequence[tuple[str, str, float]]]
    ) -> _Part:
        key, changes = f"WATCH#{self._id}#{number}", list[Save]()
        held = self.table.get_many([(key, place) for place in fresh])
        sums = {bundle: dict(one) for bundle, one in part.sums.items()}
        for place, rows in fresh.items():
            record = held.get((key, place)) or Record(key, place, expires_at=self._ends)
            through = record.tags.get("through", "")
            numbers = dict(record.numbers)
            for slot, what, count in rows:
                if slot > through:
                    numbers[what] = numbers.get(what, 0) + count
            mine = sums.setdefault(place.partition("#")[0], {})
            for name, what in COUNTED.items():
                before = (record.numbers.get(of(what), 0), record.numbers.get(what, 0))
                after = (numbers.get(of(what), 0), numbers.get(what, 0))
                mine[name] = mine.get(name, TallySums()).moved(before, after)
            last = max(through, *(slot for slot, _, _ in rows))
            changes.append(Save(replace(record, numbers=numbers, tags={"through": last})))
        return self._save(replace(part, sums=sums), changes)

    def _part(self, number: int) -> _Part:
        key = (f"WATCH#{self._id}", f"PART#{number:02d}")
        record = self.table.get(*key) or Record(*key, expires_at=self._ends)
        begin = slot_of(self.canary.started_at)
        if not record.body:
            return _Part(record, begin)
        said = json.loads(record.body)
        sums = {b: {n: TallySums(*v) for n, v in one.items()} for b, one in said["sums"].items()}
        return _Part(record, said["through"], sums)

    def _save(self, part: _Part, changes: Sequence[Save]) -> _Part:
        sums = {b: {n: v.numbers for n, v in one.items()} for b, one in part.sums.items()}
        record = replace(part.record, body=canonical({"through": part.through, "sums": sums}))
        token = derive_id("tx", "watch", self._id, record.sk, str(record.version))
        self.table.transact([*changes, Save(record)], token)
        return replace(part, record=replace(record, version=record.version + 1))

    @property
    def _ends(self) -> int:
        return int((self.canary.started_at + _KEPT).timestamp())
