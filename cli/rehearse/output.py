"""Where a rehearsal goes: a page, a pull request, the stage's signed reports."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from cli.whole_file import write_whole
from mos.model.impact import Impact


def write(impact: Impact, html: Path | None, markdown: Path | None) -> None:
    """Write the page and the text that were asked for."""
    from cli.rehearse.markdown import markdown_of  # noqa: PLC0415  where it is asked for
    from cli.rehearse.page import page  # noqa: PLC0415  as above

    for path, made in ((html, page), (markdown, markdown_of)):
        if path is not None:
            write_whole(path, made(impact))
            typer.secho(f"written: {path}", err=True)


def sign(impact: Impact) -> None:
    """Store a signed report of the candidate with the stage, where activation looks for it."""
    from cli.deployment import deployment  # noqa: PLC0415  slow: reaches AWS
    from mos.deployment import storage  # noqa: PLC0415  as above
    from mos.model.report import ImpactReport  # noqa: PLC0415  as above

    text = impact.model_dump_json(exclude_defaults=True).encode()
    report = ImpactReport(
        candidate=impact.candidate,
        baseline=impact.baseline,
        made_at=impact.made_at,
        source=impact.source,
        decisions=impact.compared,
        impact=hashlib.sha256(text).hexdigest(),
        summary=impact.summary,
        broken=impact.broken,
        waived=impact.waived,
        accepted=impact.accepted,
        accounts=impact.compared_accounts,
        reach=impact.reach,
        eyes=impact.eyes,
        tested=impact.tested,
    )
    key = storage.open_reports(deployment(), storage.PUBLISHER).keep(report, text)
    typer.secho(f"report: {key}", err=True)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[float, str], None]]:
    """Show what is being done and for how long, on standard error."""
    from rich.console import Console  # noqa: PLC0415  slow: only what runs pays
    from rich.progress import (  # noqa: PLC0415  as above
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    console = Console(stderr=True, quiet=quiet)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def say(share: float, what: str) -> None:
            bar.update(task, description=what, completed=share or None)

        yield say
