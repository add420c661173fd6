"""A CRM corrects a record's mailbox: the old one was never the person's, and may be another's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.data.intake.log import SignalLog
from functions.data.repository import IdentityRepository
from functions.data.unify import arrival
from mos.errors import EndlessError
from mos.identity.correction import merge, separate
from mos.model.base import Facts
from mos.model.identifier_type import is_record
from mos.model.profile import Profile
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle

_WHY = "the CRM corrected the record's mailbox"
_OWN = {SignalKind.UNMERGED, SignalKind.KEPT_APART, SignalKind.MERGED}


@dataclass
class MailboxCorrector:
    """Gives each mailbox that only a CRM's records name to the record that names it now.

    The latest word of a record is the one that happened last, in whatever order they arrive.
    """

    identity: IdentityRepository
    log: SignalLog
    bundle: Bundle

    def free(self, signal: Signal) -> list[tuple[Signal, ...]]:
        """Return the pairs of signals that set apart what the record says no longer.

        Who has used a mailbox themselves keeps it, whatever a record says.
        """
        record, mailbox = read_mailbox_change(signal)
        person = self._owner(record) if record else None
        if record is None or mailbox is None or person is None:
            return []
        current = self._current(record, person, [mailbox])
        mailboxes = [Identifier(type=e.type, value=e.value) for e in person.identifiers
                     if e.type == "email" and e.key != current]  # fmt: skip
        freed = [m for m in mailboxes if self._said_by(m, record) and self._is_crms_word(m)]
        gone = {i.key for i in freed}
        stay = tuple(Identifier(type=e.type, value=e.value) for e in person.identifiers
                     if e.key not in gone)  # fmt: skip
        if not freed or not stay:
            return []
        stops = tuple(f"{s.channel}:{s.reason}" for s in person.suppressions if s.address is None)
        facts: Facts = {"reason": _WHY}
        by, now = signal.source, signal.received_at
        return [separate(tuple(freed), stay, stops, facts, by=by, now=now)]

    def bring(self, signal: Signal, freed: Sequence[Signal]) -> list[Signal]:
        """Return the signals that give a mailbox of nobody else's to the record that names it."""
        record, mailbox = read_mailbox_change(signal)
        if record is None or mailbox is None:
            return []
        loose = [i for s in freed if s.kind is SignalKind.UNMERGED for i in s.identifiers]
        found = []
        for one in dict.fromkeys([mailbox, *loose]):
            claimant = self._claimant(one)
            if claimant and self._is_loose(one, claimant, mailbox):
                facts: Facts = {"reason": _WHY}
                by, now = signal.source, signal.received_at
                found.append(merge(claimant, one, facts, by=by, now=now))
        return found

    def _is_loose(self, mailbox: Identifier, record: Identifier, named: Identifier) -> bool:
        """Say whether a mailbox stands alone, of a CRM's word, and apart from its record.

        `named` is another one that may have been named since.
        """
        holder, person = self._owner(mailbox), self._owner(record)
        if holder is None or person is None or holder.profile_id == person.profile_id:
            return False
        alone = all(e.type == "email" for e in holder.identifiers)
        return (
            alone
            and self._is_crms_word(mailbox)
            and self._current(record, person, [mailbox, named]) == mailbox.key
        )

    def _claimant(self, mailbox: Identifier) -> Identifier | None:
        """Return the record that was the last to name a mailbox."""
        said = [(_sequence(s), record) for s, record in self._changes(mailbox)]
        return max(said, key=lambda one: one[0])[1] if said else None

    def _current(
        self, record: Identifier, person: Profile, others: Sequence[Identifier]
    ) -> str | None:
        """Return the key of the mailbox that a record named last, of its person's and others."""
        own = [Identifier(type=e.type, value=e.value) for e in person.identifiers
               if e.type == "email"]  # fmt: skip
        said = [(_sequence(s), one.key) for one in dict.fromkeys([*own, *others])
                for s, of in self._changes(one) if of == record]  # fmt: skip
        return max(said)[1] if said else None

    def _changes(self, mailbox: Identifier) -> list[tuple[Signal, Identifier]]:
        """Return what records have said of a mailbox, and which record each time."""
        read = [(s, *_read_statement(s)) for s in self.log.arrived(mailbox)]
        return [(s, record) for s, record, said in read if record and said == mailbox]

    def _owner(self, identifier: Identifier) -> Profile | None:
        owner = self.identity.owners([identifier]).get(identifier.key)
        if owner is None:
            return None
        try:
            found = self.identity.find([owner.person])
        except EndlessError:
            return None
        return found.stored(found.roots[owner.person])[0]

    def _said_by(self, mailbox: Identifier, record: Identifier) -> bool:
        return any(of == record for _, of in self._changes(mailbox))

    def _is_crms_word(self, mailbox: Identifier) -> bool:
        return all(_is_records(s) for s in self.log.arrived(mailbox))


def read_mailbox_change(signal: Signal) -> tuple[Identifier | None, Identifier | None]:
    """Return the record and the mailbox of a CRM's word that its mailbox is now another one."""
    if signal.properties.get("property") != "email":
        return None, None
    return _read_statement(signal)


def _read_statement(signal: Signal) -> tuple[Identifier | None, Identifier | None]:
    """Return the record and the mailbox that a CRM names together."""
    if signal.kind is not SignalKind.CONTACT_CHANGED or signal.is_anybodys or signal.moves_nothing:
        return None, None
    records = [i for i in signal.identifiers if is_record(i.type)]
    mailboxes = [i for i in signal.identifiers if i.type == "email"]
    return (records[0], mailboxes[0]) if len(records) == 1 and mailboxes else (None, None)


def _is_records(signal: Signal) -> bool:
    """Say whether a signal is a record's word, or what was concluded from one."""
    if signal.kind in _OWN:
        return signal.properties.get("reason") == _WHY
    return signal.kind is SignalKind.CONTACT_CHANGED and any(
        is_record(i.type) for i in signal.identifiers
    )


def _sequence(signal: Signal) -> tuple[datetime, datetime, str]:
    """Return the sort key of what a CRM says: as it happened, and of one moment as it came in."""
    return (signal.occurred_at, signal.received_at, signal.signal_id)


def part_batch(signals: Sequence[Signal]) -> list[list[Signal]]:
    """Part a batch behind each record's change of mailbox: the next may be about what it frees."""
    parts: list[list[Signal]] = [[]]
    for signal in sorted(signals, key=arrival):
        parts[-1].append(signal)
        if read_mailbox_change(signal)[0]:
            parts.append([])
    return [part for part in parts if part] or [[]]
