"""`mos up`: the whole system on this machine."""

import json
from typing import Annotated

import typer
from rich.console import Console

from cli.output import AsJson

app = typer.Typer()


@app.command("up")
def up(
    fast: Annotated[bool, typer.Option(help="Deploy without the CDK command line.")] = False,  # noqa: FBT002  Typer's own form of a flag
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Start the local engine and the fake providers, and deploy the real templates."""
    from cli.progress import steps  # noqa: PLC0415  the workbench is needed here only
    from lab.local import system  # noqa: PLC0415

    with steps("Bringing the system up") as say:
        told = system.up(with_cdk=not fast, say=say)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    console = Console()
    console.print(f"webhooks  {told['webhook_url']}/hooks/<source>")
    console.print(f"MCP       {told['mcp_url']}")
    console.print(f"inbox     {told['inbox_url']}/_inbox")
    console.print("Next: [bold]mos send[/], [bold]mos why[/] jane@…, [bold]mos down[/]")
