"""`mos parked`: what could not be processed, why, and sending it again."""

import json
from collections import Counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.deployment import Deployment, deployment
from cli.output import AsJson

app = typer.Typer(help="What could not be processed.", no_args_is_help=True)
_LOOKS = 100
_SECONDS = 60


@app.callback()
def _group() -> None:
    """What could not be processed: list it by reason, send it again."""


@app.command("list")
def list_parked(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """List what is parked, by reason."""
    where = deployment()
    messages = _messages(where)
    reasons = Counter(map(_reason, messages))
    for message in messages:
        _release(where, message)
    if as_json:
        typer.echo(json.dumps(dict(reasons), indent=2))
        return
    page = Table(title=f"{sum(reasons.values())} parked")
    page.add_column("reason")
    page.add_column("times", justify="right")
    for reason, times in reasons.most_common():
        page.add_row(reason, str(times))
    Console().print(page)


@app.command()
def redrive(
    reason: Annotated[str, typer.Argument(help="Send again what is parked for this reason.")],
) -> None:
    """Send parked signals back to the queue. A signal that came through before changes nothing."""
    where, sent = deployment(), 0
    sqs = where.client("sqs")
    for message in _messages(where):
        body = json.loads(message["Body"])
        if _reason(message) != reason or "body" not in body:
            _release(where, message)
            continue
        sqs.send_message(QueueUrl=_queue(where, "signals"), MessageBody=body["body"])
        sqs.delete_message(QueueUrl=_queue(where, "parked"), ReceiptHandle=message["ReceiptHandle"])
        sent += 1
    Console().print(f"{sent} sent again")


def _release(where: Deployment, message: dict[str, Any]) -> None:
    """Make a message visible again at once."""
    where.client("sqs").change_message_visibility(
        QueueUrl=_queue(where, "parked"),
        ReceiptHandle=message["ReceiptHandle"],
        VisibilityTimeout=0,
    )


def _reason(message: dict[str, Any]) -> str:
    attribute = message.get("MessageAttributes", {}).get("reason", {}).get("StringValue")
    body = json.loads(message["Body"])
    return str(attribute or body.get("reason") or body.get("error") or "unknown")[:120]


def _queue(where: Deployment, name: str) -> str:
    url: str = where.client("sqs").get_queue_url(QueueName=where.name(name))["QueueUrl"]
    return url


def _messages(where: Deployment) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for _ in range(_LOOKS):
        reply = where.client("sqs").receive_message(
            QueueUrl=_queue(where, "parked"),
            MaxNumberOfMessages=10,
            VisibilityTimeout=_SECONDS,
            MessageAttributeNames=["reason"],
        )
        if not reply.get("Messages"):
            break
        found |= {message["MessageId"]: message for message in reply["Messages"]}
    return list(found.values())
