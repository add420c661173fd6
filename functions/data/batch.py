"""One batch of signals through the data layer: admit, log, link, fold, follow, publish."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from functions.data.accounts.companies import CompanyRepository
from functions.data.accounts.employer import Employer
from functions.data.effects.administrative import Administrative, is_administrative
from functions.data.effects.claims import ClaimTaker
from functions.data.effects.crm_records import CrmRecords
from functions.data.effects.erasure import Erasure
from functions.data.effects.follow_up import FollowUp
from functions.data.effects.privacy import Privacy, is_erasure, read_answer_days
from functions.data.effects.reply_reader import ReplyReader
from functions.data.intake.admission import check_admission
from functions.data.intake.balance import Balance, Fate
from functions.data.intake.classifier import ActorClassifier
from functions.data.intake.ends import SignalEnds
from functions.data.intake.guard import SignalAttempt
from functions.data.intake.log import SignalLog
from functions.data.intake.tenants import Tenants
from functions.data.people.attach import Attacher
from functions.data.people.correction import MailboxCorrector, part_batch
from functions.data.people.resolver import IdentityResolver
from functions.data.people.review_queue import ReviewQueue
from functions.data.people.screen import RowScreen
from functions.data.people.unmerge import Separator
from functions.data.repository import IdentityRepository
from functions.data.runs.claim import Runs
from functions.data.runs.publish import Publisher
from functions.data.unify import Claim
from mos.errors import EndlessError, UnavailableError, parked_reason
from mos.events import Event
from mos.identity.attachment import read_claim
from mos.identity.identifier import log_key
from mos.identity.resolution import Resolution
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle
from mos.ports import Asker, Bus, Moment, Table
from mos.runtime import logger, tally


@dataclass
class Batch:
    """The collaborators of one batch, and what it has to say; `spreads` is of `Runs`."""

    signals: Table
    identities: Table
    bus: Bus
    asker: Asker
    bundle: Bundle
    coalesce_seconds: float
    park: Callable[[Sequence[Signal], str], None] = lambda _signals, _reason: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    balance: Balance = field(default_factory=Balance)
    spreads: bool = False

    def __post_init__(self) -> None:
        self.ends = SignalEnds(self.bundle, self.balance, lambda some, why: self.park(some, why))  # noqa: PLW0108  tests put another in its place
        self.log = SignalLog(self.signals)
        self.identity = IdentityRepository(self.identities)
        self.tenants = Tenants(self.identities)
        self.runs = Runs(self.identities, self.coalesce_seconds, self.clock, self.spreads)
        self.publisher = Publisher(self.bus, self.runs)
        self.people = IdentityResolver(self.identity, self.log, self.bundle)
        self.classifier = ActorClassifier(self.log, self.bundle)
        companies = CompanyRepository(self.identities)
        said: list[Event] = []
        given = (self.identities, companies, self.identity, self.runs, self.bundle)
        self.records = CrmRecords(*given, said)
        self.linker = self.records.linker
        self.replies = ReplyReader(self.asker, self.identity, self.log, self.bundle)
        self.follow_up = FollowUp(
            self.identity, companies, self.linker, self.runs, self.asker, self.bundle,
            self.replies, said,
        )  # fmt: skip
        reviews = ReviewQueue(self.identities)
        privacy = Privacy(self.identities, read_answer_days(self.bundle))
        stores = (self.identities, self.identity, companies, self.records.deals, self.log)
        erasure = Erasure(*stores, privacy, self.bus, self.bundle)
        employer = Employer(companies, reviews, self.bundle)
        self.screen = RowScreen(self.identity, self.bundle)
        self.attacher = Attacher(self.identity, self.log, reviews, self.bundle)
        self.corrector = MailboxCorrector(self.identity, self.log, self.bundle)
        self.claims = ClaimTaker(
            self.people, reviews, privacy, employer, self.follow_up, self._log_own
        )
        separator = Separator(self.identity, self.log, self.bundle)
        self.administrative = Administrative(
            self.bundle, companies, self.runs, self.follow_up, separator, erasure
        )

    @property
    def said(self) -> list[Event]:
        """Return what this batch has said."""
        return self.follow_up.said

    @property
    def counts(self) -> Counter[str]:
        """Return how many signals have ended how."""
        return self.balance.counts()

    def run(self, signals: Sequence[Signal], moment: Moment) -> set[str]:
        """Take the batch; return the ids of the signals that must be tried again."""
        named = self.ends.set_apart(self.balance.receive(signals), self.tenants.bring_home)
        given = self._admit(named)
        new, refused = self.log.try_append([(log_key(s), s) for s in given])
        self.ends.hold_up([s for s in given if s.signal_id in refused])
        given = self.ends.set_apart(self.ends.go_on(given), lambda part: self.log.recall(part, new))
        verdicts = self.ends.set_apart(
            given, lambda part: self.classifier.correct(part, moment.now)
        )
        new |= self._log_own(verdicts)
        given = self.ends.go_on(given)
        rest = [s for s in given if not is_administrative(s)]
        alone = [s for s in given if is_administrative(s)]
        for signal in alone:
            if not is_erasure(signal):
                self.ends.settle([signal], self.administrative.take(signal, new, moment))
        for part in part_batch(rest):
            self._take_claims([*part, *verdicts], new, moment)
            verdicts = []
            for row in part:
                self._attach(row, new, moment)
                self._correct(row, new, moment)
                self._link(row, new, moment)
        for signal in alone:
            # People are forgotten when all that came with the request has found its place.
            if is_erasure(signal):
                self.ends.settle([signal], self.administrative.take(signal, new, moment))
        ids = {signal.signal_id for signal in signals}
        again = self.publisher.publish(self.said, moment)
        if again - ids:
            raise UnavailableError(
                "events", "what they refused began with no message of this batch"
            )
        self.balance.settle(dict.fromkeys(again, Fate.RETRIED))
        return self._close() & ids

    def _admit(self, signals: Sequence[Signal]) -> list[Signal]:
        """Return the signals that can be written down and may say what they say."""
        reasons = {s.signal_id: check_admission(s) for s in signals}
        sound = [s for s in signals if not reasons[s.signal_id]]
        reasons |= self.ends.set_apart(sound, self.screen.check)
        signals = self.ends.go_on(signals)
        for signal in signals:
            if reason := reasons[signal.signal_id]:
                self.ends.put_aside(signal, reason)
        return [s for s in signals if not reasons[s.signal_id]]

    def _take_claims(self, signals: Sequence[Signal], new: set[str], moment: Moment) -> None:
        claims, nobody, found = self.ends.set_apart(signals, lambda part: self._assign(part, new))
        self.balance.settle({s.signal_id: Fate.UNIDENTIFIED for s in nobody})
        for claim in claims:
            if self.ends.troubled & claim.keys:
                # It shares an identifier with one that must wait: it may not overtake it.
                self.ends.settle(claim.signals, SignalAttempt(failure=Fate.RETRIED))
                continue
            attempt = self._attempt(claim, found, new, moment)
            self.ends.troubled |= claim.keys if attempt.failure is Fate.RETRIED else set()

    def _attempt(
        self, claim: Claim, found: Resolution, new: set[str], moment: Moment
    ) -> SignalAttempt:
        return self.ends.attempt(claim.signals, lambda: self.claims.take(claim, found, new, moment))

    def _attach(self, row: Signal, new: set[str], moment: Moment) -> None:
        """Attach a row to whom its sender takes it for, once it has found its own place."""
        taken = self.balance.fates.get(row.signal_id) in {Fate.GIVEN, Fate.IMMATERIAL}
        if taken and read_claim(row):
            self.ends.attempt([row], lambda: self._take_attachment(row, new, moment))

    def _correct(self, signal: Signal, new: set[str], moment: Moment) -> None:
        """Give mailboxes to whom a CRM's word or an answer names, once that has its person."""
        if self.balance.fates.get(signal.signal_id) not in {Fate.GIVEN, Fate.IMMATERIAL}:
            return
        self.ends.attempt([signal], lambda: self._give_mailboxes(signal, new, moment))

    def _give_mailboxes(self, signal: Signal, new: set[str], moment: Moment) -> dict[str, Fate]:
        freed = [made for pair in self.corrector.free(signal) for made in pair]
        for made in freed:
            self._take_own(made, new, moment)
        for made in (*self.corrector.bring(signal, freed), *self.replies.list_members(signal)):
            self._take_own(made, new, moment)
        return {}

    def _link(self, signal: Signal, new: set[str], moment: Moment) -> None:
        """Take in what is said of accounts and deals, once whoever sent it has their place."""
        fate = self.balance.fates.get(signal.signal_id)
        if fate in {Fate.RETRIED, Fate.PARKED, None} or not self.records.concern(signal):
            return
        self.ends.attempt([signal], lambda: self.records.take(signal, fate, new, moment))

    def _take_own(self, made: Signal, new: set[str], moment: Moment) -> None:
        new |= self._log_own([made])
        if is_administrative(made):
            self.ends.settle([made], self.administrative.take(made, new, moment))
        else:
            self._take_claims([made], new, moment)

    def _take_attachment(self, row: Signal, new: set[str], moment: Moment) -> dict[str, Fate]:
        made = self.attacher.decide(row, moment.now)
        if made is None:
            return {}
        new |= self._log_own([made])
        claims, _, found = self.people.assign([made], new)
        return dict(self.claims.take(claims[0], found, new, moment))

    def _assign(
        self, signals: Sequence[Signal], new: set[str]
    ) -> tuple[list[Claim], list[Signal], Resolution]:
        """Return whose signals these are; those of people who lead nowhere are put aside."""
        try:
            return self.people.assign(signals, new)
        except EndlessError:
            return self.people.assign([s for s in signals if self._leads_on(s, new)], new)

    def _leads_on(self, signal: Signal, new: set[str]) -> bool:
        if self.balance.fates.get(signal.signal_id) is Fate.PARKED:
            return False
        try:
            self.people.link([signal], new)
        except EndlessError as error:
            self.ends.put_aside(signal, parked_reason(error))
            return False
        return True

    def _log_own(self, signals: Sequence[Signal]) -> set[str]:
        """Write down what this layer itself has to say: as a signal, like everybody's."""
        self.balance.add_own(signals)
        return self.log.append([(log_key(s), s) for s in signals])

    def _close(self) -> set[str]:
        """Close the books; return the ids of the signals that must come again.

        A signal without an end is a fault of ours. It is not acknowledged: the queue brings it
        again, and hands it to its dead letters where that goes on.
        """
        lost, uncalled = self.balance.unaccounted(), self.balance.uncalled()
        if lost or uncalled:
            found = {"unaccounted": sorted(lost)[:20], "uncalled": sorted(uncalled)[:20]}
            logger().error("books_do_not_balance", extra=found)
        counts = self.balance.counts()
        again = self.balance.retried() | lost
        # Messages that come again are counted where the batch is answered.
        counts[Fate.RETRIED.value] = len(self.balance.retried() & self.balance.own)
        tally(**counts, own=len(self.balance.own), unaccounted=len(lost))
        return again
