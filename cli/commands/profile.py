"""`mos profile`: Who a person is: account, buying group, role, stages, interests, consents."""

from typing import Annotated

import typer

from cli.output import AsJson, say

app = typer.Typer()


@app.command("profile")
def profile(
    subject: Annotated[str, typer.Argument(help="A person: per_…, a mailbox, or type:value.")],
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Who a person is: account, buying group, role, stages, interests, consents."""
    say("profile", f"who {subject}", as_json=as_json, subject=subject)
