"""One import from beginning to end, shown as it goes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.bundle import POLICIES
from cli.deployment import deployment
from cli.imports import report, show, upload
from functions.webhook.list_door import rehearse_door
from lab.progress import steps
from mos.deployment import storage
from mos.deployment.deployment import Deployment, NotDeployedError
from mos.deployment.page import read_bodies
from mos.errors import MalformedError, MosError
from mos.identity.attachment import RowClaim
from mos.identity.lists import plan
from mos.identity.lists.dry_run import describe_import
from mos.identity.lists.likely import find_likely
from mos.identity.lists.sheet import Sheet, read_sheet
from mos.identity.rules import rules_of
from mos.model.profile import Profile
from mos.model.signal import Provenance
from mos.policy.bundle.bundle import Bundle, read_folder


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    file: Path
    mapped: tuple[str, ...]
    name: str
    provenance: str
    report: Path | None
    match: bool
    dry_run: bool
    quiet: bool


@dataclass(frozen=True)
class Stage:
    """Whom a list is compared with, and by whose rules: of a stage, or the starter bundle's."""

    where: Deployment | None
    bundle: Bundle


def run(wanted: Wanted) -> dict[str, Any]:
    """Return what came of the list, or would; with questions open nothing is sent.

    Raises:
        MalformedError: the file or an option is wrong.
        NotDeployedError: it is to be sent, and no system is up.
        UploadError: the door does not take it.
    """
    console = Console(stderr=True, quiet=wanted.quiet)
    sheet = read_sheet(wanted.file, dict(map(_parse_mapping, wanted.mapped)))
    provenance = _read_provenance(wanted.provenance)
    show.show_columns(console, sheet)
    sends = not wanted.dry_run and not sheet.questions
    stage = _find_stage(console, needed=sends, wanted=sends or wanted.match)
    door = rehearse_door(wanted.name, provenance, datetime.now(UTC))
    rules = rules_of(stage.bundle)
    made = plan.read_rows(sheet, door, provenance, rules, sheet.changed_at)
    claims = _search(made.rows, stage) if wanted.match else {}
    if sends and stage.where and made.rows:
        said = [plan.add_claim(row, claims.get(row.line)) for row in made.rows]
        kept = upload.Progress.of(wanted.file, plan.digest(made.rows, wanted.name, provenance))
        _send(kept, plan.build_requests(said, wanted.name, provenance), stage.where, console)
    against = stage.where.stage if stage.where and wanted.match else None
    answer = describe_import(sheet, made, claims, against)
    show.show_people(console, made, answer)
    outcomes = [plan.foretell(row, claims.get(row.line)) for row in made.rows]
    outcomes = sorted([*outcomes, *made.refused], key=lambda o: o.line)
    _report(console, wanted, sheet, outcomes)
    if wanted.dry_run or sheet.questions:
        return answer
    sent = {"list": wanted.name, "report": str(_report_path(wanted)), "sent": True}
    return answer | sent | {"counts": report.counts(outcomes)}


def _parse_mapping(text: str) -> tuple[str, str]:
    column, equals, meaning = text.rpartition("=")
    if not equals or not column:
        raise MalformedError(f'write --map "{text}" as column=meaning')
    return column.strip(), meaning.strip()


def _read_provenance(text: str) -> Provenance:
    try:
        return Provenance(text)
    except ValueError:
        raise MalformedError(f"provenance is one of {', '.join(Provenance)}") from None


def _find_stage(console: Console, *, needed: bool, wanted: bool) -> Stage:
    """Return the stage, or the starter bundle alone where a dry run finds none up."""
    if wanted:
        try:
            where = deployment()
            return Stage(where, storage.open_bundles(where).active())
        except (NotDeployedError, MosError):
            if needed:
                raise
            console.print("note: no system is up, so nobody who is known is compared")
    return Stage(None, read_folder(POLICIES))


def _search(rows: list[plan.ListRow], stage: Stage) -> dict[int, RowClaim]:
    """Return whom the rows are likely to be, by line."""
    if stage.where is None:
        return {}
    with steps("Looking for known people") as say:
        people = [Profile.parse(body) for body in read_bodies(stage.where, "people", say)]
        return find_likely(rows, people, stage.bundle, say)


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


def _report_path(wanted: Wanted) -> Path | None:
    """Return where the report goes; a dry run writes none unless it is told where."""
    if wanted.report or wanted.dry_run:
        return wanted.report
    return wanted.file.with_suffix(".report.csv")


def _report(
    console: Console, wanted: Wanted, sheet: Sheet, outcomes: list[plan.RowOutcome]
) -> None:
    sent = "would be" if wanted.dry_run or sheet.questions else "are"
    show.show_counts(console, wanted.name, outcomes, sent)
    path = _report_path(wanted)
    if path is None or (sheet.questions and not wanted.report):
        return
    report.write(path, outcomes)
    mend = path.with_suffix(".refused.csv")
    console.print(f"every row: {path}", highlight=False)
    if report.write_refused(mend, sheet, outcomes):
        console.print(f"refused rows, to mend and import again: {mend}", highlight=False)
    if sent == "are" and any(o.status == "review" for o in outcomes):
        console.print("pairs to look at: mos identity review list")
