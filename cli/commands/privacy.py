"""`mos privacy`: what a person may ask for, and the receipts."""

from typing import Annotated

import typer

from cli.output import AsJson, say

app = typer.Typer()


@app.command("privacy")
def privacy(
    request: Annotated[
        str,
        typer.Argument(help="suppress, unsuppress, erase, suppress_and_erase, or receipts."),
    ],
    subject: Annotated[
        str, typer.Argument(help="A mailbox or type:value; for receipts the request: prv_….")
    ],
    channel: Annotated[str, typer.Option(help="all, email, sms, phone or ads.")] = "all",
    reason: Annotated[str, typer.Option(help="Why, as it stands in the record.")] = "",
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Suppress, unsuppress or erase a person; receipts shows what each store did."""
    say("privacy", request, as_json=as_json,
        subject=subject, request=request, channel=channel, reason=reason)  # fmt: skip
