"""How answers are printed: for people by default, JSON when asked."""

import json
from typing import Any

import typer
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from cli.deployment import deployment

AsJson = typer.Option("--json", help="Print JSON.")


def say(tool: str, title: str, *, as_json: bool, **arguments: Any) -> None:  # noqa: ANN401  a tool's own arguments
    """Ask a tool and print its answer; exit 1 when it has none."""
    answer = deployment().ask(tool, **arguments)
    if as_json:
        typer.echo(json.dumps(answer, indent=2, sort_keys=True))
    elif answer.get("ok"):
        Console().print(Panel(Text(answer["text"]), title=title, expand=False))
    else:
        Console(stderr=True).print(
            f"[red]{answer['reason']}[/] {answer['detail']}", highlight=False
        )
    raise typer.Exit(0 if answer.get("ok") else 1)
