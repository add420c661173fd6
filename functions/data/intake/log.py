"""The signal log: append-only, keyed by the identifier that a signal arrived with.

signals: `<type:value>/<stated_at or ->#<signal_id>`. Nothing in the key depends on when a message
was received, so one that comes again finds itself written down, and the first word stands.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from mos.identity.identifier import is_of, log_key
from mos.model.base import Fact, Facts
from mos.model.signal import Identifier, Signal
from mos.policy.bundle.bundle import Bundle
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

    def recall(self, signals: Sequence[Signal], new: AbstractSet[str]) -> list[Signal]:
        """Return the signals as they are logged: of one that came before, what it said first."""
        places = {
            s.signal_id: (log_key(s), to_sort_key(s)) for s in signals if s.signal_id not in new
        }
        held = self._table.get_many(list(dict.fromkeys(places.values()))) if places else {}
        return [
            Signal.parse(held[place].body) if (place := places.get(s.signal_id)) in held else s
            for s in signals
        ]

    def of(
        self, identifiers: Iterable[Identifier], bundle: Bundle, log_keys: Iterable[str] = ()
    ) -> list[Signal]:
        """Return every signal of the person who holds these identifiers.

        `log_keys` are other keys under which signals of theirs are kept.
        """
        own = {identifier.key for identifier in identifiers}
        keys = sorted({*own, *log_keys})
        found = (Signal.parse(r.body) for key in keys for r in self._table.query(key))
        return [signal for signal in found if is_of(signal, own, bundle)]

    def under(self, key: str, own: AbstractSet[str], bundle: Bundle) -> list[Signal]:
        """Return what is logged under a key and is of who holds `own`."""
        found = (Signal.parse(r.body) for r in self._table.query(key))
        return [signal for signal in found if key in own or is_of(signal, own, bundle)]

    def erase(self, key: str, signal: Signal) -> None:
        """Erase one signal, on a person's request only."""
        self._table.delete(key, to_sort_key(signal))

    def redact(self, key: str, gone: AbstractSet[str]) -> None:
        """Take identifiers out of what is logged under a key.

        Only on the request of the person whose they are: what other people's signals carried.
        """
        values = {*gone, *(name.partition(":")[2] for name in gone)}
        for record in self._table.query(key):
            signal = Signal.parse(record.body)
            redacted = _take_out(signal, gone, values)
            if redacted != signal:
                self._table.save(replace(record, body=redacted.canonical()))

    def around(self, key: str, at: datetime, seconds: float) -> list[Signal]:
        """Return what arrived under one key within `seconds` of a moment of its senders' clocks."""
        span = timedelta(seconds=seconds)
        found = self._table.between(key, (at - span).isoformat(), (at + span).isoformat() + "$")
        return [Signal.parse(r.body) for r in found]


def _take_out(signal: Signal, gone: AbstractSet[str], values: AbstractSet[str]) -> Signal:
    """Return a signal without identifiers, wherever their values stand in it."""

    def kept(said: Facts) -> Facts:
        listed = {name: _without(value, values) for name, value in said.items()}
        return {name: value for name, value in listed.items() if value not in values}

    if not gone & {identifier.key for identifier in signal.identifiers} and not any(
        _without(value, values) != value for value in signal.properties.values()
    ):
        return signal
    return signal.model_copy(
        update={
            "identifiers": tuple(i for i in signal.identifiers if i.key not in gone),
            "traits": kept(signal.traits),
            "properties": kept(signal.properties),
        }
    )


def _without(value: Fact, values: AbstractSet[str]) -> Fact:
    """Return a list without these values; what is no list stays."""
    if not isinstance(value, tuple | list):
        return value
    return tuple(item for item in value if item not in values)


def to_sort_key(signal: Signal) -> str:
    """Return a signal's sort key: its place in time by its sender's own clock, and its id."""
    stated = signal.stated_at.isoformat() if signal.stated_at else "-"
    return f"{stated}#{signal.signal_id}"
