"""`mos play`: a story through the whole system, in memory and on a virtual clock."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.bundle import POLICIES, Folder
from cli.output import AsJson, complain

app = typer.Typer()
_UNTIL = typer.Option(
    metavar="WHEN", help="Go on until then: timers and approvals fall due. ISO 8601."
)


@app.command("play")
def play(
    story: Annotated[Path, typer.Argument(help="JSON lines: what comes in, and what must hold.")],
    *,
    folder: Annotated[Path, Folder] = POLICIES,
    until: Annotated[str | None, _UNTIL] = None,
    experiments: Annotated[
        bool, typer.Option("--experiments", help="Hold out, challenge and explore, too.")
    ] = False,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Play a story: every line at its time, through the doors, the path and the workflow.

    Exit 1 where an `expect` does not hold, 2 where the story or the bundle is wrong.
    """
    from lab.play.error import StoryError  # noqa: PLC0415  slow: the whole system
    from lab.play.report import to_plain  # noqa: PLC0415  as above
    from lab.play.result import publish  # noqa: PLC0415  as above
    from lab.play.run import play_story  # noqa: PLC0415  as above
    from mos.errors import BundleError  # noqa: PLC0415  as above
    from mos.policy.bundle.bundle import read_folder  # noqa: PLC0415  as above

    try:
        bundle = read_folder(folder)
        run = play_story(story, bundle, until=_read_moment(until), experiments=experiments)
    except (StoryError, BundleError) as error:
        complain(to_plain(str(error)))
        raise typer.Exit(2) from None
    result = run.describe()
    if as_json:
        typer.echo(publish(result))
        for miss in run.misses:
            complain(to_plain(f"{story.name}: {miss}"))
    else:
        _show(story.name, [str(miss) for miss in run.misses], result)
    raise typer.Exit(1 if run.misses else 0)


def _read_moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write it as 2026-01-31T09:00:00Z", param_hint="--until") from None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


def _show(name: str, misses: list[str], result: dict[str, Any]) -> None:
    """Print the answer first: what does not hold, what was decided and sent; then the rest."""
    from rich.console import Console  # noqa: PLC0415  slow: only what prints in colour pays
    from rich.text import Text  # noqa: PLC0415  as above

    from lab.play import report  # noqa: PLC0415  as above

    console = Console(soft_wrap=True)
    for miss in misses:
        console.print(Text(report.to_plain(f"does not hold: {miss}"), style="red"))
    if not misses:
        console.print(Text(f"{name}: everything holds", style="green"))
    for line in report.tell_decisions(result):
        console.print(Text(report.to_plain(line)))
    for line in report.tell_troubles(result):
        console.print(Text(report.to_plain(line), style="yellow"))
    for line in (*report.tell_people(result), report.tell_counts(result)):
        console.print(Text(report.to_plain(line), style="dim"))
