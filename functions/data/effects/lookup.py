"""Have records read that notices say too little of: once a batch for each, off the path."""

from dataclasses import dataclass, field

from functions.data.accounts.companies import CompanyRepository
from functions.data.repository import IdentityRepository
from mos.events import Event, ReadNeeded, SignalReceived
from mos.identity.company_word import node_id
from mos.identity.deal_saying import name_deal, system_of
from mos.identity.identifier import usable
from mos.model.deal import Deal, DealState
from mos.model.lookup import ReadReason, RecordName, read_need
from mos.model.signal import Identifier, Signal
from mos.policy.bundle.bundle import Bundle
from mos.policy.source_system import find_system, is_own_write
from mos.ports import Table


@dataclass
class Lookups:
    """Says on the bus which records must be read. What is known already, nobody asks for."""

    table: Table
    companies: CompanyRepository
    identity: IdentityRepository
    bundle: Bundle
    said: list[Event]
    asked: set[RecordName] = field(default_factory=set)

    def tell(self, signal: Signal) -> None:
        """Ask for the record that a signal names, where the bundle has its system's records read.

        Tests and what anybody can have sent ask for nothing, and our own writes are no news. A try
        that died asks again: the same question leads to the same signals.
        """
        need = read_need(signal)
        if need is None or signal.moves_nothing or signal.is_anybodys:
            return
        system = find_system(self.bundle, signal.source)
        if system is None or not system.reads or need.record in self.asked:
            return
        if is_own_write(signal, self.bundle):
            return
        if need.why is ReadReason.IF_UNKNOWN and self._is_known(need.record.object, signal):
            return
        self.asked.add(need.record)
        received = SignalReceived.of(signal)
        self.said.append(ReadNeeded.following(received, record=need.record, why=need.why))

    def _is_known(self, kind: str, signal: Signal) -> bool:
        """Say whether a deal's company, a company's domain or a contact's mailbox is known."""
        said = signal.properties
        if (deal_id := said.get("deal_id")) and kind.lower() in {"deal", "opportunity"}:
            return self._knows_deal(name_deal(system_of(signal), str(deal_id)))
        if kind.lower() in {"company", "account"}:
            return self._knows_company(signal)
        return self._knows_person(signal)

    def _knows_deal(self, key: str) -> bool:
        held = self.table.get(f"DEAL#{key}", "DEAL")
        deal = Deal.parse(held.body) if held else None
        return deal is not None and bool(deal.company) and deal.state is not DealState.UNKNOWN

    def _knows_company(self, signal: Signal) -> bool:
        own = next((i.key for i in signal.identifiers if i.collection == "accounts"), None)
        key = signal.company.get("record") or own
        if not key:
            return False
        root = self.companies.root_of(node_id(str(key)))
        held = self.companies.read([root]).get(root)
        return held is not None and held.domain is not None

    def _knows_person(self, signal: Signal) -> bool:
        kind, _, value = str(signal.properties.get("contact") or "").partition(":")
        named = [Identifier(type=kind, value=value)] if value else []
        owners = self.identity.owners(named or usable(signal, self.bundle)[:1])
        people = self.identity.find(owner.person for owner in owners.values()).people
        return any(i.type == "email" for p, _ in people.values() for i in p.identifiers)
