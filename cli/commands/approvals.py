"""`mos approvals`: decisions that wait for a person."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.deployment import Deployment, deployment
from cli.output import AsJson

app = typer.Typer(help="Decisions that wait for a person.", no_args_is_help=True)
_LOOKS = 3
_SECONDS = 20


@app.callback()
def _group() -> None:
    """Decisions that wait for a person: list them, approve or refuse one."""


@app.command("list")
def list_waiting(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """List what waits, with the decision that each belongs to."""
    where = deployment()
    waiting = _waiting(where)
    found = [message["event"] for _, message in waiting]
    for receipt, _ in waiting:
        _release(where, receipt)
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
    where = deployment()
    for receipt, message in _waiting(where):
        if message["event"]["decision_id"] != decision_id:
            _release(where, receipt)
            continue
        output = json.dumps({"approved": approve})
        where.client("stepfunctions").send_task_success(
            taskToken=message["task_token"], output=output
        )
        where.client("sqs").delete_message(QueueUrl=_queue(where), ReceiptHandle=receipt)
        Console().print(f"{decision_id} {'approved' if approve else 'refused'}")
        return
    Console(stderr=True).print(f"[red]{decision_id} does not wait[/] (see `mos approvals list`)")
    raise typer.Exit(1)


def _release(where: Deployment, receipt: str) -> None:
    """Make a message visible again at once."""
    where.client("sqs").change_message_visibility(
        QueueUrl=_queue(where), ReceiptHandle=receipt, VisibilityTimeout=0
    )


def _queue(where: Deployment) -> str:
    url: str = where.client("sqs").get_queue_url(QueueName=where.name("approvals"))["QueueUrl"]
    return url


def _waiting(where: Deployment) -> list[tuple[str, dict[str, Any]]]:
    """Return receipts and messages; those not answered must be released."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for _ in range(_LOOKS):
        reply = where.client("sqs").receive_message(
            QueueUrl=_queue(where), MaxNumberOfMessages=10, VisibilityTimeout=_SECONDS
        )
        for message in reply.get("Messages", ()):
            body = json.loads(message["Body"])
            found[message["MessageId"]] = (message["ReceiptHandle"], body)
        if not reply.get("Messages"):
            break
    return list(found.values())
