"""`mos policy`: look at the business, try it, publish it."""

import typer

from cli.commands.policy.check import check
from cli.commands.policy.evaluate import evaluate
from cli.commands.policy.publish import activate, publish
from cli.commands.policy.show import show

app = typer.Typer(help="The policy bundle: check, show, evaluate, publish, activate.")
app.command()(check)
app.command()(show)
app.command()(evaluate)
app.command()(publish)
app.command()(activate)
