"""A CRM corrects a record's mailbox: the old one was never the person's, and may be another's."""

from dataclasses import dataclass

from functions.data.intake.log import SignalLog
from functions.data.repository import IdentityRepository
from mos.errors import EndlessError
from mos.identity.correction import separate
from mos.identity.identifier import usable
from mos.model.identifier_type import is_record
from mos.model.profile import Profile
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle

_WHY = "the CRM corrected the record's mailbox"


@dataclass
class MailboxCorrector:
    """Finds the mailboxes that a correction frees: those known by that record's word alone."""

    identity: IdentityRepository
    log: SignalLog
    bundle: Bundle

    def find(self, signal: Signal) -> tuple[Signal, ...]:
        """Return the two signals that set the freed mailboxes apart, or none.

        Who has used a mailbox themselves keeps it, whatever a record says.
        """
        record, mailboxes = _read_change(signal)
        if record is None or not mailboxes:
            return ()
        person = self._owner(record)
        if person is None or mailboxes[0].key not in {e.key for e in person.identifiers}:
            return ()
        kept = {i.key for i in mailboxes}
        others = [e for e in person.identifiers if e.type == "email" and e.key not in kept]
        freed = tuple(Identifier(type=e.type, value=e.value) for e in others
                      if self._is_records_word(e, record, signal))  # fmt: skip
        if not freed:
            return ()
        gone = {i.key for i in freed}
        stay = tuple(Identifier(type=e.type, value=e.value) for e in person.identifiers
                     if e.key not in gone)  # fmt: skip
        stops = tuple(f"{s.channel}:{s.reason}" for s in person.suppressions if s.address is None)
        return separate(
            freed, stay, stops, {"reason": _WHY}, by=signal.source, now=signal.received_at
        )

    def _owner(self, record: Identifier) -> Profile | None:
        owner = self.identity.owners([record]).get(record.key)
        if owner is None:
            return None
        try:
            found = self.identity.find([owner.person])
        except EndlessError:
            return None
        return found.stored(found.roots[owner.person])[0]

    def _is_records_word(self, mailbox: Identifier, record: Identifier, signal: Signal) -> bool:
        said = [s for s in self.log.of([mailbox], self.bundle) if s.signal_id != signal.signal_id]
        return all(
            s.kind is SignalKind.CONTACT_CHANGED and record in usable(s, self.bundle) for s in said
        )


def _read_change(signal: Signal) -> tuple[Identifier | None, list[Identifier]]:
    """Return the record and the mailbox of a CRM's word that the mailbox is now another one."""
    is_change = signal.kind is SignalKind.CONTACT_CHANGED and not signal.is_anybodys
    if not is_change or signal.properties.get("property") != "email":
        return None, []
    records = [i for i in signal.identifiers if is_record(i.type)]
    return (records[0] if len(records) == 1 else None), [
        i for i in signal.identifiers if i.type == "email"
    ]
