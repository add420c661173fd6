"""Tables of commands' own: nothing of a cell is clipped, no text in it is markup."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mos.model.plain_text import make_plain

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

MARGIN, WIDEST = "  ", 100


def find_width(console: "Console") -> int:
    """Return in how many columns a table is laid out.

    A pipe has no width of its own; whoever states one means it.
    """
    stated = console.is_terminal or "COLUMNS" in os.environ
    return min(WIDEST, console.width) if stated else WIDEST


def draw_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], width: int
) -> "Text":
    """Return a table of so many columns: words and ids stay whole, whoever wrote them."""
    from rich.text import Text  # noqa: PLC0415  slow, and many commands print nothing in colour

    from cli.table import lay_out  # noqa: PLC0415  as above

    plain = [[make_plain(cell) for cell in row] for row in rows]
    if not plain:
        return Text(f"{make_plain(title)}: none")
    page = lay_out(columns, plain, width - len(MARGIN))
    made = Text(f"{make_plain(title)}\n" if title else "", style="italic", no_wrap=True)
    made.overflow = "ignore"
    if page.header:
        made.append("".join(f"{MARGIN}{one}\n" for one in page.header.split("\n")), "bold")
    made.append("\n".join(f"{MARGIN}{line}".rstrip() for line in page.lines), "not italic")
    return made
