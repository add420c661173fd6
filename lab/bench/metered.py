"""A table in memory that counts request units by the arithmetic of `units`, call by call."""

import threading
from collections.abc import Sequence

from lab.bench.units import read_units, size_of, write_units
from mos.aws.item import to_item
from mos.memory.table import FakeTable, Key
from mos.ports import Count, Record, Save


class MeteredTable(FakeTable):
    """The `Table` port in memory. What a call costs is what DynamoDB would charge for it."""

    def __init__(self) -> None:
        super().__init__()
        self._read = self._written = 0.0
        self._till = threading.Lock()

    def take(self) -> tuple[float, float]:
        """Return the units read and written since the last call of this, and begin again."""
        with self._till:
            spent = (self._read, self._written)
            self._read = self._written = 0.0
        return spent

    def _charge(self, *, read: float = 0.0, written: float = 0.0) -> None:
        with self._till:
            self._read += read
            self._written += written

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Record | None:
        found = super().get(pk, sk, consistent=consistent)
        self._charge(read=(1 if consistent else 0.5) * read_units(_size(found)))
        return found

    def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> dict[Key, Record]:
        found = super().get_many(keys, consistent=consistent)
        share = 1 if consistent else 0.5
        self._charge(
            read=share * sum(read_units(_size(found.get(key))) for key in dict.fromkeys(keys))
        )
        return found

    def query(
        self, pk: str, *, prefix: str = "", newest_first: bool = False, limit: int | None = None
    ) -> list[Record]:
        found = super().query(pk, prefix=prefix, newest_first=newest_first, limit=limit)
        self._charge(read=read_units(sum(map(_size, found))))
        return found

    def between(self, pk: str, first: str, last: str) -> list[Record]:
        found = super().between(pk, first, last)
        self._charge(read=read_units(sum(map(_size, found))))
        return found

    def save(self, record: Record) -> Record:
        self._charge(written=write_units(_size(record)))
        return super().save(record)

    def count(self, change: Count) -> float:
        self._charge(written=1)
        return super().count(change)

    def delete(self, pk: str, sk: str) -> None:
        self._charge(written=1)
        super().delete(pk, sk)

    def remove(self, record: Record) -> bool:
        self._charge(written=1)
        return super().remove(record)

    def transact(self, changes: Sequence[Save | Count], token: str) -> None:
        for change in changes:
            size = _size(change.record) if isinstance(change, Save) else 1
            self._charge(written=2 * write_units(size))
        super().transact(changes, token)


def _size(record: Record | None) -> int:
    return size_of(to_item(record)) if record else 0
