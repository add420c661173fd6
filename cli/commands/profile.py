"""`mos profile`: Who a person is: account, buying group, role, stages, interests, consents."""

from typing import Annotated

import typer

from cli.output import AsJson, say

app = typer.Typer()


@app.command("profile")
def profile(
    subject: Annotated[str, typer.Argument(help="A person: per_…, a mailbox, or type:value.")],
    as_of: Annotated[str | None, typer.Option(help="As it had happened by this time.")] = None,
    known_at: Annotated[str | None, typer.Option(help="As we had heard of it by then.")] = None,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Who a person is: account, buying group, role, stages, interests, consents.

    Times are written as 2026-01-31T09:00:00Z.
    """
    if as_of or known_at:
        then = f"who {subject} was"
        say("known", then, as_json=as_json, subject=subject, as_of=as_of, known_at=known_at)
    say("profile", f"who {subject}", as_json=as_json, subject=subject)
