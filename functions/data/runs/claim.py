"""Claim the run of a group's window: the first material signal of a window starts it.

identity: `GROUP#<id>/RUN#<run>`, `TRACE#<signal>/GROUP#<id>` (which run a signal is in).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from functions.data.intake.log import to_sort_key
from functions.data.runs.window import find_window_end, place_of
from mos.errors import ConflictError
from mos.events import ProfileUnified, SignalReceived
from mos.model.base import derive_id
from mos.model.signal import Signal
from mos.ports import Record, Table

_DAY = 86_400
_DAYS = 30


@dataclass(frozen=True)
class RunSubject:
    """Whose run it is."""

    profile_id: str
    account_id: str
    group_id: str


@dataclass
class Runs:
    """The runs that one batch claims; a burst of signals for one group is one of them.

    With `spreads` each group's windows close at a moment of its own.
    """

    table: Table
    coalesce_seconds: float
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    spreads: bool = False
    claimed: dict[tuple[str, bool], ProfileUnified] = field(default_factory=dict)

    def claim(
        self,
        signal: Signal,
        logged_under: str,
        subject: RunSubject,
        material: tuple[str, str],
        correction: str | None,
        now: datetime,
        *,
        again: bool = False,
    ) -> ProfileUnified | None:
        """Return the event to publish, or None when the window's run is out already.

        `material` is the row that found the signal worth a run, and why. A correction has a run of
        its own, so that it never swallows a signal that deserves an action. A signal that comes
        `again` stays in the run that it was in.
        """
        if again and (run_id := self._find_run(signal, subject.group_id)):
            record = self.table.get(f"GROUP#{subject.group_id}", f"RUN#{run_id}")
            if record is not None:
                return self._say_once(record)
        # The window is read off the clock after the profile is saved: a run that closes its
        # window later than this is sure to see it. One whose window has closed may not.
        closes = self._find_window_end(subject.group_id)
        expires = int(now.timestamp()) + _DAYS * _DAY
        held_key = (subject.group_id, correction is not None)
        run = self.claimed.get(held_key)
        if run and run.run_at == closes:
            self._trace(signal, logged_under, run, expires)
            return None
        causes = [subject.group_id, closes.isoformat(), *(["correction"] if correction else [])]
        run_id = derive_id("run", *causes)
        event = ProfileUnified.following(
            SignalReceived.of(signal),
            event_id=derive_id("evt", "ProfileUnified", run_id),
            run_id=run_id,
            run_at=closes,
            profile_id=subject.profile_id,
            account_id=subject.account_id,
            group_id=subject.group_id,
            material=material[0],
            why=material[1],
            correction=correction,
        )
        held, published = self._claim(event, expires)
        self._trace(signal, logged_under, held, expires)
        self.claimed[held_key] = held
        return None if published else held

    def _find_window_end(self, group_id: str) -> datetime:
        """Return when the group's window closes: where they are spread, at a moment of its own."""
        shift = place_of(group_id) if self.spreads else 0.0
        return find_window_end(self.clock(), self.coalesce_seconds, shift)

    def _claim(self, event: ProfileUnified, expires_at: int) -> tuple[ProfileUnified, bool]:
        """Return the event that starts the run of this window, and whether it is out.

        One that finds it unpublished (its claimer died) publishes it.
        """
        key = (f"GROUP#{event.group_id}", f"RUN#{event.run_id}")
        if self.table.put_new(Record(*key, event.canonical(), expires_at=expires_at)):
            return event, False
        held = self.table.get(*key)
        if held is None:
            raise ConflictError(str(key))
        return ProfileUnified.parse(held.body), _is_published(held)

    def _say_once(self, record: Record) -> ProfileUnified | None:
        """Return the event of a run that its first try did not get out, once per batch."""
        event = ProfileUnified.parse(record.body)
        held_key = (event.group_id, event.correction is not None)
        if _is_published(record) or self.claimed.get(held_key) == event:
            return None
        self.claimed[held_key] = event
        return event

    def _find_run(self, signal: Signal, group: str) -> str | None:
        pointer = self.table.get(f"TRACE#{signal.signal_id}", f"GROUP#{group}")
        return pointer.tags["run"] if pointer else None

    def mark_published(self, event: ProfileUnified, now: datetime) -> None:
        """Remember that the run's event is on the bus."""
        key = (f"GROUP#{event.group_id}", f"RUN#{event.run_id}")
        expires = int(now.timestamp()) + _DAYS * _DAY
        record = Record(*key, event.canonical(), 1, expires, tags={"published": "yes"})
        try:
            self.table.save(record)
        except ConflictError:
            return  # Another publisher of the same run was first; both told the same story.

    def _trace(
        self, signal: Signal, logged_under: str, event: ProfileUnified, expires_at: int
    ) -> None:
        """Leave a pointer from a signal to its place in the log and to its run."""
        tags = {
            "log": logged_under,
            "sort": to_sort_key(signal),
            "person": event.profile_id,
            "group": event.group_id,
            "run": event.run_id,
        }
        place = (f"TRACE#{signal.signal_id}", f"GROUP#{event.group_id}")
        self.table.put_new(Record(*place, expires_at=expires_at, tags=tags))


def _is_published(run: Record) -> bool:
    return run.tags.get("published") == "yes"
