"""What a notice doesn't carry: which record of another system must be read, and why."""

import re
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import Field

from mos.model.base import Fact, Stored
from mos.model.signal import Signal

_SINCE = "since:"
_MOMENT = re.compile(rf"{_SINCE}(\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")
_TENANTS = ("tenant", "portal_id", "page_id")
ASKING = frozenset({"needs_read", "read_why", "read_object", "read_id"})
"""The properties of a signal that asks for a record."""
READ = "is_read"
"""The property of a signal that was made of a record which we have asked for."""


class ReadReason(StrEnum):
    """Why a record must be read; `if_unknown`: only where nobody knows yet whose it is.

    `overflow`: a system has left out whose changes they are; all that changed since is read.
    """

    NEW_RECORD = "new_record"
    STAGE = "stage"
    RESTORED = "restored"
    GAP = "gap"
    OVERFLOW = "overflow"
    ANSWERS = "answers"
    IF_UNKNOWN = "if_unknown"


class RecordName(Stored):
    """A record of another system, by that system's own words: `object` is its type there."""

    system: str = Field(max_length=64)
    object: str = Field(max_length=100)
    record_id: str = Field(max_length=200)
    tenant: str = Field(default="", max_length=200)


class RecordNeed(Stored):
    """A record that must be read, and why."""

    record: RecordName
    why: ReadReason


def state_need(why: ReadReason, kind: str, record_id: str | None) -> dict[str, Fact]:
    """Return the properties by which a notice says which record must be read, and why.

    >>> state_need(ReadReason.STAGE, "deal", "1")
    {'needs_read': True, 'read_why': 'stage', 'read_object': 'deal', 'read_id': '1'}
    """
    if not record_id:
        return {}
    said: dict[str, Fact] = {"read_why": why.value, "read_object": kind, "read_id": record_id}
    return {"needs_read": True, **said}


def name_since(at: datetime) -> str:
    """Return the id that stands for all records of a type that have changed since a moment.

    >>> name_since(datetime(2026, 9, 21, 12, 53, 20, 7, tzinfo=UTC))
    'since:2026-09-21T12:53:20Z'
    """
    return f"{_SINCE}{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_since(record_id: str) -> str | None:
    """Return since when all records of a type are meant, or None where an id is one record's.

    >>> read_since("since:2026-09-21T12:53:20Z"), read_since("001Zz0000000101IAA")
    ('2026-09-21T12:53:20Z', None)
    """
    found = _MOMENT.fullmatch(record_id)
    return found[1] if found else None


def read_need(signal: Signal) -> RecordNeed | None:
    """Return the record that a signal wants read, or None.

    What says that something is missing and names no record is kept, and leads to no question.
    """
    said = signal.properties
    why, kind, record_id = (said.get(n) for n in ("read_why", "read_object", "read_id"))
    if why not in set(ReadReason) or not kind or not record_id:
        return None
    tenant = next((str(said[name]) for name in _TENANTS if said.get(name)), "")
    record = RecordName(
        system=signal.source, object=str(kind), record_id=str(record_id), tenant=tenant
    )
    return RecordNeed(record=record, why=ReadReason(str(why)))


def is_read(signal: Signal) -> bool:
    """Say whether a signal was made of a record that we have asked for."""
    return signal.properties.get(READ) is True
