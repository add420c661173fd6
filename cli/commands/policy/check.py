"""`mos policy check` and `stale`: is every page right, and what is due for review?"""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.bundle import POLICIES, Folder, bundle_at
from cli.output import AsJson, finish
from cli.refusal import bad_input
from functions.agent.counted import count_of
from functions.simulation.golden.run import list_failures
from mos.policy.bundle.bundle import read_folder
from mos.policy.check import ERROR, NOTE, Finding
from mos.policy.checks import overdue_review
from mos.policy.examine import examine


def check(
    place: Annotated[
        str, typer.Argument(help="A folder, a digest, a proposal pol_… or `active`.")
    ] = "",
    folder: Annotated[Path, Folder] = POLICIES,
    notes: Annotated[bool, typer.Option(help="List overlaps and overrides, too.")] = False,  # noqa: FBT002  Typer's own form of a flag
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Look for wrong pages, dead rows, gaps, conflicts, failing examples. Exit 1 on a mistake."""
    with bad_input():
        bundle = bundle_at(place) if place else read_folder(folder)
    found = [*examine(bundle, datetime.now(UTC).date()), *list_failures(bundle)]
    levels = Counter(f["level"] for f in found)
    shown = found if notes or as_json else [f for f in found if f["level"] != NOTE]
    tables = len(bundle.names("tables"))
    summary = (
        f"{count_of(tables, 'table')}, {count_of(levels[ERROR], 'mistake')}, "
        f"{count_of(levels['warning'], 'warning')}, "
        f"{count_of(levels[NOTE], 'note')}{'' if notes else ' (--notes lists them)'} · "
        f"{bundle.digest[:12]}"
    )
    data = {"digest": bundle.digest, "findings": shown}
    finish(data, [*map(_line, shown), summary], as_json=as_json, found=bool(levels[ERROR]))


def stale(
    folder: Annotated[Path, Folder] = POLICIES,
    by: Annotated[str, typer.Option(help="Due by this day, such as 2027-01-31.")] = "",
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """List the parameters whose review is due, with their owners. Exit 1 where there are some."""
    with bad_input():
        day = _day(by) if by else datetime.now(UTC).date()
        bundle = read_folder(folder)
        found = overdue_review.CHECK.run(bundle, day)
        total = len(bundle.parameters)
    lines = [f["detail"] for f in found]
    lines.append(f"{len(found)} of {total} parameters are due by {day}")
    finish({"by": str(day), "findings": found}, lines, as_json=as_json, found=bool(found))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"--by {text}: expected a date YYYY-MM-DD, such as 2027-01-31") from None


def _line(finding: Finding) -> str:
    lead = f", such as {finding['lead']}" if finding.get("lead") else ""
    return f"{finding['level']} {finding['file']}: {finding['detail']}{lead}"
