"""From the rows of a list to the requests that carry them, and what will become of each. Pure."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mos.errors import RejectedError
from mos.identity.attachment import PLACE, RowClaim
from mos.identity.lists.body import build_body
from mos.identity.lists.ids import is_row_number
from mos.identity.lists.list_record import ListRecord
from mos.identity.lists.record import ListReading, read_record
from mos.identity.lists.sheet import Sheet
from mos.identity.lists.within import (
    Merge,
    drop_other_names,
    drop_shared,
    find_merges,
    group,
    settle,
    tell_one_person,
)
from mos.identity.rules import MatchRules
from mos.model.base import canonical
from mos.model.consent import Purpose
from mos.model.signal import Identifier, Provenance, Signal
from mos.sheet.written_date import find_day_first

ROWS = 200
"""Rows of one request."""
_SHARED = "a mailbox that several people read: nobody's own permission"

Door = Callable[[Mapping[str, Any]], Signal]
"""What the list door makes of one row; it raises `RejectedError` where it refuses."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row that the door will take, and the signal it becomes.

    `looks` is why a person should look at it, whoever it is.
    """

    line: int
    body: dict[str, Any]
    signal_id: str
    packed: bytes
    notes: tuple[str, ...]
    looks: tuple[str, ...] = ()

    @property
    def signal(self) -> Signal:
        """Return the signal, unpacked: of a long list only the one that is looked at."""
        return Signal.parse(self.packed)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A row and what the door made of it: the signal, what says who it is, and whether alone."""

    record: ListRecord
    signal_id: str
    packed: bytes
    keys: tuple[str, ...]
    is_shared: bool
    """Whether several people read each of its mailboxes."""


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """One row: accepted, matched, review or refused; why; and where to look it up."""

    line: int
    status: str
    reason: str = ""
    signal_id: str = ""
    person: str = ""


@dataclass(frozen=True)
class ListPlan:
    """The rows that the door will take, those it would refuse, and which rows would be one."""

    rows: list[ListRow]
    refused: list[RowOutcome]
    merges: list[Merge]
    people: list[list[int]]
    """The places in `rows` of each person."""


def read_rows(
    sheet: Sheet, door: Door, provenance: Provenance, rules: MatchRules | None, at: datetime
) -> ListPlan:
    """Return what becomes of the rows of a list.

    The door's own code is asked, so that what is reported here is what will happen there. `at` is
    when the list said it: the same file again is the same signals, and never newer than what was
    said since. `rules` say which mailboxes and values are nobody's.
    """
    reading = _prepare(sheet, provenance)
    records = [sheet.apply_name(read_record(row, reading)) for row in sheet.rows]
    refused = [RowOutcome(r.line, "refused", r.refused) for r in records if r.refused]
    kept = drop_other_names(
        drop_shared([r for r in records if not r.refused]),
        lambda mailbox: _blocks(Identifier(type="email", value=mailbox), rules),
    )
    del records  # a row is held once, however many there are
    taken, more = _ask(kept, door, at, rules)
    del kept
    refused += more
    keys = [row.keys for row in taken]
    people = group(keys)
    merges = find_merges([row.record.line for row in taken], keys)
    for person in people:
        rows = settle([_without_shared(taken[place]) for place in person])
        for place, record in zip(person, rows, strict=True):
            if record is not taken[place].record:
                taken[place] = _pack(record, door(build_body(record, at)), rules)
    same = {place: _tell_same(taken, person) for person in people for place in person}
    made = [_make_row(row, same[place], at) for place, row in enumerate(taken)]
    return ListPlan(made, sorted(refused, key=lambda o: o.line), merges, people)


def _tell_same(rows: Sequence[_Answer], person: Sequence[int]) -> tuple[str, ...]:
    return (tell_one_person([rows[at].record.line for at in person]),) if len(person) > 1 else ()


def _make_row(row: _Answer, same: tuple[str, ...], at: datetime) -> ListRow:
    record = row.record
    notes = (*record.notes, *same)
    return ListRow(
        record.line, build_body(record, at), row.signal_id, row.packed, notes, record.looks
    )


