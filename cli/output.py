"""How answers are printed: for people by default, JSON when asked."""

import json
from typing import Any

import typer

from cli.deployment import deployment

AsJson = typer.Option("--json", help="Print JSON.")


def say(tool: str, title: str, *, as_json: bool, **arguments: Any) -> None:  # noqa: ANN401  a tool's own arguments
    """Ask a tool and print its answer; exit 1 when it has none."""
    show(deployment().ask(tool, **arguments), title, as_json=as_json)


def show(answer: dict[str, Any], title: str, *, as_json: bool) -> None:
    """Print a tool's answer; exit 1 when it has none."""
    # Slow to import, and many commands print nothing in colour.
    from rich.console import Console  # noqa: PLC0415
    from rich.panel import Panel  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    if as_json:
        typer.echo(json.dumps(answer, indent=2, sort_keys=True))
    elif answer.get("ok"):
        Console().print(Panel(Text(answer["text"]), title=title, expand=False))
    else:
        Console(stderr=True).print(
            f"[red]{answer['reason']}[/] {answer['detail']}", highlight=False
        )
    raise typer.Exit(0 if answer.get("ok") else 1)


def complain(text: str) -> None:
    """Say on standard error what is wrong."""
    typer.secho(text, fg="red", err=True)


def finish(data: Any, lines: list[str], *, as_json: bool, found: bool) -> None:  # noqa: ANN401  any JSON
    """Print the data or the lines, and exit 1 where something was found.

    Raises:
        typer.Exit: always.
    """
    typer.echo(json.dumps(data, indent=2, default=str) if as_json else "\n".join(lines))
    raise typer.Exit(1 if found else 0)
