"""Note by which identifier signals were linked, and keep them from who holds a stronger one."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from functions.data.intake.log import SignalLog
from functions.data.repository import IdentityRepository
from functions.data.unify import Claim
from mos.errors import ConflictError
from mos.identity.fold import fold_all
from mos.identity.identifier import usable
from mos.model.profile import Profile
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle

_TRIES = 5


@dataclass
class HomeMarker:
    """Marks signals that a protection has kept from the holder of their strongest identifier.

    They are logged under that identifier before anybody knows, so whoever folds its holder in
    between takes them for the holder's: those are folded again.
    """

    identity: IdentityRepository
    log: SignalLog
    bundle: Bundle
    kept: set[tuple[str, str]] = field(default_factory=set)

    def mark(self, claims: Iterable[Claim], new: AbstractSet[str]) -> None:
        """Mark the signals of claims, before anybody is folded from the log that holds them.

        Raises:
            ConflictError: the holder of a stronger identifier is being changed all the time.
        """
        for claim in claims:
            marked = self.log.mark_homes(claim.signals, claim.homes)
            for signal in claim.signals:
                home = (signal.signal_id, claim.homes.get(signal.signal_id, ""))
                # A try may have died between the mark and what follows from it.
                repeated = signal.signal_id in claim.homes and signal.signal_id not in new
                if home not in self.kept and (repeated or signal.signal_id in marked):
                    self.kept.add(home)
                    self._keep_from_holder(signal)

    def unmark(self, claims: Iterable[Claim]) -> None:
        """Take the mark from signals that were linked again, by their strongest this time."""
        for claim in claims:
            self.log.unmark_homes(s for s in claim.signals if s.signal_id not in claim.homes)

    def _keep_from_holder(self, signal: Signal) -> None:
        strongest = usable(signal, self.bundle)[:1]
        for owner in self.identity.owners(strongest).values():
            self.identity.snapshots.drop_all(owner.person)
            self._store_anew(owner.person, signal)

    def _store_anew(self, person: str, signal: Signal) -> None:
        """Store the holder as they are: who has read the log without the mark meets a conflict."""
        for _ in range(_TRIES):
            found = self.identity.find([person])
            profile, version = found.stored(found.roots[person])
            try:
                if version:
                    self.identity.save(self._without(profile, signal), version)
            except ConflictError:
                continue
            return
        raise ConflictError(person)

    def _without(self, profile: Profile, signal: Signal) -> Profile:
        """Return the holder as the log has them, where the signal may have been folded in."""
        last = profile.last_signal_at
        if last is None or signal.occurred_at > last:
            return profile
        start = Profile(profile_id=profile.profile_id, identifiers=profile.identifiers)
        log = self.log.of(profile.identifiers, self.bundle, profile.log_keys)
        return fold_all(start, log, self.bundle)
