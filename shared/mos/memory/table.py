"""A table in memory, with DynamoDB's conditions and transactions."""

import json
import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mos.aws.item import to_item
from mos.errors import ConflictError, LimitReachedError
from mos.ports import Count, Record, Save

Key = tuple[str, str]
_LAST = "\U0010ffff"
"""Sorts after every character that a key has."""
_TRANSACTION = 100
_LARGE, _LONG = 100_000, 250
"""From here on it is worth while to ask whether DynamoDB would hold it."""


class FakeTable:
    """The `Table` port."""

    def __init__(self) -> None:
        self.items: dict[Key, Record] = {}
        self._sorts: dict[str, list[str]] = {}
        self._tokens: set[str] = set()
        self._lock = threading.Lock()

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Record | None:
        return self.items.get((pk, sk))

    def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> dict[Key, Record]:
        return {key: self.items[key] for key in keys if key in self.items}

    def query(
        self, pk: str, *, prefix: str = "", newest_first: bool = False, limit: int | None = None
    ) -> list[Record]:
        with self._lock:
            sorts = self._sorts.get(pk, [])
            found = sorts[bisect_left(sorts, prefix) : bisect_left(sorts, prefix + _LAST)]
            found = found[::-1] if newest_first else found
            return [self.items[pk, sk] for sk in found[:limit]]

    def between(self, pk: str, first: str, last: str) -> list[Record]:
        with self._lock:
            sorts = self._sorts.get(pk, [])
            found = sorts[bisect_left(sorts, first) : bisect_right(sorts, last)]
            return [self.items[pk, sk] for sk in found]

    def delete(self, pk: str, sk: str) -> None:
        with self._lock:
            self._drop(pk, sk)

    def remove(self, record: Record) -> bool:
        with self._lock:
            held = self.items.get((record.pk, record.sk))
            if held is None or held.version != record.version:
                return False
            self._drop(record.pk, record.sk)
            return True

    def _drop(self, pk: str, sk: str) -> None:
        if self.items.pop((pk, sk), None):
            sorts = self._sorts[pk]
            del sorts[bisect_left(sorts, sk)]

    def page(self, after: str, most: int) -> tuple[list[Record], str]:
        keys = sorted(self.items)
        keys = [k for k in keys if k > tuple(json.loads(after))] if after else keys
        place = json.dumps(list(keys[most - 1])) if len(keys) > most else ""
        return [self.items[k] for k in keys[:most]], place

    def scan(self, *, limit: int | None = None) -> Iterable[Record]:
        return list(self.items.values())[:limit]

    def save(self, record: Record) -> Record:
        with self._lock:
            self._check(record)
            return self._store(record)

    def put_new(self, record: Record) -> bool:
        try:
            self.save(replace(record, version=0))
        except ConflictError:
            return False
        return True

    def count(self, change: Count) -> float:
        with self._lock:
            self._check_count(change)
            return self._add(change)

    def transact(self, changes: Sequence[Save | Count], token: str) -> None:
        with self._lock:
            token = f"{token}{changes}"
            if token in self._tokens:
                return
            if len(changes) > _TRANSACTION:
                raise ValueError(f"a transaction holds {_TRANSACTION} changes, not {len(changes)}")
            keys = [_key(change) for change in changes]
            if len(set(keys)) != len(keys):
                raise ValueError("a transaction may change each item once only")
            for change in changes:
                if isinstance(change, Save):
                    self._check(change.record)
                else:
                    self._check_count(change)
            for change in changes:
                if isinstance(change, Save):
                    self._store(change.record)
                else:
                    self._add(change)
            self._tokens.add(token)

    def _check(self, record: Record) -> None:
        if len(record.body) > _LARGE or len(record.pk) + len(record.sk) > _LONG:
            to_item(record)
        held = self.items.get((record.pk, record.sk))
        if (held.version if held else 0) != record.version:
            raise ConflictError(f"{record.pk}/{record.sk}")

    def _store(self, record: Record) -> Record:
        return self._put(replace(record, version=record.version + 1))

    def _put(self, record: Record) -> Record:
        if (record.pk, record.sk) not in self.items:
            insort(self._sorts.setdefault(record.pk, []), record.sk)
        self.items[record.pk, record.sk] = record
        return record

    def _check_count(self, change: Count) -> None:
        held = self.items.get((change.pk, change.sk))
        used = held.numbers.get(change.number, 0) if held else 0
        if change.at_most is not None and used + change.amount > change.at_most:
            raise LimitReachedError(f"{change.pk}/{change.sk}")

    def _add(self, change: Count) -> float:
        key = (change.pk, change.sk)
        held = self.items.get(key) or Record(change.pk, change.sk)
        total = held.numbers.get(change.number, 0) + change.amount
        numbers = {**held.numbers, change.number: total}
        ends = held.expires_at if change.expires_at is None else change.expires_at
        self._put(replace(held, numbers=numbers, version=held.version + 1, expires_at=ends))
        return total


def _key(change: Save | Count) -> Key:
    held = change.record if isinstance(change, Save) else change
    return held.pk, held.sk
