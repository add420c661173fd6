"""What left, by person, group and account: the record on which two sends to one of them meet.

actions: `LEFT#<subject>/TOUCHES`. Whoever sends writes every record that was read for it, in the
transaction of the claim: each holds while nobody else has written it. How each touch stands is not
kept here but with its own delivery.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from functions.action.cap_room import LeftTouch, LeftTouches
from mos.model.decision import HORIZON
from mos.ports import Record, Save, Table

_SORT = "TOUCHES"
_MOST = 500
"""Touches of a subject, at most: a company of thousands gets more mails than an item holds."""


def place_of(subject: str) -> tuple[str, str]:
    """Return where a subject's touches are kept."""
    return f"LEFT#{subject}", _SORT


@dataclass(frozen=True)
class LeftRecords:
    """The records of some subjects, as they were read."""

    records: Mapping[str, Record]

    @classmethod
    def read(cls, table: Table, subjects: Iterable[str]) -> "LeftRecords":
        """Read what left of each subject; one of whom nothing is kept has an empty record."""
        places = {subject: place_of(subject) for subject in sorted(set(subjects))}
        found = table.get_many(list(places.values()))
        return cls({one: found.get(place) or Record(*place) for one, place in places.items()})

    def list_of(self, subject: str) -> tuple[LeftTouch, ...]:
        """Return a subject's touches."""
        record = self.records.get(subject)
        if record is None or not record.body:
            return ()
        return LeftTouches.parse(record.body).touches

    def save_all(self, touch: LeftTouch, noted: Iterable[str], now: datetime) -> list[Save]:
        """Return what writes every record, a touch with those subjects with whom it is noted.

        The same touch is kept once. What no cap can ask for any more is left out, and so are all
        but the latest 500: as many as the ledger keeps.
        """
        with_it = set(noted)
        saves = []
        for subject, record in sorted(self.records.items()):
            kept = [one for one in self.list_of(subject) if now - max(one.at) < HORIZON]
            kept = sorted(kept, key=lambda one: max(one.at))[-_MOST:]
            if subject in with_it:
                kept = [*(one for one in kept if one.touch_id != touch.touch_id), touch]
            body = LeftTouches(touches=tuple(kept)).canonical()
            ends = int((max([now, *touch.at]) + HORIZON + timedelta(days=1)).timestamp())
            saves.append(Save(replace(record, body=body, expires_at=ends)))
        return saves
