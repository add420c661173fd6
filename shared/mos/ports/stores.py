"""Where things are kept: tables, buckets, exports."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


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
        """Return the records of a partition whose sort keys lie between two, both included.

        An empty `first` is the beginning.
        """
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
