"""`mos identity`: who is who."""

import typer

from cli.commands.identity.match import match

app = typer.Typer(help="Who is who: match lists without a shared key.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Who is who: match lists without a shared key."""


app.command()(match)
