"""What became of every row, as a CSV that a person can sort, and as counts."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """One row: accepted, matched, review or refused; why; and where to look it up."""

    line: int
    status: str
    reason: str = ""
    signal_id: str = ""
    person: str = ""


def write(path: Path, outcomes: Iterable[Outcome]) -> None:
    """Write one line per row, in the order of the file; the file is whole or not there."""
    beside = path.with_name(f"{path.name}.tmp")
    with beside.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["line", "status", "reason", "signal_id", "matched_with"])
        for o in outcomes:
            writer.writerow([o.line, o.status, o.reason, o.signal_id, o.person])
    beside.replace(path)


def counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Return how many rows ended how."""
    return dict(sorted(Counter(o.status for o in outcomes).items()))


def reasons(outcomes: Iterable[Outcome]) -> list[tuple[str, int]]:
    """Return why rows were refused, the commonest reason first."""
    refused = (o.reason.partition(":")[0] for o in outcomes if o.status == "refused")
    return Counter(refused).most_common()
