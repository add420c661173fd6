"""What learning has kept, read for a report: outcomes and touches of a span, experiments' accounts.

Read only, from the learning layer's table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mos.model.lesson import (
    Enrolment,
    KeptOutcome,
    SeenAd,
    Touch,
    list_enrolment_places,
    list_outcome_places,
    list_spend_places,
    list_touched_places,
)
from mos.ports import Table

_EXPERIMENTS = "EXPERIMENTS"
_AT_ONCE = 100


@dataclass(frozen=True)
class Contact:
    """That a group was reached over a channel, by us or by an ad that somebody saw."""

    at: datetime
    channel: str


@dataclass(frozen=True)
class LessonLog:
    """The learning layer's records of some days up to a moment."""

    table: Table
    at: datetime
    days: int

    @property
    def since(self) -> datetime:
        """Return when the span begins."""
        return self.at - timedelta(days=self.days)

    def list_outcomes(self, most: int) -> list[KeptOutcome]:
        """Return what came of us in the span, the latest day first, up to so many."""
        found: list[KeptOutcome] = []
        for day in self._days():
            places = [
                (f"ACCOUNT#{pointer.tags['account']}", f"OUTCOME#{pointer.sk}")
                for place in list_outcome_places(day)
                for pointer in self.table.query(place)
                if self.since.isoformat() <= pointer.sk.partition("#")[0] <= self.at.isoformat()
            ]
            for first in range(0, len(places), _AT_ONCE):
                held = self.table.get_many(places[first : first + _AT_ONCE])
                found += [KeptOutcome.parse(record.body) for record in held.values()]
            if len(found) >= most:
                break
        return sorted(found[:most], key=lambda k: (k.outcome.at, k.outcome.signal_id))

    def list_experiments(self) -> list[str]:
        return [record.sk for record in self.table.query(_EXPERIMENTS)]

    def list_enrolled(self, experiment: str) -> list[Enrolment]:
        """Return the accounts of an experiment, by when they were first decided on."""
        found = [
            Enrolment.parse(record.body)
            for place in list_enrolment_places(experiment)
            for record in self.table.query(place)
        ]
        return sorted((e for e in found if e.at <= self.at), key=lambda e: (e.at, e.account_id))

    def list_groups(self, most: int) -> list[str]:
        """Return the groups that were touched in the span, the latest first, up to so many."""
        found: dict[str, None] = {}
        for day in self._days():
            for place in list_touched_places(day):
                found |= dict.fromkeys(record.sk for record in self.table.query(place))
            if len(found) >= most:
                break
        return list(found)[:most]

    def list_contacts(self, group_id: str) -> list[Contact]:
        """Return every touch of a group that left, and the ads that its people saw, in order."""
        records = self.table.query(f"GROUP#{group_id}")
        touches = [Touch.parse(r.body) for r in records if r.sk.startswith("TOUCH#")]
        ads = [SeenAd.parse(r.body) for r in records if r.sk.startswith("SEEN#")]
        found = [Contact(t.at, t.channel) for t in touches if not t.never_left]
        found += [Contact(ad.at, ad.channel) for ad in ads]
        return sorted(found, key=lambda c: (c.at, c.channel))

    def sum_spend(self) -> dict[str, dict[str, float]]:
        """Return, by channel, the touches of the span's days, their impressions and their cost."""
        found: dict[str, dict[str, float]] = {}
        for place in (place for day in self._days() for place in list_spend_places(day)):
            for record in self.table.query(place):
                channel, _, what = record.sk.rpartition("#")
                counts = found.setdefault(channel, {})
                counts[what] = counts.get(what, 0) + record.numbers.get("count", 0)
        return found

    def _days(self) -> Iterator[datetime]:
        for back in range(self.days + 1):
            yield self.at - timedelta(days=back)


def stand(outcomes: Sequence[KeptOutcome]) -> list[KeptOutcome]:
    """Return the outcomes that hold, each deal once a kind: at its first word, with its last value.

    A deal says that it is open as often as anything in it is changed.
    """
    found: dict[tuple[str, str, str], KeptOutcome] = {}
    for kept in outcomes:
        outcome = kept.outcome
        if kept.is_reversed:
            continue
        own = outcome.about or outcome.signal_id
        key = (outcome.account_id, outcome.kind.value, own)
        first = found.get(key)
        if first is None:
            found[key] = kept
        elif outcome.value is not None:
            worth = {"value": outcome.value, "currency": outcome.currency}
            again = first.outcome.model_copy(update=worth)
            found[key] = first.model_copy(update={"outcome": again})
    return list(found.values())
