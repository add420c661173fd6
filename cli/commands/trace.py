"""`mos trace`: One signal, run, decision or action through every layer."""

from typing import Annotated

import typer

from cli.output import AsJson, say

app = typer.Typer()


@app.command("trace")
def trace(
    id: Annotated[str, typer.Argument(help="An id: sig_…, run_…, dec_… or act_….")],  # noqa: A002  the name of the argument in the help
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """One signal, run, decision or action through every layer."""
    say("trace", f"trace {id}", as_json=as_json, id=id)
