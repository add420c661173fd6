"""Fold a person again: from the newest snapshot before what has come, else from the first signal.

identity: `PERSON#<id>/SNAPSHOT#<moment><digest>`. The tag `snapshots` of a profile's item names
those that hold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.data.intake.log import SignalLog
from functions.data.repository import IdentityRepository
from mos.identity.fold import FoldState, order
from mos.identity.hindsight import corrected
from mos.identity.snapshot import (
    EVERY,
    MOST_KEPT,
    Marks,
    Snapshot,
    find_boundaries,
    find_targets,
    leaves_one,
    moment_of,
    thin_out,
)
from mos.model.profile import Profile
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle

_KEPT = timedelta(days=180)
_FULL = 20
"""A profile that names so many latest signals has some history: a snapshot is worth its write."""


@dataclass(frozen=True)
class Refolded:
    """A profile that was folded again: what was read for it, and the snapshots that hold."""

    profile: Profile
    log: Sequence[Signal]
    marks: Marks


@dataclass(frozen=True)
class _Base:
    """Where a fold begins: a snapshot, or with nothing. `gained` is the log of new identifiers."""

    snapshot: Snapshot | None = None
    gained: tuple[Signal, ...] = ()


@dataclass
class Refolder:
    """Folds what is logged of a person, and leaves snapshots where the next late one may begin.

    One signal in `every` leaves one, of who has as many latest signals as `full`.
    """

    identity: IdentityRepository
    log: SignalLog
    bundle: Bundle
    every: int = EVERY
    full: int = _FULL

    def is_due(self, before: Profile, signals: Iterable[Signal]) -> bool:
        """Say whether one of these signals leaves a snapshot behind it."""
        has_history = len(before.evidence) >= self.full
        return has_history and any(leaves_one(s, self.every) for s in signals)

    def refold(
        self, start: Profile, signals: Sequence[Signal], log_keys: Iterable[str], marks: Marks
    ) -> Refolded:
        """Return the person after these signals and all that is logged of them.

        `marks` are the snapshots that hold for what was stored. One that lies before everything
        that these signals change spares the log before it.
        """
        keys = tuple(log_keys)
        base = self._find_base(start, signals, marks)
        found = self._read(start, keys, marks.note(signals), base)
        if base.snapshot and find_targets(signals) - {s.signal_id for s in (*signals, *found)}:
            base = _Base()  # It corrects something that lies further back.
            found = self._read(start, keys, marks, base)
        state = FoldState.start(start)
        if base.snapshot:
            state = base.snapshot.resume(start.identifiers)
        at = base.snapshot.at if base.snapshot else None
        # Of two deliveries of one signal the logged one is the truth.
        unique = {s.signal_id: s for s in (*signals, *found)}
        later = [s for s in corrected(unique.values()) if at is None or s.occurred_at > at]
        later.sort(key=order)
        state, left = self._walk(state, later)
        held = [p for p in marks.places if at and moment_of(p) <= at]
        now = max(s.received_at for s in signals)
        noted = (marks if base.snapshot else Marks()).note(unique.values())
        return Refolded(state.settle(self.bundle), found, self._keep(start, held, left, noted, now))

    def _walk(
        self, state: FoldState, signals: Sequence[Signal]
    ) -> tuple[FoldState, dict[str, Snapshot]]:
        """Return the state after these signals, and the snapshots that are worth keeping."""
        left: dict[str, Snapshot] = {}
        ends = set(find_boundaries(signals, self.every))
        for index, signal in enumerate(signals):
            state = state.take(signal, self.bundle)
            if index in ends and len(state.profile.evidence) >= self.full:
                made = Snapshot.of(state, signal.occurred_at, self.bundle)
                left[made.place] = made
                if len(left) > 2 * MOST_KEPT:
                    left = {place: left[place] for place in thin_out(list(left))}
        return state, left

    def _keep(
        self,
        person: Profile,
        held: Sequence[str],
        left: dict[str, Snapshot],
        marks: Marks,
        at: datetime,
    ) -> Marks:
        """Store the snapshots that are kept, and return which ones hold from now on."""
        places = thin_out([*held, *left])
        for place in places:
            if place in left:
                expires = at + _KEPT
                self.identity.snapshots.put(person.profile_id, left[place], expires)
        return Marks(places, marks.skew, marks.undated)

    def _find_base(self, start: Profile, signals: Sequence[Signal], marks: Marks) -> _Base:
        """Return the newest snapshot from which folding comes to the same."""
        first = min((s.occurred_at for s in signals), default=None)
        logs: dict[str, tuple[Signal, ...]] = {}
        while first is not None:
            snapshot = self._next_before(start, marks, first)
            if snapshot is None or not snapshot.fits(start.identifiers, self.bundle):
                return _Base()
            gained = [i for i in start.identifiers if i.key not in snapshot.keys]
            for identifier in gained:
                if identifier.key not in logs:
                    own = self.log.of([identifier], self.bundle)
                    logs[identifier.key] = tuple(own)
            new = tuple(s for i in gained for s in logs[i.key])
            if all(s.occurred_at > snapshot.at for s in new):
                return _Base(snapshot, new)
            first = min(s.occurred_at for s in new)
        return _Base()

    def _next_before(self, start: Profile, marks: Marks, first: datetime) -> Snapshot | None:
        stored = (self.identity.snapshots.get(start.profile_id, p) for p in marks.before(first))
        return next(filter(None, stored), None)

    def _read(
        self, start: Profile, log_keys: Sequence[str], marks: Marks, base: _Base
    ) -> list[Signal]:
        """Return what the log holds of a person from a snapshot on: some of before it, too."""
        if base.snapshot is None:
            return self.log.of(start.identifiers, self.bundle, log_keys)
        read = [i for i in start.identifiers if i.key in base.snapshot.keys]
        first = marks.first_key(base.snapshot.at)
        found = self.log.since(
            read, self.bundle, log_keys, first, undated=marks.undated, own=start.identifiers
        )
        return [*base.gained, *found]
