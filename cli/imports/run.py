"""One import from beginning to end, shown as it goes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli.deployment import deployment
from cli.imports import report, upload
from functions.webhook.list_door import rehearse_door
from lab.progress import steps
from mos.deployment import storage
from mos.deployment.deployment import Deployment
from mos.deployment.page import read_bodies
from mos.errors import MalformedError
from mos.identity.attachment import RowClaim
from mos.identity.lists import plan
from mos.identity.lists.columns import ListColumns, read_columns
from mos.identity.lists.likely import find_likely
from mos.identity.lists.sheet import Sheet, read_sheet
from mos.model.profile import Profile
from mos.model.signal import Provenance


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    file: Path
    mapped: tuple[str, ...]
    name: str
    provenance: str
    report: Path
    match: bool
    dry_run: bool
    quiet: bool


def run(wanted: Wanted) -> dict[str, Any]:
    """Return the mapping, the counts and where the report lies.

    Raises:
        MalformedError: the file or an option is wrong.
        UploadError: the door does not take it.
    """
    console = Console(stderr=True, quiet=wanted.quiet)
    sheet = read_sheet(wanted.file)
    columns = read_columns(sheet.header, dict(map(_parse_mapping, wanted.mapped)))
    _show(console, sheet, columns)
    try:
        provenance = Provenance(wanted.provenance)
    except ValueError:
        raise MalformedError(f"provenance is one of {', '.join(Provenance)}") from None
    door = rehearse_door(wanted.name, provenance, datetime.now(UTC))
    rows, refused = plan.read_rows(sheet.lines, columns, door, sheet.changed_at)
    where = deployment() if wanted.match or not wanted.dry_run else None
    likely = _search(rows, where) if wanted.match and where else {}
    outcomes = [plan.foretell(row, likely.get(row.line)) for row in rows]
    if not wanted.dry_run and where and rows:
        said = [plan.add_claim(row, likely.get(row.line)) for row in rows]
        kept = upload.Progress.of(wanted.file, plan.digest(rows, wanted.name, provenance))
        _send(kept, plan.build_requests(said, wanted.name, provenance), where, console)
    outcomes = sorted([*outcomes, *refused], key=lambda o: o.line)
    report.write(wanted.report, outcomes)
    mend = wanted.report.with_suffix(".refused.csv")
    refused_count = report.write_refused(mend, sheet, outcomes)
    _tell(console, wanted, outcomes)
    if refused_count:
        console.print(f"refused rows, to mend and import again: {mend}", highlight=False)
    return {
        "list": wanted.name,
        "columns": columns.meaning,
        "ignored": columns.ignored,
        "rows": report.counts(outcomes),
        "report": str(wanted.report),
        "sent": not wanted.dry_run,
    }


def _parse_mapping(text: str) -> tuple[str, str]:
    column, equals, meaning = text.rpartition("=")
    if not equals or not column:
        raise MalformedError(f'write --map "{text}" as column=meaning')
    return column.strip(), meaning.strip()


def _show(console: Console, sheet: Sheet, columns: ListColumns) -> None:
    page = Table("column", "is read as", "first row", title=f"{len(sheet.lines):,} rows")
    first = sheet.lines[0].cells
    for column, meaning in columns.meaning.items():
        page.add_row(column, meaning, first.get(column, "")[:40])
    for column in columns.ignored:
        page.add_row(column, "[dim]left out[/]", first.get(column, "")[:40])
    console.print(page)
    for note in sheet.notes:
        console.print(f"note: {note}", highlight=False)
    if not any(meaning.startswith("consent:") for meaning in columns.meaning.values()):
        console.print("note: no column says who agreed to what, so nobody may be mailed for it")


def _search(rows: list[plan.ListRow], where: Deployment) -> dict[int, RowClaim]:
    """Return whom the rows are likely to be, by line."""
    with steps("Looking for known people") as say:
        people = [Profile.parse(body) for body in read_bodies(where, "people", say)]
        return find_likely(rows, people, storage.open_bundles(where).active(), say)


def _send(
    kept: upload.Progress, requests: list[bytes], where: Deployment, console: Console
) -> None:
    if kept.done:
        console.print(f"going on: {len(kept.done)} of {len(requests)} requests were taken before")
    bar = Progress(
        TextColumn("sending"), BarColumn(), MofNCompleteColumn(), TextColumn("requests"),
        TimeElapsedColumn(), console=console,
    )  # fmt: skip
    with bar:
        task = bar.add_task("sending", total=len(requests))
        upload.send(
            requests, upload.door(where), kept, lambda done: bar.update(task, completed=done)
        )
    kept.finish()


def _tell(console: Console, wanted: Wanted, outcomes: list[plan.RowOutcome]) -> None:
    counted = ", ".join(f"{count:,} {status}" for status, count in report.counts(outcomes).items())
    sent = "would be" if wanted.dry_run else "are"
    console.print(f"[bold]{wanted.name}[/]: {counted} ({sent} on their way)")
    for reason, times in report.reasons(outcomes)[:8]:
        console.print(f"  refused {times:,}: {reason}", highlight=False)
    console.print(f"every row: {wanted.report}", highlight=False)
    if any(o.status == "review" for o in outcomes) and not wanted.dry_run:
        console.print("pairs to look at: mos identity review list")
