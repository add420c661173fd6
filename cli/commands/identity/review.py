"""`mos identity review`: pairs that are likely one, and not likely enough to be merged unasked."""

from typing import Annotated

import typer

from cli.output import AsJson, say

app = typer.Typer(help="Pairs that may be one: list them, accept or reject one.")
_ID = typer.Argument(help="The pair's id: rev_….")


@app.callback()
def _group() -> None:
    """Pairs that may be one: list them, accept or reject one."""


@app.command("list")
def list_reviews(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """List what waits for a human, the likeliest first, with the weights."""
    say("review", "to review", as_json=as_json, word="list")


@app.command()
def accept(
    review_id: Annotated[str, _ID],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Say that they are one."""
    say("review", "review", as_json=as_json, word="accept", review_id=review_id)


@app.command()
def reject(
    review_id: Annotated[str, _ID],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Say that they are not."""
    say("review", "review", as_json=as_json, word="reject", review_id=review_id)
