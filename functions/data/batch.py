"""One batch of signals through the data layer: log, link, fold, join, publish."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from functions.data.company import account_id, enrich_all, group_id, join
from functions.data.fold import company_of
from functions.data.identifier import log_key, usable
from functions.data.outcome import outcome_of
from functions.data.repository import IdentityRepository, SignalLog
from functions.data.unify import Claim, assign, can_add, material, unify
from mos.errors import ConflictError, UnavailableError
from mos.events import Event, OutcomeObserved, ProfileUnified, SignalReceived
from mos.model.account import BuyingGroup
from mos.model.base import derive_id
from mos.model.profile import Edge, Profile
from mos.model.signal import Signal
from mos.policy.bundle import Bundle
from mos.policy.roles import role_of
from mos.ports import Asker, Bus, Moment
from mos.runtime import logger, tally

_TRIES = 5
_DAY = 86_400


@dataclass
class Batch:
    """The collaborators of one batch, and what it has to say at its end."""

    log: SignalLog
    identity: IdentityRepository
    bus: Bus
    asker: Asker
    bundle: Bundle
    coalesce_seconds: float
    park: Callable[[Sequence[Signal], str], None] = lambda _signals, _reason: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    said: list[Event] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    runs: dict[str, ProfileUnified] = field(default_factory=dict)

    def run(self, signals: Sequence[Signal], moment: Moment) -> set[str]:
        """Take the batch; return the ids of the signals that must be tried again."""
        taken = len(signals)
        signals = self._holdable(list({signal.signal_id: signal for signal in signals}.values()))
        new = self.log.append([(log_key(s, self.bundle), s) for s in signals])
        claims, nobody = self._assign(signals)
        failed: set[str] = set()
        for claim in claims:
            before = self.counts.copy()
            try:
                self._take(claim, new, moment)
            except (ConflictError, UnavailableError) as error:
                logger().warning("retry", extra={"error": type(error).__name__})
                failed |= {signal.signal_id for signal in claim.signals}
                self.counts = before
            except ValueError as error:
                # What these signals say cannot be held: park them, and let the rest go on.
                self.counts = before
                self._park(claim.signals, error)
        self._publish(moment)
        self.counts["unidentified"] = len(nobody)
        self.counts["repeated"] = taken - self.counts.total() - len(failed)
        tally(**self.counts)
        return failed

    def _holdable(self, signals: list[Signal]) -> list[Signal]:
        """Return the signals that can be written down; one with a NaN in it is parked."""
        held = []
        for signal in signals:
            try:
                signal.canonical().encode()
                held.append(signal)
            except ValueError as error:
                self._park([signal], error)
        return held

    def _park(self, signals: Sequence[Signal], error: ValueError) -> None:
        self.park(signals, f"{type(error).__name__}: {str(error)[:200]}")
        self.counts["parked"] += len(signals)

    def _assign(self, signals: Sequence[Signal]) -> tuple[list[Claim], list[Signal]]:
        identifiers = [i for s in signals for i in usable(s, self.bundle)]
        held = self.identity.owners(identifiers)
        owners = {key: person for key, (person, _) in held.items()}
        people = self.identity.people(set(owners.values()))
        known = {person: profile.is_known for person, (profile, _) in people.items()}
        claims, nobody = assign(signals, owners, known, self.bundle)
        # A retry finds the identifiers taken, by the very signals that it brings.
        introduced = {
            cause for key, (_, cause) in held.items() if not key.startswith("anonymous_id:")
        }
        for claim in claims:
            claim.introduced = introduced | {
                cause for i, cause in claim.gained.items() if i.type != "anonymous_id"
            }
        return claims, nobody

    def _take(self, claim: Claim, new: set[str], moment: Moment) -> None:
        for attempt in range(_TRIES):
            try:
                after = self._save(claim, new, moment, fresh=attempt == 0)
                break
            except ConflictError:
                if attempt == _TRIES - 1:
                    raise
                # Somebody else moved: link again on what is stored now.
                again, _ = self._assign(claim.signals)
                if len(again) != 1:
                    raise
                claim = again[0]
        if after.is_known:
            self._follow(claim, after, moment)
        else:
            self.counts["immaterial"] += len(claim.signals)

    def _save(self, claim: Claim, new: set[str], moment: Moment, *, fresh: bool) -> Profile:
        """Fold the claim into the stored profile.

        Signals are only added to a profile when none of them was logged before and nobody else
        writes: else what is stored may hold some of them already, and it is rebuilt from the log.
        """
        people = self.identity.people([claim.profile_id, *claim.joined])
        before, version = people.get(claim.profile_id, (Profile(profile_id=claim.profile_id), 0))
        losers = {i: (*people[i], claim.joined[i]) for i in claim.joined if i in people}
        found = {i.key: i for i in (*before.identifiers, *claim.gained)}
        for loser, _, _ in losers.values():
            found |= {i.key: i for i in loser.identifiers}
        ids = tuple(Edge(type=found[k].type, value=found[k].value) for k in sorted(found))
        profile = before.model_copy(update={"identifiers": ids})
        simple = (
            fresh
            and not claim.joined
            and {s.signal_id for s in claim.signals} <= new
            and can_add(before, claim.signals)
        )
        log = None if simple else self.log.of(ids)
        after = unify(profile, claim.signals, self.bundle, log)
        self.identity.save(after, version, claim.gained, losers, moment.now)
        return after

    def _follow(self, claim: Claim, after: Profile, moment: Moment) -> None:
        """Keep the account and the group up to date, and say what is material."""
        account = after.account_id or account_id(None, after.profile_id)
        self._join_company(claim, after, account, company_of(after, self.bundle))
        group = group_id(account, str(self.bundle.value("solution")))
        for signal in claim.signals:
            outcome = outcome_of(signal, after.profile_id, group)
            cause = SignalReceived.of(signal)
            if outcome:
                self.said.append(OutcomeObserved.following(cause, outcome=outcome))
            worth, row, why = material(
                signal,
                known=after.is_known,
                new=signal.signal_id in claim.introduced,
                bundle=self.bundle,
            )
            self.counts["given" if worth else "immaterial"] += 1
            if worth:
                self._claim_run(signal, after, account, group, row, why, moment)
        self._ask_role(after, claim)

    def _join_company(
        self, claim: Claim, profile: Profile, account: str, domain: str | None
    ) -> None:
        for attempt in range(_TRIES):
            try:
                held, version = self.identity.account(account)
                changed = enrich_all(held, domain, claim.signals, self.bundle)
                if changed != held:
                    self.identity.save_account(changed, version)
                solution = str(self.bundle.value("solution"))
                group = group_id(account, solution)
                found, version = self.identity.group(group)
                start = found or BuyingGroup(group_id=group, account_id=account, solution=solution)
                joined = join(start, profile, claim.signals[0], set(claim.joined))
                if joined != found:
                    self.identity.save_group(joined, version)
            except ConflictError:
                if attempt == _TRIES - 1:
                    raise
            else:
                return

    def _claim_run(
        self,
        signal: Signal,
        profile: Profile,
        account: str,
        group: str,
        row: str,
        why: str,
        moment: Moment,
    ) -> None:
        # The window is read off the clock after the profile is saved: a run that closes its
        # window later than this is sure to see it. One whose window has closed may not.
        closes = window_end(self.clock(), self.coalesce_seconds)
        run = self.runs.get(group)
        if run and run.run_at == closes:
            self.identity.trace(signal, log_key(signal, self.bundle), run, self._expiry(moment))
            return
        run_id = derive_id("run", group, closes.isoformat())
        cause = SignalReceived.of(signal)
        event = ProfileUnified.following(
            cause,
            event_id=derive_id("evt", "ProfileUnified", run_id),
            run_id=run_id,
            run_at=closes,
            profile_id=profile.profile_id,
            account_id=account,
            group_id=group,
            material=row,
            why=why,
        )
        held, published = self.identity.claim_run(event, self._expiry(moment))
        self.identity.trace(signal, log_key(signal, self.bundle), held, self._expiry(moment))
        self.runs[group] = held
        if not published:
            self.said.append(held)

    def _ask_role(self, profile: Profile, claim: Claim) -> None:
        """Have a model name the part of somebody whose title the table does not know."""
        title = profile.trait("title")
        fresh = any("title" in signal.traits for signal in claim.signals)
        role = role_of(profile, str(self.bundle.value("solution")), self.bundle)
        if role or not title or not fresh or profile.is_test:
            return
        context = {"profile_id": profile.profile_id, "identifier": profile.identifiers[0].key}
        try:
            self.asker.ask_later("infer_role", {"title": str(title)}, context)
        except UnavailableError:
            logger().warning("role_not_asked")  # The role stays unknown; policy says so.

    def _publish(self, moment: Moment) -> None:
        self.bus.publish(self.said)
        for event in self.said:
            if isinstance(event, ProfileUnified):
                self.identity.mark_published(event, self._expiry(moment))

    def _expiry(self, moment: Moment) -> int:
        return int(moment.now.timestamp()) + 30 * _DAY


def window_end(now: datetime, seconds: float) -> datetime:
    """Return when the current window closes, with a second's grace for clocks that differ."""
    span = max(1.0, seconds)
    start = int(now.timestamp() // span)
    return datetime.fromtimestamp((start + 1) * span, UTC) + timedelta(seconds=1)
