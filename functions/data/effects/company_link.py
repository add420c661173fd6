"""Take in what signals say of how companies stand to each other; have their groups looked at."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.data.accounts.companies import CompanyRepository
from functions.data.accounts.relations import CompanyRelations
from functions.data.intake.balance import Fate
from functions.data.repository import IdentityRepository
from functions.data.runs.claim import Runs, RunSubject
from mos.events import Event
from mos.identity.company_word import Saying, read_saying
from mos.identity.identifier import log_key
from mos.model.account import Account
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle
from mos.ports import Moment


@dataclass
class CompanyLinker:
    """Joins and parts accounts. A group whose people are others now gets a run that only places."""

    companies: CompanyRepository
    identity: IdentityRepository
    runs: Runs
    bundle: Bundle
    said: list[Event]

    def __post_init__(self) -> None:
        self.relations = CompanyRelations(self.companies, self.identity, self.bundle)

    def read(self, signal: Signal) -> Saying | None:
        """Return what a signal says of a company, if it says anything."""
        return read_saying(signal, self.bundle)

    def take(
        self, saying: Saying, signal: Signal, fate: Fate, new: set[str], moment: Moment
    ) -> Mapping[str, Fate]:
        """Do what a signal says; return how it ended: `fate` is how it had ended for a person."""
        changed = self.relations.take(saying, signal)
        given = self._look_at(changed, signal, new, moment)
        return {signal.signal_id: Fate.GIVEN if given or fate is Fate.GIVEN else Fate.IMMATERIAL}

    def settle(self, account: Account, signal: Signal, new: set[str], moment: Moment) -> str:
        """Return the account whose alias an account is by now, as the bundle's pages say today."""
        if not self.relations.is_settled(account):
            changed = self.relations.settle([account.account_id], signal.received_at)
            self._look_at(changed, signal, new, moment)
            return self.companies.root_of(account.account_id)
        return account.joined_to or account.account_id

    def _look_at(
        self, changed: Mapping[str, str], signal: Signal, new: set[str], moment: Moment
    ) -> bool:
        given = False
        for group_id, account in sorted(changed.items()):
            group = self.companies.groups.group(group_id)
            first = self.companies.groups.first(group) if group else None
            if first is None:
                continue
            subject = RunSubject(first.profile_id, account, group_id)
            event = self.runs.claim(
                signal, log_key(signal), subject, ("account_joined_or_parted", _WHY), _WHY,
                moment.now, again=signal.signal_id not in new,
            )  # fmt: skip
            given = True
            if event:
                self.said.append(event)
        return given


_WHY = "an account became one with another, or two again"
