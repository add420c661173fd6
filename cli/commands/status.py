"""`mos status`: what is up, and where."""

import json
from typing import Annotated

import typer
from rich.console import Console

from cli.deployment import read_status
from cli.output import AsJson

app = typer.Typer()

_SHOWN = ("webhook_url", "mcp_url", "endpoint_url", "secrets", "bundle", "stacks")


@app.command("status")
def status(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Say how to reach the local system: doors, secrets, active bundle, stacks."""
    told = read_status()
    shown = {name: told.get(name) for name in _SHOWN}
    if as_json:
        typer.echo(json.dumps(shown, indent=2))
        return
    console = Console()
    for name in ("webhook_url", "mcp_url", "endpoint_url", "bundle"):
        console.print(f"{name:<13} {shown[name]}")
    console.print(f"{'stacks':<13} {', '.join(shown['stacks'] or [])}")
    console.print(f"{'secrets':<13} {', '.join(sorted(shown['secrets'] or {}))} (values: --json)")
