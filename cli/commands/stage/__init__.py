"""`mos stage`: where subjects stand, stood, and would stand under another bundle."""

import typer

from cli.commands.stage.diff import diff

app = typer.Typer(help="Stages: show, history, and what another bundle would change.")


@app.callback()
def _group() -> None:
    """Stages: show, history, and what another bundle would change."""


app.command()(diff)
