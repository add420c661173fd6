"""`mos down`: stop the system on this machine."""

from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer()


@app.command("down")
def down(
    forget: Annotated[bool, typer.Option(help="Delete its data too.")] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Stop the engine and the fakes. What they hold is kept for the next `mos up`."""
    from lab.local import system  # noqa: PLC0415  the workbench is needed here only

    was_up = system.down(forget=forget)
    Console().print("Stopped." if was_up else "Nothing was running.")
