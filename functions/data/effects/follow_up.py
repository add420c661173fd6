"""What follows from a person: account, groups, what came of it, and whose turn it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from functions.data.accounts.companies import CompanyRepository
from functions.data.effects.company_link import CompanyLinker
from functions.data.effects.correction_entry import record_correction
from functions.data.effects.impression import is_impression, tell_impression
from functions.data.effects.outcome import find_outcome, find_rejudged
from functions.data.effects.receipts import tell_hands
from functions.data.effects.reply_reader import ReplyReader
from functions.data.intake.balance import Fate
from functions.data.people.change import PersonChange
from functions.data.repository import IdentityRepository
from functions.data.runs.claim import Runs, RunSubject
from functions.data.unify import Claim, material
from mos.errors import ConflictError, UnavailableError
from mos.events import Event, OutcomeObserved, SignalReceived
from mos.identity.company import account_id, concerned, enrich_all, group_id, solutions_of
from mos.identity.engagement_rank import find_rank
from mos.identity.hindsight import corrected
from mos.identity.identifier import log_key
from mos.identity.workplace import company_of
from mos.model.account import Account, BuyingGroup
from mos.model.ledger import Op
from mos.model.lookup import is_read
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.members import solutions
from mos.policy.roles import role_of
from mos.ports import Asker, Moment
from mos.runtime import logger
from mos.tasks import infer_role


@dataclass
class FollowUp:
    """Keeps accounts and groups up to date, and collects what the batch has to say."""

    identity: IdentityRepository
    companies: CompanyRepository
    linker: CompanyLinker
    runs: Runs
    asker: Asker
    bundle: Bundle
    replies: ReplyReader
    said: list[Event] = field(default_factory=list)

    def follow(self, change: PersonChange, new: set[str], moment: Moment) -> dict[str, Fate]:
        """Take in a changed person; return which of the claim's signals deserved a decision."""
        claim, after = change.claim, change.after
        known = after.account_id or account_id(None, after.profile_id)
        own = solutions_of(after, self.bundle)
        root = None
        if not self._is_settled(change, known, own, new):
            root = self._settle_groups(change, known, own, new, moment)
        root = self._rank(change, root, known, own, new)
        fates: dict[str, Fate] = {}
        for signal in corrected([*change.log.values(), *claim.signals])[len(change.log) :]:
            if root is None and self._leads_on(signal, change):
                root = self.companies.root_of(known)
            worth = self._announce(signal, change, root or known, own, new, moment)
            fates[signal.signal_id] = Fate.GIVEN if worth else Fate.IMMATERIAL
        self.said += tell_hands(change, new, self.identity)
        self._ask(change)
        return fates

    def _settle_groups(
        self, change: PersonChange, known: str, own: list[str], new: set[str], moment: Moment
    ) -> str:
        """Put a person into the groups of their account; return whose alias that is, or itself.

        Whoever enters a group looks once more: the account may have joined another meanwhile.
        """
        last = change.claim.signals[-1]
        domain = company_of(change.after, self.bundle)
        root = self.linker.settle(self._enrich(change.claim, known, domain), last, new, moment)
        gone = {p.profile_id for p in change.joined}
        for solution in own:
            self._join(root, solution, change, gone)
        if change.before.account_id != known and self.companies.root_of(known) != root:
            for solution in own:
                self.companies.groups.leave(group_id(root, solution), change.after.profile_id)
            raise ConflictError(known)
        self._leave(change, root, own)
        return root

    def _leads_on(self, signal: Signal, change: PersonChange) -> bool:
        """Say whether anything may follow from a signal: most page views lead to nothing."""
        after = change.after
        new = signal.signal_id in change.claim.introduced
        worth, _, _ = material(signal, known=after.is_known, new=new, bundle=self.bundle)
        counts = find_outcome(signal, after.profile_id, "", self.bundle) is not None
        counts = counts or is_impression(signal, self.bundle)
        return worth or counts or signal.kind is SignalKind.RECLASSIFIED

    def _is_settled(
        self, change: PersonChange, account: str, own: Sequence[str], new: set[str]
    ) -> bool:
        """Say whether account and groups have nothing to take in: most page views.

        A retry takes everything in again: the first try may have died before it did.
        """
        before, after = change.before, change.after
        return (
            before.account_id == account
            and not change.joined
            and before.statements == after.statements
            and solutions_of(before, self.bundle) == own
            and all(
                s.signal_id in new and not s.company and s.kind is not SignalKind.DEAL_CHANGED
                for s in change.claim.signals
            )
        )

    def _announce(
        self,
        signal: Signal,
        change: PersonChange,
        account: str,
        own: list[str],
        new: set[str],
        moment: Moment,
    ) -> bool:
        """Say what came of a signal; say whether it deserved a decision."""
        after = change.after
        groups = [group_id(account, s) for s in concerned(signal, own, self.bundle)]
        self._outcome(signal, change, (account, groups[0]), new)
        self.said += tell_impression(signal, after.profile_id, groups[0], account, self.bundle)
        worth, row, why = material(
            signal,
            known=after.is_known,
            new=signal.signal_id in change.claim.introduced,
            bundle=self.bundle,
        )
        correction = self._correction(signal, change, new)
        if signal.kind is SignalKind.RECLASSIFIED and correction is None:
            worth = False  # Judged before anybody had counted it.
        for group in groups if worth else ():
            subject = RunSubject(after.profile_id, account, group)
            event = self.runs.claim(
                signal, log_key(signal), subject, (row, why), correction, moment.now,
                again=signal.signal_id not in new,
            )  # fmt: skip
            if event:
                self.said.append(event)
        return worth

    def _outcome(
        self, signal: Signal, change: PersonChange, whose: tuple[str, str], new: set[str]
    ) -> None:
        """Say what came of it, for an account's group; or that it did not after all, or did."""
        target, retracted = signal, False
        if signal.kind in {SignalKind.RECLASSIFIED, SignalKind.REPLY_READ}:
            if (found := find_rejudged(signal, change.log, new)) is None:
                return
            target, retracted = found
        outcome = find_outcome(target, change.after.profile_id, whose[1], self.bundle)
        if outcome:
            outcome = outcome.model_copy(update={"retracted": retracted, "account_id": whose[0]})
            self.said.append(OutcomeObserved.following(SignalReceived.of(signal), outcome=outcome))

    def _correction(self, signal: Signal, change: PersonChange, new: set[str]) -> str | None:
        """Return why a signal only puts the past right, or None; leave a record of it."""
        person = change.after.profile_id
        if signal.kind is SignalKind.RECLASSIFIED:
            named = str(signal.properties.get("target"))
            if named in new:
                return None
            self.identity.note(record_correction(Op.RECLASSIFIED, signal, change, (named,)), person)
            return (
                f"{named} was {signal.properties.get('actor')}: {signal.properties.get('reason')}"
            )
        late = signal.received_at - signal.occurred_at
        if signal.kind in {SignalKind.LIST_ROW, SignalKind.ROW_MATCHED} or is_read(signal):
            return None  # A list or a record says what held when it was made; nobody waited for it.
        if late < timedelta(hours=self.bundle.number("late_after_hours")):
            return None
        self.identity.note(record_correction(Op.LATE, signal, change, (signal.signal_id,)), person)
        days = late.total_seconds() / 86_400
        return f"late_correction: {signal.signal_id} came {days:.1f} days after it occurred"

    def _enrich(self, claim: Claim, account: str, domain: str | None) -> Account:
        made = self.companies.change_account(
            account, lambda held: enrich_all(held, domain, claim.signals, self.bundle)
        )
        if any("name" in signal.company for signal in claim.signals):
            self.companies.list_name(made)
        return made

    def _join(self, account: str, solution: str, change: PersonChange, gone: set[str]) -> None:
        """Put a person into a group, and take those out who have become one with them."""
        groups, after = self.companies.groups, change.after
        name = group_id(account, solution)
        group = BuyingGroup(group_id=name, account_id=account, solution=solution)
        for person in sorted(gone):
            groups.leave(name, person)
        known, rank = change.before.account_id is not None, find_rank(after, self.bundle)
        groups.join(group, after, change.claim.signals[0], rank, known=known)

    def _rank(
        self, change: PersonChange, root: str | None, known: str, own: list[str], new: set[str]
    ) -> str | None:
        """List a person by their engagement where a step of it has changed: few signals do."""
        again = any(signal.signal_id not in new for signal in change.claim.signals)
        rank = find_rank(change.after, self.bundle)
        if rank == find_rank(change.before, self.bundle) and not again:
            return root
        account = root or self.companies.root_of(known)
        for solution in own:
            group, person = group_id(account, solution), change.after.profile_id
            self.companies.groups.rank(group, person, rank, again=again)
        return account

    def _leave(self, change: PersonChange, account: str, own: list[str]) -> None:
        """Take people out of the groups of a company, or of a person, that is no longer theirs."""
        root_of = self.companies.root_of
        leavers: list[tuple[str, str]] = [
            (root_of(p.account_id), p.profile_id) for p in change.joined if p.account_id
        ]
        known = change.before.account_id
        stood = account if known in (None, change.after.account_id) else root_of(str(known))
        if known and stood != account:
            leavers.append((stood, change.before.profile_id))
        dropped = [s for s in solutions(self.bundle) if s not in own]
        if known and stood == account:
            for solution in set(dropped) & set(solutions_of(change.before, self.bundle)):
                self.companies.groups.leave(group_id(account, solution), change.after.profile_id)
        for left, person in leavers:
            for solution in solutions(self.bundle):
                if left != account or solution not in own:
                    self.companies.groups.leave(group_id(left, solution), person)

    def _ask(self, change: PersonChange) -> None:
        """Have a model read what rules could not, and name the part of an unknown title's owner."""
        if self.replies.ask(change):
            logger().warning("reply_not_read")  # What the rules have read holds.
        profile = change.after
        title = profile.trait("title")
        fresh = any("title" in s.traits for s in change.claim.signals)
        is_asked = title and fresh and not profile.is_test
        if not is_asked or role_of(profile, solutions(self.bundle)[0], self.bundle):
            return
        about = {"profile_id": profile.profile_id, "identifier": profile.identifiers[0].key}
        try:
            self.asker.ask_later(infer_role.TASK.name, {"title": str(title)}, about)
        except UnavailableError:
            logger().warning("role_not_asked")  # The role stays unknown; policy says so.
