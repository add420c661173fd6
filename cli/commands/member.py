"""`mos member`: a human's word on who is in a buying group and which part they play."""

from typing import Annotated

import typer

from cli.output import AsJson, say

app = typer.Typer(help="Confirm or dismiss members of buying groups, and their roles.")
_WHO = typer.Argument(help="A person: per_…, a mailbox, or type:value.")
_ROLE = typer.Option(help="A buying role, such as champion; without it, the membership.")
_FOR = typer.Option(help="The solution that the group buys; without it, every group.")


@app.callback()
def _group() -> None:
    """Confirm or dismiss members of buying groups, and their roles."""


@app.command()
def confirm(
    subject: Annotated[str, _WHO],
    role: Annotated[str | None, _ROLE] = None,
    solution: Annotated[str | None, _FOR] = None,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Confirm that somebody belongs to the group, or plays a role in it."""
    say("member", "confirm", as_json=as_json,
        subject=subject, word="confirm", role=role, solution=solution)  # fmt: skip


@app.command()
def dismiss(
    subject: Annotated[str, _WHO],
    role: Annotated[str | None, _ROLE] = None,
    solution: Annotated[str | None, _FOR] = None,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Dismiss somebody from the group, or a role that was inferred."""
    say("member", "dismiss", as_json=as_json,
        subject=subject, word="dismiss", role=role, solution=solution)  # fmt: skip
