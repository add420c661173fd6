"""`mos stage diff`: what the stages would be under another bundle, as counts per transition."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from cli.bundle import Folder
from cli.deployment import deployment
from cli.output import AsJson
from functions.simulation.rows.placement import PlacementDiff, read_scenes
from mos.deployment import storage
from mos.errors import MissingError
from mos.policy.bundle.bundle import read_folder

_EXAMPLES = 20
_COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    TaskProgressColumn(),
    TextColumn("{task.fields[said]}"),
)


def diff(
    folder: Annotated[Path, Folder],
    against: Annotated[
        Path | None, typer.Option(help="A bundle's folder instead of the active bundle.")
    ] = None,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Place everybody stored under both bundles, at this moment, and count what differs.

    Nothing is written. Both bundles judge anew, as a correction does: neither is bound to the
    stages that are held now.
    """
    where = deployment()
    active = read_folder(against) if against else storage.open_bundles(where).active()
    found = PlacementDiff(active, read_folder(folder), _EXAMPLES)
    with Progress(*_COLUMNS, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Placing everybody under both bundles", total=1.0, said="")
        pages = read_scenes(
            lambda **asked: _asked(where.ask("scenes", **asked)),
            lambda share: bar.advance(task, share),
        )
        for scene in pages:
            found.add(scene)
            bar.update(task, said=f"{found.people} people, {found.moved} differ")
    if as_json:
        typer.echo(json.dumps(found.report(), indent=2))
    else:
        _print(found)


def _asked(answer: dict[str, Any]) -> dict[str, Any]:
    if not answer.get("ok"):
        raise MissingError(f"scenes: {answer.get('reason')} {answer.get('detail')}")
    data: dict[str, Any] = answer["data"]
    return data


def _print(found: PlacementDiff) -> None:
    report = found.report()
    console = Console()
    console.print(
        f"{found.people} people in {found.groups} groups: {found.moved} would stand elsewhere"
    )
    page = Table()
    for name in ("level", "from", "to", "count"):
        page.add_column(name, justify="right" if name == "count" else "left")
    for row in report["transitions"]:
        page.add_row(row["level"], row["from"], row["to"], str(row["count"]))
    console.print(page)
    for example in report["examples"]:
        console.print(
            f"{example['name']} ({example['level']}): {example['from']} by {example['from_row']} → "
            f"{example['to']} by {example['to_row']}: {example['because']}",
            highlight=False,
        )