def _pack(record: ListRecord, signal: Signal, rules: MatchRules | None) -> _Answer:
    mailboxes = [i for i in signal.identifiers if i.type == "email"]
    shared = bool(mailboxes) and all(_blocks(mailbox, rules) for mailbox in mailboxes)
    packed = signal.model_dump_json(exclude_defaults=True).encode()
    return _Answer(record, signal.signal_id, packed, _list_keys(signal, rules), shared)


def _prepare(sheet: Sheet, provenance: Provenance) -> ListReading:
    columns = sheet.columns
    dates = [row.cells.get(c.name, "") for c in columns.named("said_at") for row in sheet.rows]
    stated = columns.export.day_first if columns.export else None
    counted = {
        column.name
        for column in columns.named("list_id")
        if column.name not in sheet.mapped
        and not (columns.export and columns.export.meaning_of(column.name))
        and is_row_number([c for row in sheet.rows if (c := row.cells.get(column.name, ""))])
    }
    day_first = stated if stated is not None else find_day_first(dates)
    return ListReading(columns, provenance, day_first, frozenset(counted), frozenset(sheet.mapped))


def _ask(
    records: Iterable[ListRecord], door: Door, at: datetime, rules: MatchRules | None
) -> tuple[list[_Answer], list[RowOutcome]]:
    taken: list[_Answer] = []
    refused: list[RowOutcome] = []
    for record in records:
        try:
            taken.append(_pack(record, door(build_body(record, at)), rules))
        except RejectedError as error:
            why = "; ".join((f"{error.reason}: {error.detail}", *record.looks))
            refused.append(RowOutcome(record.line, "refused", why))
    return taken, refused


def _list_keys(signal: Signal, rules: MatchRules | None) -> tuple[str, ...]:
    """Return what of a row says who it is: nothing that is a device's, a place's or nobody's."""
    named = (i for i in signal.identifiers if i.type != PLACE and not _blocks(i, rules))
    return tuple(identifier.key for identifier in named)


def _blocks(identifier: Identifier, rules: MatchRules | None) -> bool:
    return rules is not None and rules.blocks(identifier)


def _without_shared(row: _Answer) -> ListRecord:
    """Return the row without a permission by mail that only a shared mailbox gives."""
    record = row.record
    said = record.said.get(Purpose.EMAIL_MARKETING)
    if said is None or said.word.value != "granted" or not row.is_shared:
        return record
    rest = dict(record.said)
    del rest[Purpose.EMAIL_MARKETING]
    return record.answering(rest, _SHARED)


def add_claim(row: ListRow, claim: RowClaim | None) -> dict[str, Any]:
    """Return the row's body with the person it most likely is: for the data layer to check."""
    if claim is None:
        return row.body
    evidence = {"probability": claim.probability, "why": claim.why}
    if claim.sure:
        return row.body | {"match": evidence | {"identifier": claim.key}}
    return row.body | {"review": evidence | {"with": claim.key}}


def foretell(row: ListRow, claim: RowClaim | None) -> RowOutcome:
    """Return what will become of a row that is taken, as far as can be seen before it is sent."""
    status = "accepted" if claim is None else "matched" if claim.sure else "review"
    status = "review" if row.looks else status
    why = [*row.looks, *row.notes] + ([f"{claim.probability:.0%}: {claim.why}"] if claim else [])
    person = claim.key if claim else ""
    return RowOutcome(row.line, status, "; ".join(why), row.signal_id, person)


def build_requests(
    rows: Sequence[Mapping[str, Any]], uploaded: str, provenance: Provenance
) -> list[bytes]:
    """Return the bodies of the requests, the same bytes for the same rows."""
    return [
        canonical(
            {
                "list": uploaded,
                "provenance": provenance.value,
                "rows": [dict(row) for row in rows[start : start + ROWS]],
            }
        ).encode()
        for start in range(0, len(rows), ROWS)
    ]


def digest(rows: Sequence[ListRow], uploaded: str, provenance: Provenance) -> str:
    """Return what tells this list from any other: its rows, whoever they are taken for."""
    whole = hashlib.sha256(f"{uploaded}\0{provenance.value}\0".encode())
    for row in rows:
        whole.update(row.signal_id.encode())
    return whole.hexdigest()
