"""What the layers need from the outside world. Adapters live in `mos.aws`, fakes in `tests`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from mos.events import Event


@dataclass(frozen=True)
class Record:
    """One stored item. `version` is the one that was read: 0 means not stored yet.

    `numbers` are attributes that can be counted up without reading, `tags` short strings that
    can be indexed; both live beside the body.
    """

    pk: str
    sk: str
    body: str = ""
    version: int = 0
    expires_at: int | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Save:
    """Write `record` if its version is still the stored one; it is stored as the next version."""

    record: Record


@dataclass(frozen=True)
class Count:
    """Add `amount` to a number, only while the result stays within `at_most`."""

    pk: str
    sk: str
    number: str
    amount: int = 1
    at_most: int | None = None
    expires_at: int | None = None


class Table(Protocol):
    """One layer's table, keyed by `pk` and `sk`."""

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Record | None: ...
    def get_many(
        self, keys: Sequence[tuple[str, str]], *, consistent: bool = True
    ) -> dict[tuple[str, str], Record]: ...
    def query(
        self, pk: str, *, prefix: str = "", newest_first: bool = False, limit: int | None = None
    ) -> list[Record]: ...
    def between(self, pk: str, first: str, last: str) -> list[Record]:
        """Return the records of a partition whose sort keys lie between two, both included."""
        ...

    def delete(self, pk: str, sk: str) -> None:
        """Remove an item for good; it is no error when there is none."""

    def remove(self, record: Record) -> bool:
        """Remove the record if it is stored as it was read; say whether this call removed it."""

    def save(self, record: Record) -> Record:
        """Store the record as its next version.

        Raises:
            ConflictError: the stored version is not the one that was read.
        """
        ...

    def put_new(self, record: Record) -> bool:
        """Store the record unless its key is taken; say whether it was stored."""
        ...

    def count(self, change: Count) -> float:
        """Add to a number and return the sum.

        Raises:
            LimitReachedError: the sum would pass `at_most`.
        """
        ...

    def transact(self, changes: Sequence[Save | Count], token: str) -> None:
        """Make all changes or none; `token` makes a retry harmless.

        Raises:
            ConflictError: a save met another version.
            ContendedError: another transaction holds one of the items right now.
            LimitReachedError: a count would pass its limit.
        """
        ...

    def page(self, after: str, most: int) -> tuple[list[Record], str]:
        """Return the records after a place, and the place to go on from: empty at the end."""
        ...

    def scan(self, *, limit: int | None = None) -> Iterable[Record]: ...


class Bucket(Protocol):
    """A bucket of immutable objects (and a few pointers)."""

    def get(self, key: str) -> bytes | None: ...
    def part(self, key: str, first: int, size: int) -> bytes:
        """Return up to `size` bytes of an object from `first` on: none past its end.

        Raises:
            MissingError: there is no such object.
            UnavailableError: it could not be read to the end of the part.
        """
        ...

    def exists(self, key: str) -> bool: ...
    def put_new(self, key: str, body: bytes, metadata: Mapping[str, str] | None = None) -> bool:
        """Store the object unless its key is taken; say whether it was stored."""
        ...

    def put(self, key: str, body: bytes) -> None: ...
    def keys(self, prefix: str = "") -> list[str]: ...


class Exports(Protocol):
    """A table's items as they were exported, in files."""

    def records(self, key: str, sk: str, after: int = 0) -> Iterator[tuple[int, Record | None]]:
        """Yield each line's number after `after`, and its record where its sort key is `sk`.

        Raises:
            MalformedError: the file is no export, or a line of it no item; the text names it.
            MissingError: there is no such file.
        """
        ...


class Queue(Protocol):
    """A queue of events."""

    def send(self, bodies: Sequence[str], reason: str | None = None) -> None:
        """Send every body, or raise.

        Raises:
            UnavailableError: the queue refused some of them even when asked again.
        """
        ...


@dataclass(frozen=True)
class ParkedMessage:
    """What lies in the queue of the parked: its body, why if it says so, and how to take it."""

    body: str
    reason: str | None
    handle: str


class Parking(Protocol):
    """What could not be processed. Who takes a message has it for a minute."""

    def take(self, most: int) -> list[ParkedMessage]: ...
    def release(self, message: ParkedMessage) -> None: ...

    def redrive(self, message: ParkedMessage, body: str) -> None:
        """Send a body back to the queue of signals, and take the message out.

        Raises:
            UnavailableError: the queue refused it; the message stays.
        """
        ...


class Runs(Protocol):
    """Executions that wait for somebody's answer."""

    def answer(self, token: str, said: Mapping[str, Any]) -> bool:
        """Let an execution go on with an answer; false where it waits no more."""
        ...


@dataclass(frozen=True)
class Timer:
    """A message for the queue of signals at a moment; `name` is derived from its cause."""

    name: str
    at: datetime
    body: str


class Timers(Protocol):
    """One-time timers."""

    def start(self, timers: Sequence[Timer]) -> None:
        """Start every timer, or raise; one whose name is taken runs already.

        Raises:
            UnavailableError: a timer could not be started.
        """
        ...


class Bus(Protocol):
    """The event bus."""

    def publish(self, events: Sequence[Event]) -> None:
        """Publish every event, or raise.

        Raises:
            UnavailableError: the bus refused some of them even when asked again.
        """
        ...


class Secrets(Protocol):
    """Secrets by name. A name may hold several: the current one first, then older ones."""

    def read(self, name: str) -> tuple[str, ...]:
        """Return the secrets, or nothing where none is stored."""
        ...


class Asker(Protocol):
    """The door to the llm function."""

    def ask(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> Any:  # noqa: ANN401  the task's answer as JSON
        """Return the task's answer, from a model or from its fallback.

        Raises:
            UnavailableError: the llm function itself cannot be reached.
        """
        ...

    def ask_later(self, task: str, question: Mapping[str, Any], context: Mapping[str, str]) -> None:
        """Have the task answered later: its answer comes in as a new signal."""
        ...


@dataclass(frozen=True)
class Moment:
    """What a step may know of its invocation: the time, and the run it belongs to."""

    now: datetime
    execution: str | None = None
