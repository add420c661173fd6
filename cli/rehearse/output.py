"""Where a rehearsal goes: a page, a pull request, the stage's signed reports."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import typer

from cli.whole_file import write_whole
from mos.model.impact import Impact

_EVERY = 10.0
"""Seconds between two lines of one step."""


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
    """Show on standard error what is being done and for how long.

    A terminal gets a moving bar; a file or a pipe a line whenever another step begins, and one now
    and then. `quiet` says nothing.
    """
    from rich.console import Console  # noqa: PLC0415  slow: only what runs pays

    console = Console(stderr=True, quiet=quiet)
    if not console.is_terminal:
        yield Lines(quiet=quiet).say
        return
    from rich.progress import (  # noqa: PLC0415  as above
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def say(share: float, what: str) -> None:
            bar.update(task, description=what, completed=share or None)

        yield say


@dataclass
class Lines:
    """Says in lines what is being done: each new step at once, and how far it is now and then."""

    quiet: bool
    clock: Callable[[], float] = time.monotonic
    _began: float = field(init=False)
    _last: float = -_EVERY
    _step: str = ""

    def __post_init__(self) -> None:
        self._began = self.clock()

    def say(self, share: float, what: str) -> None:
        """Write a line if there is something new to say."""
        now, step = self.clock(), what.partition(":")[0].lstrip("0123456789, ")[:20]
        if self.quiet or (step == self._step and now - self._last < _EVERY):
            return
        self._last, self._step = now, step
        far = f" ({share:.0%})" if share else ""
        typer.echo(f"{now - self._began:4.0f} s  {what}{far}", err=True)
