"""`mos down`: stop the system on this machine."""

from typing import Annotated

import typer
from rich.console import Console

from cli.deployment import must_be_local

app = typer.Typer()


@app.command("down")
def down(
    forget: Annotated[bool, typer.Option(help="Delete its data too.")] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Stop the engine and the fakes. What they hold is kept for the next `mos up`."""
    must_be_local("down", "it stops what runs on this machine, and nothing in AWS")
    from lab.local import system  # noqa: PLC0415  the workbench is needed here only

    was_up = system.down(forget=forget)
    Console().print("Stopped." if was_up else "Nothing was running.")
