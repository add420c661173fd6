"""`mos approvals`: decisions that wait for a person."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.deployment import deployment
from cli.output import AsJson
from mos.deployment.queue import QueueViewer

app = typer.Typer(help="Decisions that wait for a person.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Decisions that wait for a person: list them, approve or refuse one."""


@app.command("list")
def list_waiting(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """List what waits, with the decision that each belongs to."""
    queue = QueueViewer(deployment(), "approvals")
    found = []
    for message in queue.messages():
        found.append(json.loads(message["Body"])["event"])
        queue.release(message)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    page = Table(title=f"{len(found)} decisions wait")
    for column in ("decision", "action", "channel", "reason"):
        page.add_column(column)
    for event in found:
        page.add_row(
            event["decision_id"], event["action"]["name"], event["channel"], event["reason"]
        )
    Console().print(page)


@app.command()
def answer(
    decision_id: Annotated[str, typer.Argument(help="The decision that waits.")],
    approve: Annotated[bool, typer.Option("--approve/--refuse", help="Yes, or no.")],
) -> None:
    """Approve a decision, which is then delivered, or refuse it, which ends its run."""
    where, found = deployment(), False
    queue = QueueViewer(where, "approvals")
    for message in queue.messages():
        body = json.loads(message["Body"])
        if body["event"]["decision_id"] != decision_id:
            queue.release(message)
            continue
        where.client("stepfunctions").send_task_success(
            taskToken=body["task_token"], output=json.dumps({"approved": approve})
        )
        queue.remove(message)
        found = True
    if found:
        Console().print(f"{decision_id} {'approved' if approve else 'refused'}")
        return
    Console(stderr=True).print(f"[red]{decision_id} does not wait[/] (see `mos approvals list`)")
    raise typer.Exit(1)
