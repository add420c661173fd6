"""Let what a CRM says of companies and deals reach their accounts, with or without a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from functions.data.accounts.companies import CompanyRepository
from functions.data.accounts.deals import DealKeeper, DealMove
from functions.data.effects.company_link import CompanyLinker
from functions.data.effects.lookup import Lookups
from functions.data.effects.outcome import tell_deal_losses, tell_deal_outcome
from functions.data.intake.balance import Fate
from functions.data.repository import IdentityRepository
from functions.data.runs.claim import Runs, RunSubject
from functions.data.unify import material
from mos.events import Event, OutcomeObserved, SignalReceived
from mos.identity.company import enrich_all, group_id
from mos.identity.company_word import Saying, node_id
from mos.identity.identifier import account_domain, log_key, usable
from mos.model.account import BuyingGroup, Relation
from mos.model.base import derive_id
from mos.model.lesson import Outcome
from mos.model.lookup import is_read, read_need
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.members import solutions
from mos.policy.source_system import is_own_write
from mos.ports import Moment, Table

_JOINED = ("account_joined_or_parted", "an account with deals became one with another, or left it")


@dataclass
class CrmRecords:
    """Takes the words on companies, deals and roles that a signal holds, beside its person."""

    table: Table
    companies: CompanyRepository
    identity: IdentityRepository
    runs: Runs
    bundle: Bundle
    said: list[Event]

    def __post_init__(self) -> None:
        self.linker = CompanyLinker(
            self.companies, self.identity, self.runs, self.bundle, self.said
        )
        self.deals = DealKeeper(self.table, self.companies, self.bundle)
        self.lookups = Lookups(self.table, self.companies, self.identity, self.bundle, self.said)

    def concern(self, signal: Signal) -> bool:
        """Say whether a signal says anything of a company or a deal, or wants a record read."""
        if read_need(signal):
            return True
        is_deal = signal.kind is SignalKind.DEAL_CHANGED or "role_id" in signal.properties
        return is_deal or self.linker.read(signal) is not None

    def take(self, signal: Signal, fate: Fate, new: set[str], moment: Moment) -> Mapping[str, Fate]:
        """Do what a signal says; return how it ended: `fate` is how it had ended for a person."""
        saying = self.linker.read(signal)
        given = False
        if saying:
            before = self._find_roots(saying)
            fate = self.linker.take(saying, signal, fate, new, moment)[signal.signal_id]
            given = self._tell_company(saying.key, signal, new, moment)
            given |= self._tell_joined(before, saying, signal, new, moment)
        home = self._find_home(signal) if signal.kind is SignalKind.DEAL_CHANGED else None
        self._enrich(signal)
        moves = self.deals.take(signal, home)
        told = [self._tell_deal(move, signal, home, new, moment) for move in moves]
        self.lookups.tell(signal)
        if given or any(told) or fate is Fate.GIVEN:
            return {signal.signal_id: Fate.GIVEN}
        # A deal of no company yet is kept all the same: it waits for one to be named.
        is_kept = bool(moves or saying or "deal_id" in signal.properties)
        return {signal.signal_id: Fate.IMMATERIAL if is_kept else fate}

    def _find_home(self, signal: Signal) -> str | None:
        """Return the account of the person whom a deal's signal came with."""
        asked = usable(signal, self.bundle)
        owners = self.identity.owners(asked[:1])
        found = self.identity.find(owner.person for owner in owners.values())
        return next((profile.account_id for profile, _ in found.people.values()), None)

    def _enrich(self, signal: Signal) -> None:
        """Let a company know what a word on a deal says of it beside."""
        domain = account_domain([signal.company.get("domain")], self.bundle)
        is_silent = signal.moves_nothing or signal.is_anybodys
        if domain is None or is_silent or signal.kind is not SignalKind.DEAL_CHANGED:
            return
        self.companies.change_account(
            node_id(domain), lambda held: enrich_all(held, domain, [signal], self.bundle)
        )

    def _tell_company(self, key: str, signal: Signal, new: set[str], moment: Moment) -> bool:
        """Have a company's groups looked at where its CRM has moved it."""
        if not material(signal, known=True, new=False, bundle=self.bundle)[0]:
            return False
        root = self.companies.root_of(node_id(key))
        return self._announce(root, self._list_groups(root), signal, None, new, moment)

    def _find_roots(self, saying: Saying) -> dict[str, str]:
        """Return whose every account is that a word on aliases is about."""
        named = {
            key for pair in saying.words if pair[1].relation is Relation.ALIAS
            for key in (pair[0], pair[1].value) if key
        }  # fmt: skip
        return {node: self.companies.root_of(node) for node in map(node_id, sorted(named))}

    def _tell_joined(
        self, before: dict[str, str], saying: Saying, signal: Signal, new: set[str], moment: Moment
    ) -> bool:
        """Have the groups looked at of an account that has gained or lost an alias with deals."""
        given = False
        held = self.companies.read(sorted(before))
        for node, root in self._find_roots(saying).items():
            if not (held[node].deals if node in held else ()):
                continue
            if root != before[node] or signal.signal_id not in new:
                groups = self._list_groups(root) or [self._form_group(root, signal)]
                given |= self._run(root, groups, signal, _JOINED, None, new, moment)
            left = before[node]
            if root != left and self.companies.root_of(left) == left:
                groups = self._list_groups(left)
                given |= self._run(left, groups, signal, _JOINED, _JOINED[1], new, moment)
        return given

    def _tell_deal(
        self, move: DealMove, signal: Signal, home: str | None, new: set[str], moment: Moment
    ) -> bool:
        """Have the groups looked at whose account a deal has changed.

        Where nobody is known there yet, the group is formed without people: the account comes
        before them. Whoever the deal came with has been looked at already.
        """
        if not (move.changed or move.taken_back or signal.signal_id not in new):
            return False
        if is_own_write(signal, self.bundle):
            return False  # What we have written ourselves is no news: the deal has it.
        root = self.companies.root_of(move.account_id)
        if home and self.companies.root_of(home) == root and not move.taken_back:
            return False
        groups = self._list_groups(root)
        if not groups and move.entered:
            groups = [self._form_group(root, signal)]
        if not groups:
            return False
        self._observe(move, root, groups, signal)
        correction = move.taken_back or self._tell_late(signal)
        return self._announce(root, groups, signal, correction, new, moment)

    def _tell_late(self, signal: Signal) -> str | None:
        """Return why a signal only puts the past right, where it came long after it occurred."""
        late = signal.received_at - signal.occurred_at
        if is_read(signal):
            return None  # A record says how things are now, however long it has not been touched.
        if late < timedelta(hours=self.bundle.number("late_after_hours")):
            return None
        days = late.total_seconds() / 86_400
        return f"late_correction: {signal.signal_id} came {days:.1f} days after it occurred"

    def _observe(
        self, move: DealMove, account: str, groups: list[BuyingGroup], signal: Signal
    ) -> None:
        """Say what came of us: once a deal, for the group that buys what the deal sells.

        What the account has lost no longer came of us.
        """
        named, cause = str(signal.properties.get("solution")), SignalReceived.of(signal)
        group = next((one for one in groups if one.solution == named), groups[0])
        for lost in self._list_losses(move, account, group, signal):
            event_id = derive_id("evt", "lost", cause.event_id, lost.kind, account, lost.about)
            self.said.append(OutcomeObserved.following(cause, event_id=event_id, outcome=lost))
        first = self._find_first(group)
        found = tell_deal_outcome(move.entered, move.deal, signal, first, group.group_id)
        if found:
            outcome = found.model_copy(update={"account_id": account})
            self.said.append(OutcomeObserved.following(cause, outcome=outcome))

    def _list_losses(
        self, move: DealMove, account: str, group: BuyingGroup, signal: Signal
    ) -> list[Outcome]:
        deal = move.deal
        if deal is None or not move.taken_back or signal.moves_nothing:
            return []
        is_here = deal.account_id == move.account_id and not deal.is_gone
        return tell_deal_losses(deal, signal, account, group.group_id, is_here=is_here)

    def _list_groups(self, account: str) -> list[BuyingGroup]:
        held = self.companies.groups
        found = held.groups(group_id(account, s) for s in solutions(self.bundle)).values()
        # One that everybody has left is not this account's any more.
        return [group for group in found if held.first(group) or not held.was_left(group)]

    def _form_group(self, account: str, signal: Signal) -> BuyingGroup:
        known = solutions(self.bundle)
        named = str(signal.properties.get("solution"))
        solution = named if named in known else known[0]
        fresh = BuyingGroup(
            group_id=group_id(account, solution), account_id=account, solution=solution,
            formed_at=signal.occurred_at,
        )  # fmt: skip
        self.companies.groups.change_group(fresh.group_id, lambda held: held or fresh)
        return fresh

    def _find_first(self, group: BuyingGroup) -> str:
        """Return whose run a group's is where nobody started it: a member's, or its own."""
        first = self.companies.groups.first(group)
        return first.profile_id if first else group.group_id

    def _announce(
        self,
        account: str,
        groups: list[BuyingGroup],
        signal: Signal,
        taken_back: str | None,
        new: set[str],
        moment: Moment,
    ) -> bool:
        """Start the runs of an account's groups, where a signal deserves them."""
        worth, row, why = material(signal, known=True, new=False, bundle=self.bundle)
        if not worth and not taken_back:
            return False
        return self._run(account, groups, signal, (row, why), taken_back, new, moment)

    def _run(
        self,
        account: str,
        groups: list[BuyingGroup],
        signal: Signal,
        because: tuple[str, str],
        taken_back: str | None,
        new: set[str],
        moment: Moment,
    ) -> bool:
        for group in groups:
            subject = RunSubject(self._find_first(group), account, group.group_id)
            event = self.runs.claim(
                signal, log_key(signal), subject, because, taken_back, moment.now,
                again=signal.signal_id not in new,
            )  # fmt: skip
            if event:
                self.said.append(event)
        return bool(groups)
