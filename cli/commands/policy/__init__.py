"""`mos policy`: look at the business, try it, publish it."""

import typer

from cli.commands.policy.canary import app as canary
from cli.commands.policy.check import check, stale
from cli.commands.policy.diff import diff, proof
from cli.commands.policy.drill import drill
from cli.commands.policy.evaluate import evaluate
from cli.commands.policy.golden import golden
from cli.commands.policy.history import history
from cli.commands.policy.jdm import export_jdm, import_jdm
from cli.commands.policy.publish import activate, publish, rollback
from cli.commands.policy.show import show
from cli.commands.policy.trial import mutate, run_tests
from cli.commands.policy.vouch import vouch
from cli.commands.policy.which import hits, which

app = typer.Typer(
    help="The policy bundle: check, test, show, compare, try, publish, activate. "
    "Exit codes: 0 nothing found, 1 findings, 2 bad input."
)
for command in (
    check, mutate, golden, show, diff, evaluate, which, stale, hits, publish, activate, rollback,
    drill, proof, vouch, history,
    import_jdm, export_jdm,
):  # fmt: skip
    app.command()(command)
app.command("test")(run_tests)
app.add_typer(canary, name="canary")
