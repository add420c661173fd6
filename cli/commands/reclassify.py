"""`mos reclassify`: say who really caused a past signal."""

from typing import Annotated

import typer

from cli.output import AsJson, say

app = typer.Typer()


@app.command("reclassify")
def reclassify(
    subject: Annotated[str, typer.Argument(help="Whose signal it is: a mailbox or type:value.")],
    signal_id: Annotated[str, typer.Argument(help="The signal: sig_…, see `mos signals`.")],
    actor: Annotated[str, typer.Argument(help="human, machine or unknown.")],
    reason: Annotated[str, typer.Option(help="Why you think so.")] = "looked at by hand",
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Say who really caused a past signal: all that came of it is worked out again."""
    say(
        "reclassify", "reclassify", as_json=as_json,
        subject=subject, signal_id=signal_id, actor=actor, reason=reason,
    )  # fmt: skip
