"""From lines of a list to the requests that carry them, and what will become of each. Pure."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mos.errors import RejectedError
from mos.identity.attachment import RowClaim
from mos.identity.lists.columns import ListColumns, build_row
from mos.model.base import canonical
from mos.model.signal import Provenance, Signal

ROWS = 200
"""Rows of one request."""

Door = Callable[[Mapping[str, Any]], Signal]
"""What the list door makes of one row; it raises `RejectedError` where it refuses."""


@dataclass(frozen=True)
class Line:
    """One record of a file: where it starts, its cells, or why it cannot be read."""

    line: int
    cells: dict[str, str]
    refused: str = ""


@dataclass(frozen=True)
class ListRow:
    """A row that the door will take, and the signal it becomes."""

    line: int
    body: dict[str, Any]
    signal: Signal
    notes: tuple[str, ...]


@dataclass(frozen=True)
class RowOutcome:
    """One row: accepted, matched, review or refused; why; and where to look it up."""

    line: int
    status: str
    reason: str = ""
    signal_id: str = ""
    person: str = ""


def read_rows(
    lines: Sequence[Line], columns: ListColumns, door: Door, at: datetime
) -> tuple[list[ListRow], list[RowOutcome]]:
    """Return the rows that the door will take, and those it would refuse, with their reasons.

    The door's own code is asked, so that what is reported here is what will happen there. `at` is
    when the list said it: the same file again is the same signals, and never newer than what was
    said since.
    """
    first: dict[str, int] = {}
    rows: list[ListRow] = []
    refused: list[RowOutcome] = []
    for line in lines:
        if line.refused:
            refused.append(RowOutcome(line.line, "refused", line.refused))
            continue
        body, notes = build_row(line.cells, columns)
        body |= {"row": str(line.line), "occurred_at": at.isoformat()}
        try:
            made = door(body)
        except RejectedError as error:
            refused.append(RowOutcome(line.line, "refused", f"{error.reason}: {error.detail}"))
            continue
        before = first.setdefault(made.identifiers[0].key, line.line)
        if before != line.line:
            notes.append(f"the same person as line {before}; of two answers, a no holds")
        rows.append(ListRow(line.line, body, made, tuple(notes)))
    return rows, refused


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
    why = [*row.notes] + ([f"{claim.probability:.0%}: {claim.why}"] if claim else [])
    person = claim.key if claim else ""
    return RowOutcome(row.line, status, "; ".join(why), row.signal.signal_id, person)


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
        whole.update(row.signal.signal_id.encode())
    return whole.hexdigest()
