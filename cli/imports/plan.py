"""From rows to the requests that carry them, with what is known of each before it is sent."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cli.imports.columns import Columns, row_of
from cli.imports.known import Likely
from cli.imports.report import Outcome
from cli.imports.rows import Line
from cli.imports.upload import ROWS
from functions.webhook.draft import Delivery, signal
from functions.webhook.list_row import draft_of
from mos.errors import RejectedError
from mos.matching.field import Field
from mos.model.base import canonical
from mos.model.signal import Provenance, Signal, Trust


@dataclass(frozen=True)
class Row:
    """A row that the door will take, and the signal it becomes."""

    line: int
    body: dict[str, Any]
    signal: Signal
    notes: tuple[str, ...]


def read(
    lines: Sequence[Line],
    columns: Columns,
    uploaded: str,
    provenance: Provenance,
    at: datetime,
) -> tuple[list[Row], list[Outcome]]:
    """Return the rows that the door will take, and those it would refuse, with their reasons.

    The door's own code is asked, so that what is told here is what will happen there. `at` is when
    the list said it: the same file again is the same signals, and never newer than what was said
    since.
    """
    first: dict[str, int] = {}
    rows: list[Row] = []
    refused: list[Outcome] = []
    delivery = Delivery("lists", Trust.SIGNED, datetime.now(UTC))
    for line in lines:
        if line.refused:
            refused.append(Outcome(line.line, "refused", line.refused))
            continue
        body, notes = row_of(line.cells, columns)
        body |= {"row": str(line.line), "occurred_at": at.isoformat()}
        try:
            made = signal(draft_of(body, uploaded, provenance), delivery)
        except RejectedError as error:
            refused.append(Outcome(line.line, "refused", f"{error.reason}: {error.detail}"))
            continue
        before = first.setdefault(made.identifiers[0].key, line.line)
        if before != line.line:
            notes.append(f"the same person as line {before}; of two answers, a no holds")
        rows.append(Row(line.line, body, made, tuple(notes)))
    return rows, refused


def comparable(row: Line, columns: Columns) -> dict[Field, str]:
    """Return what of a row can be compared with people."""
    return {field: row.cells.get(column, "") for column, field in columns.fields().items()}


def with_likely(row: Row, likely: Likely | None) -> dict[str, Any]:
    """Return the row's body with the person it most likely is."""
    if likely is None:
        return row.body
    told = {"probability": likely.probability, "why": likely.why}
    if likely.sure:
        return row.body | {"match": told | {"identifier": likely.identifier}}
    own = row.signal.identifiers[0].key
    return row.body | {"review": told | {"as": own, "with": likely.identifier}}


def outcome(row: Row, likely: Likely | None) -> Outcome:
    """Return what will become of a row that is taken."""
    status = "accepted" if likely is None else "matched" if likely.sure else "review"
    why = [*row.notes] + ([f"{likely.probability:.0%}: {likely.why}"] if likely else [])
    person = likely.identifier if likely else ""
    return Outcome(row.line, status, "; ".join(why), row.signal.signal_id, person)


def requests(
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


def digest_of(rows: Sequence[Row], uploaded: str, provenance: Provenance) -> str:
    """Return what tells this list from any other: its rows, whoever they are taken for."""
    whole = hashlib.sha256(f"{uploaded}\0{provenance.value}\0".encode())
    for row in rows:
        whole.update(row.signal.signal_id.encode())
    return whole.hexdigest()
