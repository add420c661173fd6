"""One batch of signals through the data layer: judge, log, link, fold, follow, publish."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from functions.data.companies import CompanyRepository
from functions.data.employer import Employer
from functions.data.follow import Change, Follower
from functions.data.found import Found
from functions.data.holdable import refusal
from functions.data.judge import JUDGED, SPAN_SECONDS, habits_of, judge
from functions.data.log import SignalLog
from functions.data.people import People
from functions.data.privacy import Privacy
from functions.data.repository import IdentityRepository
from functions.data.reviews import Reviews
from functions.data.runs import Runs
from functions.data.separate import Separator
from functions.data.unify import Claim
from functions.data.words import Words
from mos.errors import (
    ConflictError,
    EndlessError,
    RejectedError,
    UnavailableError,
    parked_reason,
)
from mos.events import Event, ProfileUnified
from mos.identity.correction import SYSTEM, reclassify
from mos.identity.identifier import log_key
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.ports import Asker, Bus, Moment, Table
from mos.runtime import logger, tally

_TRIES = 5


@dataclass
class Batch:
    """The collaborators of one batch, and what it has to say at its end."""

    signals: Table
    identities: Table
    bus: Bus
    asker: Asker
    bundle: Bundle
    coalesce_seconds: float
    park: Callable[[Sequence[Signal], str], None] = lambda _signals, _reason: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    counts: Counter[str] = field(default_factory=Counter)
    own: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log = SignalLog(self.signals)
        self.identity = IdentityRepository(self.identities)
        self.companies = CompanyRepository(self.identities)
        self.runs = Runs(self.identities, self.coalesce_seconds, self.clock)
        self.privacy = Privacy(
            self.identities, self.identity, self.companies, self.log, self.bundle
        )
        self.people = People(self.identity, self.log, self.bundle)
        self.follower = Follower(
            self.identity, self.companies, self.runs, self.asker, self.bundle, counts=self.counts
        )

        self.reviews = Reviews(self.identities)
        self.employer = Employer(self.companies, self.reviews, self.bundle)
        separator = Separator(self.identity, self.log, self.bundle)
        self.words = Words(
            self.bundle, self.companies, self.runs, self.follower, separator, self.privacy,
            self._park,
        )  # fmt: skip

    @property
    def said(self) -> list[Event]:
        """Return what this batch has said."""
        return self.follower.said

    def run(self, signals: Sequence[Signal], moment: Moment) -> set[str]:
        """Take the batch; return the ids of the signals that must be tried again."""
        given = self._holdable(list({signal.signal_id: signal for signal in signals}.values()))
        new = self.log.append([(log_key(s, self.bundle), s) for s in given])
        verdicts = self._judged(given, moment)
        new |= self._log_own(verdicts)
        failed, rest = self.words.take(given, new, moment)
        claims, nobody, found = self._assigned([*rest, *verdicts], new)
        troubled: set[str] = set()
        for claim in claims:
            if troubled & claim.keys:
                # It shares an identifier with one that must wait: it may not overtake it.
                failed |= {signal.signal_id for signal in claim.signals}
                continue
            lost = self._guarded(claim, found, new, moment)
            failed |= lost
            troubled |= claim.keys if lost else set()
        failed |= self.words.erase(given)
        self._publish(moment)
        self.counts["unidentified"] = len(nobody)
        self._conserve(signals, failed)
        return failed & {signal.signal_id for signal in signals}

    def _conserve(self, signals: Sequence[Signal], failed: set[str]) -> None:
        """Count in + own = given + immaterial + unidentified + parked + repeated + retried."""
        every = [*(s.signal_id for s in signals), *self.own]
        lost = len(failed & set(every))
        self.counts["repeated"] = len(every) - self.counts.total() - lost
        tally(**self.counts, own=len(self.own))

    def _holdable(self, signals: list[Signal]) -> list[Signal]:
        """Return the signals that can be written down and may say what they say."""
        held = []
        for signal in signals:
            reason = refusal(signal, self.bundle)
            if reason:
                self._park([signal], reason)
            else:
                held.append(signal)
        return held

    def _assigned(
        self, signals: Sequence[Signal], new: set[str]
    ) -> tuple[list[Claim], list[Signal], Found]:
        """Return whose signals these are; those of people who lead nowhere are put aside."""
        try:
            return self.people.assign(signals, new)
        except EndlessError:
            return self.people.assign([s for s in signals if self._leads_on(s, new)], new)

    def _leads_on(self, signal: Signal, new: set[str]) -> bool:
        try:
            self.people.assign([signal], new)
        except EndlessError as error:
            self._park([signal], parked_reason(error))
            return False
        return True

    def _park(self, signals: Sequence[Signal], reason: str) -> None:
        self.park(signals, reason)
        self.counts["parked"] += len(signals)

    def _judged(self, signals: Sequence[Signal], moment: Moment) -> list[Signal]:
        """Return the corrections for clicks that only their company gives away as a machine's."""
        habits = habits_of(self.bundle)
        known: dict[str, Signal] = {}
        for signal in signals:
            if signal.kind in JUDGED:
                key = log_key(signal, self.bundle)
                around = self.log.around(key, signal.occurred_at, SPAN_SECONDS)
                known |= {s.signal_id: s for s in around}
        if not known:
            return []
        by_key: dict[str, list[Signal]] = {}
        for signal in known.values():
            by_key.setdefault(log_key(signal, self.bundle), []).append(signal)
        done = {
            str(s.properties.get("target"))
            for s in known.values()
            if s.kind is SignalKind.RECLASSIFIED
        }
        return [
            reclassify(known[target], actor, reason, by="judge", source=SYSTEM, now=moment.now)
            for found in by_key.values()
            for target, (actor, reason) in judge(found, habits).items()
            if target not in done
        ]

    def _guarded(self, claim: Claim, found: Found, new: set[str], moment: Moment) -> set[str]:
        """Take a claim; what cannot be held is parked, what met trouble is tried again later."""
        before = self.counts.copy()
        try:
            self._take(claim, found, new, moment)
        except (ConflictError, UnavailableError) as error:
            logger().warning("retry", extra={"error": type(error).__name__})
            self._restore(before)
            return {signal.signal_id for signal in claim.signals}
        except (ValueError, ArithmeticError, RejectedError) as error:
            # What these signals say cannot be held: park them, and let the rest go on.
            self._restore(before)
            self._park(claim.signals, parked_reason(error))
        return set()

    def _restore(self, counts: Counter[str]) -> None:
        self.counts.clear()
        self.counts.update(counts)

    def _take(self, claim: Claim, found: Found, new: set[str], moment: Moment) -> None:
        if claim.is_a_lone_device():
            self.counts["immaterial"] += len(claim.signals)
            return
        self._remember_stops(claim, found, new, moment)
        change = self._saved(claim, found, new)
        self.reviews.take(claim.signals)
        self.privacy.note(claim.signals)
        employer = self.employer.find(claim, change.after, moment.now)
        if employer:
            change = self._with(employer, change)
        if change.after.is_known:
            self.follower.follow(change, new, moment)
        else:
            self.counts["immaterial"] += len(claim.signals)

    def _remember_stops(self, claim: Claim, found: Found, new: set[str], moment: Moment) -> None:
        """Add the stop of somebody who was erased, and comes back under the same name."""
        if claim.profile_id in found.people and not claim.gained:
            return
        gained = {i.key: i for i in claim.gained if i.type != "anonymous_id"}
        stops = self.privacy.stops_for(gained, moment.now)
        new |= self._log_own(stops)
        claim.signals += stops

    def _with(self, own: Signal, change: Change) -> Change:
        """Take in a signal that we have to say ourselves, before anything follows."""
        own_ids = self._log_own([own]) | {s.signal_id for s in change.claim.signals}
        claim = Claim(change.claim.profile_id, [*change.claim.signals, own])
        claim.introduced, claim.keys = change.claim.introduced, change.claim.keys
        linked = self.people.again(claim, own_ids)
        if linked is None:
            raise ConflictError(claim.profile_id)
        linked[0].introduced = claim.introduced
        after = self._saved(linked[0], linked[1], set())
        return replace(after, before=change.before, joined=change.joined)

    def _log_own(self, signals: Sequence[Signal]) -> set[str]:
        """Write down what this layer itself has to say: as a signal, like everybody's."""
        self.own += [s.signal_id for s in signals]
        return self.log.append([(log_key(s, self.bundle), s) for s in signals])

    def _saved(self, claim: Claim, found: Found, new: set[str]) -> Change:
        for attempt in range(_TRIES):
            try:
                return self.people.save(claim, found, new, fresh=attempt == 0)
            except ConflictError:
                # Somebody else moved: link again on what is stored now.
                again = self.people.again(claim, new)
                if again is None or attempt == _TRIES - 1:
                    raise
                claim, found = again
        raise ConflictError(claim.profile_id)

    def _publish(self, moment: Moment) -> None:
        self.bus.publish(self.said)
        for event in self.said:
            if isinstance(event, ProfileUnified):
                self.runs.mark_published(event, moment.now)
