"""`mos why`: Why a person stands where they stand, and why the last decision was made."""

from typing import Annotated

import typer

from cli.output import AsJson, say

app = typer.Typer()


@app.command("why")
def why(
    subject: Annotated[str, typer.Argument(help="A person: per_…, a mailbox, or type:value.")],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Why a person stands where they stand, and why the last decision was made."""
    say("why", f"why {subject}", as_json=as_json, subject=subject)
