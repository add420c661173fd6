"""Do what a person may ask for: erase what we hold of them, and never start again unasked.

identity: `PRIVACY#<request>/<store>` (a receipt per store), `ERASED#<sha256 of a key>/STOP`.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.data.accounts.companies import CompanyRepository
from functions.data.intake.log import SignalLog
from functions.data.repository import IdentityRepository
from mos.identity.company import group_id, leave
from mos.identity.correction import SYSTEM, stop
from mos.identity.identifier import usable
from mos.model.account import BuyingGroup
from mos.model.base import canonical
from mos.model.review import Review
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.policy.members import solutions
from mos.ports import Record, Table

ERASE, SUPPRESS_AND_ERASE = "erase", "suppress_and_erase"
_OTHERS = {
    "lifecycle": "stages under a pseudonymous id, which leads nowhere now",
    "decisions": "records under a pseudonymous id, which leads nowhere now",
    "actions": "receipts under a pseudonymous id, without addresses",
    "lessons": "counts and pseudonymous ids",
    "raw bodies": "leave the bucket when its retention ends (the stage's raw_days)",
}


_ASK_FIRST = ("decisions", "actions")
_ASKED = "asks the profile before it acts: again at the moment of sending"


def is_erasure(signal: Signal) -> bool:
    """Say whether a signal asks that somebody be forgotten."""
    asked = signal.properties.get("request")
    return signal.kind is SignalKind.PRIVACY_REQUESTED and asked in {ERASE, SUPPRESS_AND_ERASE}


@dataclass
class Privacy:
    """Erases people from this layer's two tables, and remembers by hash whom not to contact."""

    table: Table
    identity: IdentityRepository
    companies: CompanyRepository
    log: SignalLog
    bundle: Bundle

    def erase(self, signal: Signal) -> bool:
        """Erase everybody whom the request names; say whether anybody was there.

        It can be repeated: a try that died half-way is finished by the next.
        """
        asked = usable(signal, self.bundle)
        owners = self.identity.owners(asked)
        found = self.identity.find(o.person for o in owners.values())
        keys: dict[str, Identifier] = {i.key: i for i in asked}
        elsewhere: set[str] = set()
        for profile, _ in found.people.values():
            keys |= {i.key: i for i in profile.identifiers}
            elsewhere |= set(profile.log_keys)
        if signal.properties.get("request") == SUPPRESS_AND_ERASE:
            for key in keys:
                self.table.put_new(Record(f"ERASED#{_digest(key)}", "STOP"))
        gone = self._unwrite(set(keys), elsewhere)
        for person, (profile, version) in found.people.items():
            for solution in solutions(self.bundle) if profile.account_id else ():
                group = group_id(str(profile.account_id), solution)
                self.companies.change_group(group, _without(person))
            self.identity.forget(person, version)
        for key in keys:
            self.table.delete(f"ID#{key}", "OWNER")
        self._receipt(signal, len(found.people), len(keys), len(gone))
        return bool(found.people)

    def _unwrite(self, keys: set[str], elsewhere: set[str]) -> list[str]:
        """Erase what was logged under these keys and what points there; return the signals' ids."""
        gone = [
            signal_id
            for key in sorted(keys | elsewhere)
            for signal_id in self.log.erase(key, keys, self.bundle)
        ]
        for signal_id in gone:
            self.table.delete(f"TRACE#{signal_id}", "TRACE")
        for record in self.table.query("REVIEW"):
            review = Review.parse(record.body)
            if {review.left, review.right} & keys:
                self.table.delete(record.pk, record.sk)
        return gone

    def note(self, signals: Iterable[Signal]) -> None:
        """Leave a receipt of each stop that was put on or lifted."""
        for signal in signals:
            said = signal.properties
            if signal.kind is SignalKind.PRIVACY_REQUESTED and said.get("request_id"):
                what = f"{said.get('request')} {said.get('channel')} holds from now on"
                self._write(signal, {"identity": what}, dict.fromkeys(_ASK_FIRST, _ASKED))

    def _receipt(self, signal: Signal, people: int, identifiers: int, signals: int) -> None:
        done = {
            "identity": f"{people} profiles, {identifiers} identifiers and their ledger erased",
            "signals": f"{signals} signals erased",
        }
        self._write(signal, done, _OTHERS)

    def _write(self, signal: Signal, done: Mapping[str, str], others: Mapping[str, str]) -> None:
        request = str(signal.properties.get("request_id") or signal.signal_id)
        at = signal.received_at.isoformat()
        for store, what in {**done, **others}.items():
            body = canonical({"store": store, "what": what, "at": at, "done": store in done})
            self.table.put_new(Record(f"PRIVACY#{request}", store, body))

    def stops_for(self, gained: dict[str, Identifier], now: datetime) -> list[Signal]:
        """Return the stops of people who come back after they were erased: a stop outlives it."""
        keys = {(f"ERASED#{_digest(key)}", "STOP"): i for key, i in gained.items()}
        held = self.table.get_many(list(keys), consistent=False) if keys else {}
        return [stop(keys[place], source=SYSTEM, now=now) for place in held]


def _without(person: str) -> Callable[[BuyingGroup | None], BuyingGroup | None]:
    return lambda held: leave(held, {person}) if held else None


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
