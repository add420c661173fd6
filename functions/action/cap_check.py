"""Whether the caps have room for what is about to leave: by what left, not by what was decided.

Which caps hold is what the decision was made by; whom they count, and whose day it is, is looked
up anew: people and accounts may have become one meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.action.cap_room import (
    CountedCap,
    LeftTouch,
    find_full,
    find_opening,
)
from functions.action.cap_words import say_full, say_moment
from functions.action.deliver import NEVER_LEFT, end_unsent, hold
from functions.action.left_touches import LeftRecords
from functions.action.repository import Deliveries
from functions.action.unsent import tell_taken_back
from mos.errors import ConflictError, ContendedError
from mos.events import ActionDecided
from mos.model.account import SharedTouches
from mos.model.base import Facts
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.former import FormerId
from mos.model.limit import CALENDAR, Limit, RecipientCalendar
from mos.policy.bundle.bundle import Bundle
from mos.policy.local_calendar import find_calendar
from mos.policy.quiet import find_quiet_end

_TRIES = 20
_MET = "others are leaving for the same people right now"
Others = Mapping[str, FormerId | SharedTouches | None]
"""Whose touches count for a subject, by id, and which of them: None where all do."""


@dataclass(frozen=True)
class CapCheck:
    """What one delivery takes of the caps that hold for it, checked and counted with its claim.

    `subjects` say by scope whose touches count, `noted` with whom this one is noted. `limits` hold
    it back: none where its class is outside caps. Its touch counts all the same. `seen` are the ads
    that they saw, by scope.
    """

    event: ActionDecided
    deliveries: Deliveries
    limits: tuple[Limit, ...]
    table: str
    subjects: Mapping[str, Others]
    noted: frozenset[str]
    facts: Facts
    bundle: Bundle
    seen: Mapping[str, tuple[LeftTouch, ...]]

    def find_wait(self, delivery: Delivery, now: datetime) -> Delivery | None:
        """Return the delivery as its caps hold it back, or end it; None where it may leave now."""
        return self._judge(self._read(), delivery, now) if self.limits else None

    def claim(
        self, mine: Delivery, version: int, delivery: Delivery, now: datetime
    ) -> int | Delivery:
        """Store a claim and count it, all or nothing; return the claim's new version.

        Where caps have no room the delivery is returned as they hold it back, and nothing was
        stored.

        Raises:
            ConflictError: another try of the same action was faster.
        """
        for _ in range(_TRIES):
            records = self._read()
            if (stays := self._judge(records, delivery, now)) is not None:
                return stays
            saves = records.save_all(self._make_touch(records, delivery, now), self.noted, now)
            try:
                return self.deliveries.save(mine, version, saves)
            except (ConflictError, ContendedError):
                if self.deliveries.find(delivery.action_id)[1] != version:
                    raise
        return hold(self.event, delivery, None, now, _MET)

    def _read(self) -> LeftRecords:
        everybody = {one for others in self.subjects.values() for one in others}
        return LeftRecords.read(self.deliveries.table, everybody)

    def _make_touch(self, records: LeftRecords, delivery: Delivery, now: datetime) -> LeftTouch:
        """Return the touch that this one is: the moments of tries that may have arrived stay."""
        tries = [now]
        if delivery.is_unsure:
            kept = [one for subject in self.noted for one in records.list_of(subject)]
            tries += [m for one in kept if one.touch_id == delivery.action_id for m in one.at]
        return LeftTouch(
            touch_id=delivery.action_id,
            at=tuple(sorted(set(tries))),
            channel=self.event.channel,
            weight=self.event.action.contact_weight,
        )

    def _judge(self, records: LeftRecords, delivery: Delivery, now: datetime) -> Delivery | None:
        weight, find = self.event.action.contact_weight, self._find_calendar
        caps = self._count(records, delivery, ())
        if not (full := find_full(caps, weight, now, find)):
            return None
        # Only where it is needed is it asked how each of them stands.
        caps = self._count(records, delivery, self._list_gone(caps))
        if not (full := find_full(caps, weight, now, find)):
            return None
        why, latest = say_full(full, self.table), self.event.expires_at
        opens = find_opening(caps, weight, now, latest, find)
        if opens is None:
            late = f"expired: {why}, with no room before {say_moment(latest, self.facts)}"
            return end_unsent(delivery, DeliveryStatus.SKIPPED, late)
        why += f": room from {say_moment(opens, self.facts)}"
        if (morning := self._find_morning(opens)) is not None:
            why += f", quiet hours there until {say_moment(morning, self.facts)}"
        return hold(self.event, delivery, morning or opens, now, why)

    def _count(
        self, records: LeftRecords, delivery: Delivery, gone: Iterable[str]
    ) -> list[CountedCap]:
        """Return each cap with the touches of whom it is about, but for this one's and some."""
        left_out = {delivery.action_id, *gone}
        touches = {
            scope: [one for one in _join(records, others) if one.touch_id not in left_out]
            for scope, others in self.subjects.items()
        }
        return [
            CountedCap(one, (*touches.get(one.scope, ()), *self.seen.get(one.scope, ())))
            for one in self.limits
        ]

    def _list_gone(self, caps: Sequence[CountedCap]) -> set[str]:
        """Return which touches count no more: nothing of them stands outside, by their delivery."""
        ours = {one.touch_id for cap in caps for one in cap.touches if not one.observed}
        found = self.deliveries.list_named(sorted(ours))
        return {one.action_id for one in found if not stands(one)}

    def _find_calendar(self, at: datetime) -> RecipientCalendar:
        windows = sorted({one.window for one in self.limits if one.window in CALENDAR})
        return find_calendar(self.facts, windows, at)

    def _find_morning(self, opens: datetime) -> datetime | None:
        """Return until when it is quiet where they are once the caps have room; None: it is not."""
        event = self.event
        return find_quiet_end(self.facts, event.channel, event.action.klass, opens, self.bundle)


@dataclass(frozen=True)
class Uncapped:
    """Claims what no cap counts: a notice to a colleague, a mail that asks whether a yes was it."""

    deliveries: Deliveries

    def claim(self, mine: Delivery, version: int, _delivery: Delivery, _now: datetime) -> int:
        """Store a claim and return its new version.

        Raises:
            ConflictError: another try of the same action was faster.
        """
        return self.deliveries.save(mine, version)


def stands(delivery: Delivery) -> bool:
    """Say whether anything of a delivery is outside, is leaving, or may be: then it counts."""
    if delivery.status is DeliveryStatus.RETRY:
        return delivery.is_unsure
    return delivery.status not in NEVER_LEFT and not tell_taken_back(delivery, ended=False)


def _join(records: LeftRecords, others: Others) -> list[LeftTouch]:
    """Return the touches of all of them, each once, with those of its moments that count."""
    found: dict[str, LeftTouch] = {}
    for subject, holds in others.items():
        for one in records.list_of(subject):
            moments = [m for m in one.at if holds is None or holds.holds(m)]
            held = found.get(one.touch_id)
            at = tuple(sorted({*moments, *(held.at if held else ())}))
            if at:
                found[one.touch_id] = one.model_copy(update={"at": at})
    return list(found.values())
