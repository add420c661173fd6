"""The signal log: append-only, keyed by the identifier that a signal arrived with.

signals: `<type:value>/<stated_at or ->#<signal_id>`. Nothing in the key depends on when a message
was received, so one that comes again finds itself written down, and the first word stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from mos.errors import UnavailableError
from mos.identity.identifier import HOME, is_of, log_key
from mos.model.base import Fact, Facts
from mos.model.signal import Identifier, Signal
from mos.policy.bundle.bundle import Bundle
from mos.ports import Record, Table

_THREADS, _SEVERAL = 8, 2
_UNDATED, _LAST = "-#", "~"
"""How the places of signals begin whose sender states no time; what sorts behind every place."""


class SignalLog:
    """The append-only log."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def append(self, entries: Sequence[tuple[str, Signal]]) -> set[str]:
        """Store the signals and return the ids of those that were new.

        Raises:
            UnavailableError: some of them could not be stored.
        """
        new, refused = self.try_append(entries)
        if refused:
            raise UnavailableError("signals", f"{len(refused)} signals were refused")
        return new

    def try_append(self, entries: Sequence[tuple[str, Signal]]) -> tuple[set[str], set[str]]:
        """Store the signals; return the ids of the new ones, and of those refused for now."""
        if len(entries) < _SEVERAL:
            stored = [self._put(entry) for entry in entries]
        else:
            with ThreadPoolExecutor(_THREADS) as pool:
                stored = list(pool.map(self._put, entries))
        ends = {s.signal_id: new for (_, s), new in zip(entries, stored, strict=True)}
        refused = {name for name, new in ends.items() if new is None}
        return {name for name, new in ends.items() if new}, refused

    def _put(self, entry: tuple[str, Signal]) -> bool | None:
        """Say whether a signal was new; None where it could not be stored for now."""
        key, signal = entry
        try:
            return self._table.put_new(Record(key, to_sort_key(signal), signal.canonical()))
        except UnavailableError:
            return None

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
        return [s for key in keys for s in self._owned(key, own, bundle)]

    def since(
        self,
        identifiers: Iterable[Identifier],
        bundle: Bundle,
        log_keys: Iterable[str],
        first: str,
        *,
        undated: bool,
        own: Iterable[Identifier],
    ) -> list[Signal]:
        """Return the signals under these keys of who holds `own`, from a place of the log on.

        What came without a time lies before all others, and is read where there is any (`undated`).
        """
        mine = {identifier.key for identifier in own}
        keys = sorted({*(identifier.key for identifier in identifiers), *log_keys})
        found = [r for key in keys for r in self._table.between(key, first, _LAST)]
        if undated:
            found += [r for key in keys for r in self._table.query(key, prefix=_UNDATED)]
        signals = [(r, Signal.parse(r.body)) for r in found]
        return [s for r, s in signals if is_of(s, mine, bundle, r.tags.get(HOME))]

    def arrived(self, identifier: Identifier) -> list[Signal]:
        """Return what is logged under an identifier, whoever it is of."""
        return [Signal.parse(r.body) for r in self._table.query(identifier.key)]

    def under(self, key: str, own: AbstractSet[str], bundle: Bundle) -> list[Signal]:
        """Return what is logged under a key and is of who holds `own`."""
        return self._owned(key, own, bundle)

    def _owned(self, key: str, own: AbstractSet[str], bundle: Bundle) -> list[Signal]:
        found = [(r, Signal.parse(r.body)) for r in self._table.query(key)]
        return [s for r, s in found if is_of(s, own, bundle, r.tags.get(HOME))]

    def mark_homes(self, signals: Iterable[Signal], homes: Mapping[str, str]) -> set[str]:
        """Note of signals by which identifier they were linked, where that is not the strongest.

        A protection has kept the strongest from their person; nothing that they say is changed.
        Return the ids of those of which it was not noted before.
        """
        marked = set[str]()
        for signal in signals:
            home = homes.get(signal.signal_id)
            record = self._table.get(log_key(signal), to_sort_key(signal)) if home else None
            if home and record and record.tags.get(HOME) != home:
                self._table.save(replace(record, tags={**record.tags, HOME: home}))
                marked.add(signal.signal_id)
        return marked

    def unmark_homes(self, signals: Iterable[Signal]) -> None:
        """Note of signals that they were linked by their strongest identifier after all."""
        for signal in signals:
            record = self._table.get(log_key(signal), to_sort_key(signal))
            if record and HOME in record.tags:
                tags = {name: value for name, value in record.tags.items() if name != HOME}
                self._table.save(replace(record, tags=tags))

    def erase(self, key: str, signal: Signal) -> None:
        """Erase one signal, on a person's request only."""
        self._table.delete(key, to_sort_key(signal))

    def redact(self, key: str, gone: AbstractSet[str]) -> list[Signal]:
        """Take identifiers out of what is logged under a key; return those signals as they are now.

        Only on the request of the person whose they are: what other people's signals carried.
        """
        values = {*gone, *(name.partition(":")[2] for name in gone)}
        changed = []
        for record in self._table.query(key):
            signal = Signal.parse(record.body)
            bare = _take_out(signal, gone, values)
            if bare == signal:
                continue
            changed.append(bare)
            if key in gone:
                moved = Record(log_key(bare), record.sk, bare.canonical(), tags=record.tags)
                self._table.put_new(moved)
                self._table.delete(record.pk, record.sk)
            else:
                self._table.save(replace(record, body=bare.canonical()))
        return changed

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
        value in values or _without(value, values) != value for value in signal.properties.values()
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
    if signal.stated_at is None:
        return f"{_UNDATED}{signal.signal_id}"
    return f"{signal.stated_at.isoformat()}#{signal.signal_id}"
