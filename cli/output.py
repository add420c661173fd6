"""How answers are printed: for people by default, JSON when asked."""

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import typer

from cli.drawn_table import WIDEST, draw_table, find_width
from cli.wording import reword
from mos.model.plain_text import make_plain, make_plain_lines

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text
    from rich.tree import Tree as RichTree

    from mos.model.view import Block, Chart, Rows, Tree

_REFUSED = 2
AsJson = typer.Option("--json", help="Print JSON.")


def show(answer: dict[str, Any], title: str, *, as_json: bool) -> None:
    """Print a tool's answer; exit 1 where a script should stop at it, 2 where there is none."""
    if as_json:
        data = {name: value for name, value in answer.items() if name not in ("view", "alarm")}
        typer.echo(json.dumps(data, indent=2, sort_keys=True))
    elif answer.get("ok"):
        _draw(answer | {"view": reword(answer["view"])}, title)
    else:
        complain(f"{answer['reason']}: {reword(answer['detail'])}")
    raise typer.Exit((1 if answer.get("alarm") else 0) if answer.get("ok") else _REFUSED)


def complain(text: str) -> None:
    """Say on standard error what is wrong."""
    typer.secho(make_plain_lines(text), fg="red", err=True)


def finish(data: Any, lines: list[str], *, as_json: bool, found: bool) -> None:  # noqa: ANN401  any JSON
    """Print the data or the lines, and exit 1 where something was found.

    Raises:
        typer.Exit: always.
    """
    said = [make_plain_lines(line) for line in lines]
    text = "\n".join(_wrap(said) if sys.stdout.isatty() else said)
    typer.echo(json.dumps(data, indent=2, default=str) if as_json else text)
    raise typer.Exit(1 if found else 0)


def _wrap(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines as a terminal holds them; what is piped stays whole, to be searched by line."""
    width = min(WIDEST, shutil.get_terminal_size().columns)
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
    from rich.text import Text  # noqa: PLC0415

    from mos.model.view import View  # noqa: PLC0415

    console = Console(width=min(WIDEST, Console().width), highlight=False)
    console.print(Rule(Text(make_plain(title)), align="left", style="dim"))
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
            console.print(_table(block, find_width(console)), soft_wrap=True)
            if block.more:
                goes_on = f": --skip {block.next_skip} goes on there" if block.next_skip else ""
                console.print(f"… and {block.more:,} more{goes_on}", style="dim")
        case "tree":
            console.print(_tree(block))
        case "chart":
            console.print(_chart(block))


def _table(block: "Rows", width: int) -> "Text":
    from functions.agent.render import write_cell  # noqa: PLC0415  see above

    rows = [[write_cell(cell) for cell in row] for row in block.rows]
    return draw_table(block.title, block.columns, rows, width)


def _tree(block: "Tree") -> "RichTree":
    from rich.text import Text  # noqa: PLC0415  see above
    from rich.tree import Tree  # noqa: PLC0415

    made = Tree(Text(block.label))
    for below in block.under:
        made.add(_tree(below))
    return made


def _chart(block: "Chart") -> "RenderableType":
    from rich.table import Table  # noqa: PLC0415  see above
    from rich.text import Text  # noqa: PLC0415  see above

    page = Table(title=Text(f"{block.title} ({block.unit})"), title_justify="left", box=None)
    most = max((abs(bar.value) for bar in block.bars), default=0) or 1
    for bar in block.bars:
        page.add_row(Text(bar.label), f"{bar.value:g}", "█" * round(abs(bar.value) / most * 40))
    return page
