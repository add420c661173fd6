"""How answers are printed: for people by default, JSON when asked."""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import typer

from cli.wording import reword

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.tree import Tree as RichTree

    from mos.model.view import Block, Chart, Rows, Tree

_REFUSED = 2
_MARGIN, _WIDEST = "  ", 100
AsJson = typer.Option("--json", help="Print JSON.")


def show(answer: dict[str, Any], title: str, *, as_json: bool) -> None:
    """Print a tool's answer; exit 1 where a script should stop at it, 2 where there is none."""
    if as_json:
        data = {name: value for name, value in answer.items() if name not in ("view", "alarm")}
        typer.echo(json.dumps(data, indent=2, sort_keys=True))
    elif answer.get("ok"):
        _draw(answer | {"view": reword(answer["view"])}, title)
    else:
        typer.secho(f"{answer['reason']}: {reword(answer['detail'])}", fg="red", err=True)
    raise typer.Exit((1 if answer.get("alarm") else 0) if answer.get("ok") else _REFUSED)


def complain(text: str) -> None:
    """Say on standard error what is wrong."""
    typer.secho(text, fg="red", err=True)


def finish(data: Any, lines: list[str], *, as_json: bool, found: bool) -> None:  # noqa: ANN401  any JSON
    """Print the data or the lines, and exit 1 where something was found.

    Raises:
        typer.Exit: always.
    """
    text = "\n".join(lines if as_json or not sys.stdout.isatty() else _wrap(lines))
    typer.echo(json.dumps(data, indent=2, default=str) if as_json else text)
    raise typer.Exit(1 if found else 0)


def _wrap(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines as a terminal holds them; what is piped stays whole, to be searched by line."""
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    for whole in lines:
        for line in whole.split("\n"):
            start = len(line) - len(line.lstrip())
            yield from textwrap.wrap(
                line, width, subsequent_indent=" " * (start + 4), drop_whitespace=True,
                break_long_words=False, break_on_hyphens=False,
            ) or [""]  # fmt: skip


def _draw(answer: dict[str, Any], title: str) -> None:
    """Draw the blocks of an answer in at most 100 columns."""
    # Slow to import, and many commands print nothing in colour.
    from pydantic import TypeAdapter  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.rule import Rule  # noqa: PLC0415

    from mos.model.view import View  # noqa: PLC0415

    console = Console(width=min(_WIDEST, Console().width), highlight=False)
    console.print(Rule(title, align="left", style="dim"))
    for block in TypeAdapter(View).validate_python(answer["view"]):
        _draw_block(block, console)


def _draw_block(block: "Block", console: "Console") -> None:
    from rich.text import Text  # noqa: PLC0415  see above

    match block.kind:
        case "said":
            cites = f" [{'; '.join(block.cites)}]"
            # What is piped is searched by line: only a terminal gets its lines broken.
            wrapped = console.is_terminal
            console.print(Text(block.text).append(cites, style="dim"), soft_wrap=not wrapped)
        case "rows":
            # A pipe has no width of its own; whoever states one means it.
            stated = console.is_terminal or "COLUMNS" in os.environ
            width = console.width if stated else _WIDEST
            console.print(_table(block, width), soft_wrap=True)
            if block.more:
                console.print(f"… and {block.more:,} more", style="dim")
        case "tree":
            console.print(_tree(block))
        case "chart":
            console.print(_chart(block))


def _table(block: "Rows", width: int) -> "RenderableType":
    from rich.text import Text  # noqa: PLC0415  see above

    from cli.table import lay_out  # noqa: PLC0415  see above
    from functions.agent.render import write_cell  # noqa: PLC0415

    if not block.rows:
        return Text(f"{block.title}: none")
    rows = [[write_cell(cell) for cell in row] for row in block.rows]
    page = lay_out(block.columns, rows, width - len(_MARGIN))
    made = Text(f"{block.title}\n", style="italic", no_wrap=True, overflow="ignore")
    if page.header:
        made.append("".join(f"{_MARGIN}{one}\n" for one in page.header.split("\n")), "bold")
    made.append("\n".join(f"{_MARGIN}{line}".rstrip() for line in page.lines), "not italic")
    return made


def _tree(block: "Tree") -> "RichTree":
    from rich.text import Text  # noqa: PLC0415  see above
    from rich.tree import Tree  # noqa: PLC0415

    made = Tree(Text(block.label))
    for below in block.under:
        made.add(_tree(below))
    return made


def _chart(block: "Chart") -> "RenderableType":
    from rich.table import Table  # noqa: PLC0415  see above

    page = Table(title=f"{block.title} ({block.unit})", title_justify="left", box=None)
    most = max((abs(bar.value) for bar in block.bars), default=0) or 1
    for bar in block.bars:
        page.add_row(bar.label, f"{bar.value:g}", "█" * round(abs(bar.value) / most * 40))
    return page
