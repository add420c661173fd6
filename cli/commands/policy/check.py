"""`mos policy check`: is every page right, and does every example hold?"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.commands.policy.source import POLICIES, Folder
from cli.output import AsJson
from mos.errors import BundleError
from mos.policy.bundle import Bundle, read_folder
from mos.policy.examples import run_examples
from mos.policy.stages import findings


def check(
    folder: Annotated[Path, Folder] = POLICIES,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Check every table, parameter and action, and run every example. Exit 1 on a mistake."""
    bundle = read_folder(folder)
    found = examine(bundle)
    mistakes = [f for f in found if f["level"] == "error"]
    if as_json:
        typer.echo(json.dumps({"digest": bundle.digest, "findings": found}, indent=2))
    else:
        console = Console()
        for finding in found:
            colour = "red" if finding["level"] == "error" else "yellow"
            console.print(f"[{colour}]{finding['level']}[/] {finding['file']}: {finding['detail']}")
        tables, parameters = len(bundle.names("tables")), len(_parameters(bundle))
        console.print(
            f"{tables} tables, {parameters} parameters, {len(mistakes)} mistakes "
            f"· {bundle.digest[:12]}"
        )
    raise typer.Exit(1 if mistakes else 0)


def examine(bundle: Bundle) -> list[dict[str, Any]]:
    """Return what is wrong (error) and what is old (warning) in a bundle."""
    found: list[dict[str, Any]] = []
    for name in bundle.names("tables"):
        try:
            failures = run_examples(bundle, name)
        except BundleError as error:
            found.append({"level": "error", "file": error.file, "detail": error.detail})
            continue
        found += [
            {
                "level": "error",
                "file": f"tables/{name}.toml",
                "detail": f"given {f.given}, expected {f.expect}, found {f.found}",
            }
            for f in failures
        ]
    for part in ("actions", "parameters"):
        try:
            getattr(bundle, part)
        except BundleError as error:
            found.append({"level": "error", "file": error.file, "detail": error.detail})
    try:
        found += [{"level": "error", "file": f, "detail": d} for f, d in findings(bundle)]
    except BundleError as error:
        found.append({"level": "error", "file": error.file, "detail": error.detail})
    today = datetime.now(UTC).date()
    found += [
        {
            "level": "warning",
            "file": "parameters",
            "detail": f"{p.name} was due for review by {p.owner} on {p.review_by}",
        }
        for p in _parameters(bundle)
        if p.review_by < today
    ]
    return found


def _parameters(bundle: Bundle) -> list[Any]:
    try:
        return list(bundle.parameters.values())
    except BundleError:
        return []
