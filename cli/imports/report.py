"""What became of every row, as a CSV that a person can sort, and as counts."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from mos.identity.lists.plan import RowOutcome
from mos.identity.lists.sheet import Sheet
from mos.sheet.contents import neutralise
from mos.sheet.table import MEND, NO_ROW


def write(path: Path, outcomes: Iterable[RowOutcome]) -> None:
    """Write one line per row, in the order of the file; the file is whole or not there."""
    beside = path.with_name(f"{path.name}.tmp")
    with beside.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["line", "status", "reason", "signal_id", "matched_with"])
        for o in outcomes:
            writer.writerow(
                [o.line, o.status, neutralise(o.reason), o.signal_id, neutralise(o.person)]
            )
    beside.replace(path)


def write_refused(path: Path, sheet: Sheet, outcomes: Iterable[RowOutcome]) -> int:
    """Write the refused rows as they were, each with its reason: mend them and import the file.

    Return how many there are; without any there is no file.
    """
    why = {o.line: o.reason for o in _of_rows(outcomes)}
    if not why:
        path.unlink(missing_ok=True)
        return 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        header = [name for name in sheet.header if name != MEND]
        writer.writerow([*map(neutralise, header), MEND])
        for row in sheet.rows:
            if row.line in why:
                cells = [neutralise(row.cells.get(name, "")) for name in header]
                writer.writerow([*cells, why[row.line]])
    return len(why)


def _of_rows(outcomes: Iterable[RowOutcome]) -> list[RowOutcome]:
    """Return what is refused and can be mended: not what is no row of the table at all."""
    return [o for o in outcomes if o.status == "refused" and not o.reason.startswith(NO_ROW)]


def counts(outcomes: Iterable[RowOutcome]) -> dict[str, int]:
    """Return how many rows ended how."""
    return dict(sorted(Counter(o.status for o in outcomes).items()))


def reasons(outcomes: Iterable[RowOutcome]) -> list[tuple[str, int]]:
    """Return why rows were refused, the commonest reason first."""
    refused = (o.reason.partition(":")[0] for o in outcomes if o.status == "refused")
    return Counter(refused).most_common()
