"""The signal log: append-only, keyed by the identifier that a signal arrived with.

signals: `<type:value>/<occurred_at>#<signal_id>`.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from mos.model.signal import Identifier, Signal
from mos.ports import Record, Table

_THREADS = 8


class SignalLog:
    """The append-only log."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def append(self, entries: Sequence[tuple[str, Signal]]) -> set[str]:
        """Store the signals and return the ids of those that were new."""
        if not entries:
            return set()
        if len(entries) == 1:
            stored = [self._put(entries[0])]
        else:
            with ThreadPoolExecutor(_THREADS) as pool:
                stored = list(pool.map(self._put, entries))
        return {signal.signal_id for (_, signal), new in zip(entries, stored, strict=True) if new}

    def _put(self, entry: tuple[str, Signal]) -> bool:
        key, signal = entry
        return self._table.put_new(Record(key, to_sort_key(signal), signal.canonical()))

    def holds(self, key: str, signal: Signal) -> bool:
        """Say whether a signal is logged under this key."""
        return self._table.get(key, to_sort_key(signal)) is not None

    def of(self, identifiers: Iterable[Identifier]) -> list[Signal]:
        """Return every signal that arrived with one of these identifiers."""
        keys = dict.fromkeys(identifier.key for identifier in identifiers)
        return [Signal.parse(r.body) for key in keys for r in self._table.query(key)]

    def erase(self, key: str) -> list[str]:
        """Erase what arrived under one key, on a person's request only; return the signals' ids."""
        records = self._table.query(key)
        for record in records:
            self._table.delete(record.pk, record.sk)
        return [record.sk.partition("#")[2] for record in records]

    def around(self, key: str, at: datetime, seconds: float) -> list[Signal]:
        """Return what arrived under one key within `seconds` of a moment."""
        span = timedelta(seconds=seconds)
        found = self._table.between(key, (at - span).isoformat(), (at + span).isoformat() + "$")
        return [Signal.parse(r.body) for r in found]


def to_sort_key(signal: Signal) -> str:
    """Return a signal's sort key: its place in time."""
    return f"{signal.occurred_at.isoformat()}#{signal.signal_id}"
