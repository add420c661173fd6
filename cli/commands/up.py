"""`mos up`: the whole system on this machine."""

import json
from typing import Annotated

import typer
from rich.console import Console

from cli.deployment import must_be_local
from cli.output import AsJson

app = typer.Typer()


@app.command("up")
def up(
    fast: Annotated[bool, typer.Option(help="Deploy without the CDK command line.")] = False,  # noqa: FBT002  Typer's own form of a flag
    policies: Annotated[  # noqa: FBT002  as above
        bool, typer.Option("--policies", help="Activate policies/, unrehearsed, in any case.")
    ] = False,
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Start the local engine and the fake providers, and deploy the real templates.

    A first start activates `policies/`. After that the bundle that is active stays so.
    """
    must_be_local(
        "up", "it runs an engine on this machine; a stage in AWS is deployed by `cdk deploy`"
    )
    from lab.engine.engine import EngineError  # noqa: PLC0415
    from lab.local import policy, system  # noqa: PLC0415
    from lab.local.provider import FakesError  # noqa: PLC0415
    from lab.progress import steps  # noqa: PLC0415  the workbench is needed here only

    try:
        with steps("Bringing the system up") as say:
            decide_by = policy.replace if policies else policy.bring
            told = system.up(with_cdk=not fast, decide_by=decide_by, say=say)
    except (EngineError, FakesError) as error:
        Console(stderr=True).print(f"[red]not up[/]: {error}", highlight=False)
        Console(stderr=True).print(
            "Read .local/engine.log. `mos down --forget` begins afresh, without its data."
        )
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    console = Console()
    for note in filter(None, (told["note"], told["policy"])):
        console.print(note, style="yellow", markup=False, highlight=False, soft_wrap=True)
    console.print(f"webhooks  {told['webhook_url']}/hooks/<source>")
    console.print(f"MCP       {told['mcp_url']}")
    console.print(f"inbox     {told['inbox_url']}/_inbox")
    console.print(
        "Next: [bold]mos status[/] says where everything is, [bold]mos send SOURCE FILE[/] posts a "
        "signed body, [bold]mos down[/] stops it. A story to look at: [bold]mos down && mos demo "
        "--keep[/], which begins from nothing."
    )
