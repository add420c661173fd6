"""Take one claim: remember stops, fold the person, find the employer, and let the rest follow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from functions.data.accounts.employer import Employer
from functions.data.effects.follow_up import FollowUp
from functions.data.effects.privacy import Privacy
from functions.data.intake.balance import Fate
from functions.data.people.change import PersonChange
from functions.data.people.resolver import IdentityResolver
from functions.data.people.review_queue import ReviewQueue
from functions.data.unify import Claim
from mos.errors import ConflictError
from mos.identity.resolution import Resolution
from mos.model.signal import Signal, SignalKind
from mos.ports import Moment

_TRIES = 5


@dataclass
class ClaimTaker:
    """Makes of each claim what is stored of a person, and what follows from it.

    `log_own` writes down what this layer itself has to say, and returns the ids that are new.
    """

    people: IdentityResolver
    reviews: ReviewQueue
    privacy: Privacy
    employer: Employer
    follow_up: FollowUp
    log_own: Callable[[Sequence[Signal]], set[str]]

    def take(
        self, claim: Claim, found: Resolution, new: set[str], moment: Moment
    ) -> Mapping[str, Fate]:
        """Return how each signal of the claim ends, and what was said because of it."""
        if claim.is_a_lone_device():
            return _end(claim, Fate.IMMATERIAL)
        self._remember_stops(claim, found, new, moment)
        change = self._save(claim, found, new)
        self.reviews.take(claim.signals)
        self.privacy.note(claim.signals, change.after.profile_id)
        employer = self.employer.find(claim, change.after, moment.now)
        if employer:
            change = self._add(employer, change)
        if not change.after.is_known:
            return _end(change.claim, Fate.IMMATERIAL)
        return self.follow_up.follow(change, new, moment)

    def _remember_stops(
        self, claim: Claim, found: Resolution, new: set[str], moment: Moment
    ) -> None:
        """Add the stop of somebody who was erased, and comes back under the same name."""
        if claim.profile_id in found.people and not claim.gained:
            return
        gained = {i.key: i for i in claim.gained if i.type != "anonymous_id"}
        stops = self.privacy.stops_for(gained, moment.now)
        new |= self.log_own(stops)
        claim.signals += stops

    def _add(self, own: Signal, change: PersonChange) -> PersonChange:
        """Take in a signal that we have to say ourselves, before anything follows."""
        own_ids = self.log_own([own]) | {s.signal_id for s in change.claim.signals}
        claim = Claim(change.claim.profile_id, [*change.claim.signals, own])
        claim.introduced, claim.keys = change.claim.introduced, change.claim.keys
        linked = self.people.again(claim, own_ids)
        if linked is None:
            raise ConflictError(claim.profile_id)
        linked[0].introduced = claim.introduced
        after = self._save(linked[0], linked[1], set())
        return replace(after, before=change.before, joined=change.joined, is_first=change.is_first)

    def _save(self, claim: Claim, found: Resolution, new: set[str]) -> PersonChange:
        for attempt in range(_TRIES):
            try:
                return self.people.save(claim, found, new, fresh=attempt == 0)
            except ConflictError:
                # Somebody else moved: link again on what is stored now.
                again = None if _is_attachment(claim) else self.people.again(claim, new)
                if again is None or attempt == _TRIES - 1:
                    raise
                claim, found = again
        raise ConflictError(claim.profile_id)


def _end(claim: Claim, fate: Fate) -> dict[str, Fate]:
    return {signal.signal_id: fate for signal in claim.signals}


def _is_attachment(claim: Claim) -> bool:
    """Say whether a row's attachment is in it: it was looked at with the people as they were."""
    return any(signal.kind is SignalKind.ROW_MATCHED for signal in claim.signals)
