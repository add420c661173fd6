"""`mos status`: what is up, and where."""

import json
import os
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.deployment import deployment
from cli.output import AsJson
from lab.engine.status import LOCAL
from mos.deployment.local import read_status
from mos.deployment.standing import BundleStanding

app = typer.Typer()

_SHOWN = ("webhook_url", "mcp_url", "endpoint_url", "pages", "secrets", "bundle", "stacks")


@app.command("status")
def status(
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Say how to reach a stage: doors, mails' pages, secrets, active bundle, stacks.

    MOS_STAGE names one in AWS; without it, it is the local system.
    """
    found = _read()
    standing = _read_standing()
    told = found | {"bundle": standing and standing.decides, "pages": read_pages(found)}
    shown = {name: told.get(name) for name in _SHOWN}
    shown["standing"] = standing.said if standing else None
    if as_json:
        typer.echo(json.dumps(shown, indent=2))
        return
    console = Console()
    waiting = {name: _waiting(name) for name in ("signals", "words", "parked")}
    for name in ("webhook_url", "mcp_url", "endpoint_url", "bundle"):
        console.print(f"{name:<13} {shown[name]}")
    console.print(f"{'pages':<13} {told['pages']['said']}")
    console.print(f"{'since':<13} {standing.said if standing else 'no bundle was activated'}")
    said = ", ".join(f"{count:,} {name}" for name, count in waiting.items())
    console.print(f"{'waiting':<13} {said}")
    console.print(f"{'stacks':<13} {', '.join(shown['stacks'] or [])}")
    console.print(f"{'secrets':<13} {', '.join(sorted(shown['secrets'] or {}))} (values: --json)")


def _read() -> dict[str, Any]:
    if os.environ.get("MOS_STAGE", "local") == "local":
        return read_status(LOCAL)
    from mos.deployment.stage import read_stage  # noqa: PLC0415  slow: reaches AWS

    return read_stage(deployment())


def read_pages(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return where the pages of mails are and whether that is set, also in words.

    Where no address is set, the stacks say so instead, and a mail has no one click.
    """
    stated = str((told.get("outputs") or {}).get("PagesUrl") or "")
    url = stated if stated.startswith(("http://", "https://")) else None
    said = f"{url} (set)" if url else "not set: mails offer no one click; set pages_url"
    return {"url": url, "is_set": url is not None, "said": said}


def _read_standing() -> BundleStanding | None:
    """Return which bundle new runs decide by, since when and why: None where none ever was."""
    from mos.deployment import storage  # noqa: PLC0415  slow: reaches AWS
    from mos.deployment.standing import read_standing  # noqa: PLC0415  as above

    found = read_standing(storage.open_bundles(deployment()))
    return found if found.pointer or found.decides else None


def _waiting(queue: str) -> int:
    """Return how many messages wait in a queue or are being taken."""
    where = deployment()
    sqs = where.client("sqs")
    url = sqs.get_queue_url(QueueName=where.name(queue))["QueueUrl"]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(value) for value in found.values())
