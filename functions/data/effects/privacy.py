"""Remember what a person has asked for: stops with their receipts, and by hash whom we forgot.

identity: `PRIVACY#<request>/<store>` (a receipt), `ERASED#<sha256 of a key>/STOP`;
`ACCESS_REQUESTS/<asked at>#<request>` while somebody waits for an answer.
"""

import hashlib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from mos.erasure import Receipt, keep_receipt
from mos.identity.consents import ACCESS, ANSWERED
from mos.identity.correction import SYSTEM, stop
from mos.model.access_request import CLOSED, DAYS, OPEN, AccessRequest
from mos.model.signal import Identifier, Signal, SignalKind
from mos.policy.bundle.bundle import Bundle
from mos.ports import Record, Table

ERASE, SUPPRESS_AND_ERASE = "erase", "suppress_and_erase"
_FROM_OUTSIDE = frozenset({SignalKind.ERASURE_REQUESTED, SignalKind.LEAD_DELETED})
"""What a vendor sends when a person has asked it to forget them."""


def read_answer_days(bundle: Bundle) -> float:
    """Return within how many days the bundle has requests answered: the law's month at most."""
    return min(30.0, bundle.number(DAYS)) if DAYS in bundle.parameters else 30.0


def is_erasure(signal: Signal) -> bool:
    """Say whether a signal asks that somebody be forgotten; a stranger's word never does."""
    if signal.kind in _FROM_OUTSIDE:
        return not (signal.is_anybodys or signal.moves_nothing)
    asked = signal.properties.get("request")
    return signal.kind is SignalKind.PRIVACY_REQUESTED and asked in {ERASE, SUPPRESS_AND_ERASE}


def stops_too(signal: Signal) -> bool:
    """Say whether who is forgotten must never be contacted again either."""
    return signal.kind in _FROM_OUTSIDE or signal.properties.get("request") == SUPPRESS_AND_ERASE


def name_request(signal: Signal) -> str:
    """Return the id under which every store leaves its receipt."""
    return str(signal.properties.get("request_id") or signal.signal_id)


@dataclass
class Privacy:
    """What this layer's table keeps of requests."""

    table: Table
    days: float = 30.0
    """Within how many days who asks for a copy has it."""

    def remember(self, keys: Iterable[str]) -> None:
        """Remember by hash whom not to contact, should they come back."""
        for key in keys:
            self.table.put_new(Record(f"ERASED#{_digest(key)}", "STOP"))

    def note(self, signals: Iterable[Signal], person_id: str) -> None:
        """Leave a receipt of each stop that was put on or lifted, and of each answer.

        Who asks for a copy waits until somebody says that they have it.
        """
        for signal in signals:
            said = signal.properties
            if signal.kind is not SignalKind.PRIVACY_REQUESTED or not said.get("request_id"):
                continue
            if said.get("request") == ANSWERED:
                by, why = (str(said.get(name) or "") for name in ("by", "reason"))
                self._close(name_request(signal), f"answered by {by}: {why}", signal.received_at)
                continue
            receipt = keep_receipt(
                self.table, name_request(signal), _write_receipt(signal, self.days)
            )
            if said.get("request") == ACCESS:
                self._open(AccessRequest(
                    request_id=name_request(signal), person_id=person_id, at=receipt.at
                ))  # fmt: skip

    def close_of(self, people: AbstractSet[str], now: datetime) -> None:
        """Close what people asked who are forgotten now: nothing is left to tell them."""
        for one in self._waiting():
            if one.person_id in people:
                self._close(one.request_id, "they were forgotten: there is nothing to tell", now)

    def _open(self, asked: AccessRequest) -> None:
        if self.table.get(f"PRIVACY#{asked.request_id}", CLOSED) is None:
            self.table.put_new(Record(*asked.place, asked.canonical()))

    def _close(self, request_id: str, what: str, at: datetime) -> None:
        """Keep who answered what: then it waits no more, also where it is told again."""
        keep_receipt(self.table, request_id, Receipt(store=CLOSED, what=what[:500], at=at))
        for one in self._waiting():
            if one.request_id == request_id:
                self.table.delete(*one.place)

    def _waiting(self) -> list[AccessRequest]:
        return [AccessRequest.parse(record.body) for record in self.table.query(OPEN)]

    def stops_for(self, gained: dict[str, Identifier], now: datetime) -> list[Signal]:
        """Return the stops of people who come back after they were erased: a stop outlives it."""
        keys = {(f"ERASED#{_digest(key)}", "STOP"): i for key, i in gained.items()}
        held = self.table.get_many(list(keys), consistent=False) if keys else {}
        return [stop(keys[place], source=SYSTEM, now=now) for place in held]


def _write_receipt(signal: Signal, days: float) -> Receipt:
    """Return what was done about a request: people answer the one for a copy."""
    said, at = signal.properties, signal.received_at
    if said.get("request") == ACCESS:
        by = f"{at + timedelta(days=days):%Y-%m-%d}"
        what = f"they ask for a copy of their data: answer by {by} (GDPR, articles 12 and 15)"
        return Receipt(store="identity", what=what, at=at, done=False)
    what = f"{said.get('request')} {said.get('channel')} holds from now on"
    return Receipt(store="identity", what=what, at=at)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
