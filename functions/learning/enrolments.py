"""Which accounts each experiment compares, and what touched a group beside our decisions.

lessons: `EXPERIMENTS/<name>`, `ENROLLED#<experiment>#<part>/<account>` (its arm, since when),
`GROUP#<id>/SEEN#<at>#<signal>` (an ad that somebody saw).
"""

from collections.abc import Iterable
from datetime import datetime

from mos.events import TouchObserved
from mos.model.challenge import Assigned
from mos.model.lesson import Enrolment, SeenAd, place_of_enrolment
from mos.ports import Record, Table

EXPERIMENTS = "EXPERIMENTS"


class Enrolments:
    """The experiments of the learning layer's own table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def enrol(self, account_id: str, arms: Iterable[Assigned], at: datetime) -> None:
        """Note when an account was first decided on in each experiment, and in which arm: once.

        Before its first decision no arm can have made a difference to it.
        """
        places = {(place_of_enrolment(a.challenge, account_id), account_id): a for a in arms}
        held = self._table.get_many(list(places)) if places else {}
        for place, arm in places.items():
            if place in held:
                continue
            made = Enrolment(
                account_id=account_id, experiment=arm.challenge, arm=arm.arm,
                probability=arm.probability, at=at,
            )  # fmt: skip
            self._table.put_new(Record(EXPERIMENTS, arm.challenge))
            self._table.put_new(Record(*place, made.canonical()))

    def note_ad(self, event: TouchObserved) -> None:
        """Keep an ad that somebody saw as a touch of their group, once."""
        seen = SeenAd(
            signal_id=event.signal_id,
            person_id=event.person_id,
            group_id=event.group_id,
            account_id=event.account_id,
            channel=event.channel,
            at=event.occurred_at,
        )
        sort = f"SEEN#{event.occurred_at.isoformat()}#{event.signal_id}"
        self._table.put_new(Record(f"GROUP#{event.group_id}", sort, seen.canonical()))
