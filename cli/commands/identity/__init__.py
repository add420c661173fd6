"""`mos identity`: who is who."""

import typer

from cli.commands.identity.match import match
from cli.commands.identity.rules import preview_rules, verify

app = typer.Typer(
    help="Who is who: match lists, see why, merge and unmerge, try other rules.",
    no_args_is_help=True,
)


@app.callback()
def _group() -> None:
    """Who is who: match lists, see why, merge and unmerge, try other rules."""


app.command()(match)
app.command("preview")(preview_rules)
app.command()(verify)
