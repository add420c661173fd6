"""`mos send`: post a body to a door of the local system, signed as its source would."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.deployment import must_be_local
from lab.engine.status import LOCAL
from mos.deployment.local import read_status

app = typer.Typer()


@app.command("send")
def send(
    source: Annotated[str, typer.Argument(help="The source, such as standard-webhooks.")],
    body: Annotated[Path, typer.Argument(help="A file with the JSON body.")],
) -> None:
    """Sign a body with the local secret of its source, post it, and print the answer.

    Local only: this machine has no secret of a stage in AWS.
    """
    import httpx  # noqa: PLC0415  needed here only

    from functions.webhook.check import check  # noqa: PLC0415
    from lab.local import secret  # noqa: PLC0415
    from lab.world.sign import sign, sources  # noqa: PLC0415

    must_be_local("send", "it signs with a secret that only the local stage has here")
    told = read_status(LOCAL)
    if source not in sources():
        raise typer.BadParameter(f"expected one of {', '.join(sources())}")
    try:
        raw = body.read_bytes()
        json.loads(raw)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{body}: {error}") from None
    path = "/v1/batch" if source == "segment" else f"/hooks/{source}"
    url = f"{told['webhook_url']}{path}"
    request = sign(source, raw, url, secret.load(LOCAL), datetime.now(UTC))
    reply = httpx.post(url, content=request.body, headers=dict(request.headers), timeout=60)
    console = Console()
    console.print(f"{reply.status_code} {reply.text}", highlight=False)
    headers = {"content-type": "application/json", **request.headers}
    captured = {"method": "POST", "url": url, "headers": headers, "body": raw.decode()}
    door = {k.partition("/")[2]: v for k, v in secret.load(LOCAL).items() if "webhook/" in k}
    verdict = check(source, captured, (door[source],), datetime.now(UTC))
    if not reply.is_success:
        console.print(verdict["detail"], highlight=False)
    for made in verdict["signals"] if reply.is_success else ():
        console.print(f"{made['kind']}: mos trace {made['signal_id']}", highlight=False)
    raise typer.Exit(0 if reply.is_success else 1)
