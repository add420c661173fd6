"""`mos demo`: a small B2B story through the real doors, and what came of it."""

import json
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.deployment import must_be_local
from cli.output import AsJson

app = typer.Typer()


@app.command("demo")
def demo(
    keep: Annotated[bool, typer.Option(help="Leave the system running.")] = False,  # noqa: FBT002  Typer's own form of a flag
    accounts: Annotated[int, typer.Option(help="Accounts in the story.", min=40, max=2000)] = 200,
    seed: Annotated[int, typer.Option(help="The story's seed.")] = 7,
    verbose: Annotated[bool, typer.Option("--verbose", help="Tell everything.")] = False,  # noqa: FBT002  as above
    as_json: Annotated[bool, AsJson] = False,  # noqa: FBT002  Typer's own form of a flag
) -> None:
    """Bring the system up, play about 2,000 signals through it, and tell the story."""
    must_be_local(
        "demo", "it plays invented companies through a system on this machine, never through yours"
    )
    from lab.demo.run import DemoError, run  # noqa: PLC0415  the workbench is needed here only
    from lab.engine import system as engine  # noqa: PLC0415
    from lab.local import system  # noqa: PLC0415

    console = Console()
    if engine.status() is not None:
        Console(stderr=True).print(
            "A system is up, and the demo begins from nothing. Run `mos down` first; the data of "
            "the system that is up would be deleted."
        )
        raise typer.Exit(2)
    began = time.monotonic()
    try:
        told = run(seed, accounts, datetime.now(UTC))
    except DemoError as error:
        system.down()
        Console(stderr=True).print(
            f"[red]{error.step} failed[/]: {error}\nNothing is left running."
        )
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        system.down()
        Console(stderr=True).print("Stopped; nothing is left running.")
        raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps(told.data, indent=2, default=str))
    else:
        _show(told.screen, told.parts if verbose else (), console)
        _next_steps(console, told.data, keep=keep)
    if not keep:
        system.down()
    if not as_json:
        state = "running" if keep else "stopped, its data kept in .local"
        console.print(f"[dim]{time.monotonic() - began:.0f} s · the system is {state}[/]")


def _show(screen: list[str], parts: Iterable[Any], console: Console) -> None:
    for line in screen:
        is_title = bool(line[:1].strip())
        console.print(line, style="bold" if is_title else "", markup=False, highlight=False)
    for part in parts:
        console.print(part)


def _next_steps(console: Console, data: dict[str, Any], *, keep: bool) -> None:
    up = "" if keep else ".venv/bin/mos up; "
    console.print(f"NEXT     {up}.venv/bin/mos why jane.doe@brightpay.example", style="bold")
    console.print(f"  .venv/bin/mos trace {data['trace']}", highlight=False)
    console.print("  a changed rule, live in five minutes: README.md; the whole story: --verbose")
