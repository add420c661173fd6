"""`mos signals`: what somebody did, signal by signal, and who really acted."""

from typing import Annotated

import typer

from cli.output import AsJson, say

app = typer.Typer()


@app.command("signals")
def signals(
    subject: Annotated[str, typer.Argument(help="A person: per_…, a mailbox, or type:value.")],
    most: Annotated[int, typer.Option(help="How many, the newest first.", min=1, max=500)] = 30,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """What somebody did, signal by signal, and who really acted."""
    say("signals", f"signals of {subject}", as_json=as_json, subject=subject, most=most)
