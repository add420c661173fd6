"""`mos stage show` and `history`: where a subject stands, stood, and how it got there."""

from typing import Annotated

import typer

from cli.output import AsJson, say

Subject = typer.Argument(help="A person, acc_…, grp_… or a company's domain.")
AsOf = typer.Option("--as-of", help="A date or a moment in the past, such as 2026-01-31T09:00Z.")


def show(
    subject: Annotated[str, Subject],
    as_of: Annotated[str | None, AsOf] = None,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Where a subject stands, or stood at a moment, with the receipt."""
    at = {"as_of": as_of} if as_of else {}
    say("stage", f"stage of {subject}", as_json=as_json, subject=subject, **at)


def history(
    subject: Annotated[str, Subject],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Every move of a subject: from, to, how long it stood there, and why."""
    say("stage", f"history of {subject}", as_json=as_json, subject=subject, history=True)
