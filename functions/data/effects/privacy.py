"""Remember what a person has asked for: stops with their receipts, and by hash whom we forgot.

identity: `PRIVACY#<request>/<store>` (a receipt), `ERASED#<sha256 of a key>/STOP`.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mos.erasure import Receipt, keep_receipt
from mos.identity.consents import ACCESS
from mos.identity.correction import SYSTEM, stop
from mos.model.signal import Identifier, Signal, SignalKind
from mos.ports import Record, Table

_ANSWERED_WITHIN = timedelta(days=30)
ERASE, SUPPRESS_AND_ERASE = "erase", "suppress_and_erase"
_FROM_OUTSIDE = frozenset({SignalKind.ERASURE_REQUESTED, SignalKind.LEAD_DELETED})
"""What a vendor sends when a person has asked it to forget them."""


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

    def remember(self, keys: Iterable[str]) -> None:
        """Remember by hash whom not to contact, should they come back."""
        for key in keys:
            self.table.put_new(Record(f"ERASED#{_digest(key)}", "STOP"))

    def note(self, signals: Iterable[Signal]) -> None:
        """Leave a receipt of each stop that was put on or lifted."""
        for signal in signals:
            said = signal.properties
            if signal.kind is SignalKind.PRIVACY_REQUESTED and said.get("request_id"):
                receipt = _write_receipt(signal)
                keep_receipt(self.table, name_request(signal), receipt)

    def stops_for(self, gained: dict[str, Identifier], now: datetime) -> list[Signal]:
        """Return the stops of people who come back after they were erased: a stop outlives it."""
        keys = {(f"ERASED#{_digest(key)}", "STOP"): i for key, i in gained.items()}
        held = self.table.get_many(list(keys), consistent=False) if keys else {}
        return [stop(keys[place], source=SYSTEM, now=now) for place in held]


def _write_receipt(signal: Signal) -> Receipt:
    """Return what was done about a request: people answer the one for a copy."""
    said, at = signal.properties, signal.received_at
    if said.get("request") == ACCESS:
        by = f"{at + _ANSWERED_WITHIN:%Y-%m-%d}"
        what = f"they ask for a copy of their data: answer by {by} (GDPR, articles 12 and 15)"
        return Receipt(store="identity", what=what, at=at, done=False)
    what = f"{said.get('request')} {said.get('channel')} holds from now on"
    return Receipt(store="identity", what=what, at=at)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
