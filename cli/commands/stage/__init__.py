"""`mos stage`: where subjects stand, stood, and would stand under another bundle."""

import typer

from cli.commands.stage.diff import diff
from cli.commands.stage.show import history, show

app = typer.Typer(help="Stages: show, history, and what another bundle would change.")
app.command()(show)
app.command()(history)
app.command()(diff)
