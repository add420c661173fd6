"""`mos parked`: what could not be processed, why, and sending it again."""

import json
from collections import Counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cli.deployment import deployment
from cli.output import AsJson
from mos.deployment.queue import QueueViewer

app = typer.Typer(help="What could not be processed.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """What could not be processed: list it by reason, send it again."""


@app.command("list")
def list_parked(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """List what is parked, by reason."""
    queue = QueueViewer(deployment(), "parked")
    messages = queue.messages()
    reasons = Counter(map(_reason, messages))
    for message in messages:
        queue.release(message)
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
    reason: Annotated[
        str, typer.Argument(help="Send again what is parked for this reason, or for this code.")
    ],
) -> None:
    """Send parked signals back to the queue. A signal that came through before changes nothing."""
    where, sent = deployment(), 0
    queue, signals = QueueViewer(where, "parked"), QueueViewer(where, "signals")
    for message in queue.messages():
        body, why = _body(message), _reason(message)
        if body is None or reason not in (why, why.partition(":")[0]):
            queue.release(message)
            continue
        signals.send(body)
        queue.remove(message)
        sent += 1
    Console().print(f"{sent} sent again")


def _reason(message: dict[str, Any]) -> str:
    attribute = message.get("MessageAttributes", {}).get("reason", {}).get("StringValue")
    told = _told(message)
    return str(attribute or told.get("reason") or told.get("error") or "unknown")[:120]


def _body(message: dict[str, Any]) -> str | None:
    """Return what may go back to the queue: None where the door has refused it for good."""
    told = _told(message)
    if "body" in told:
        return str(told["body"])
    # One that was too large to be told of: it lies there as it came.
    return str(message["Body"]) if "signal" in told or not told else None


def _told(message: dict[str, Any]) -> dict[str, Any]:
    try:
        told = json.loads(message["Body"])
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
