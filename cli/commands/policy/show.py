"""`mos policy show`: a table as a table."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.commands.policy.source import POLICIES, Folder
from mos.policy.bundle import Bundle, read_folder
from mos.policy.condition import Condition


def show(
    name: Annotated[str, typer.Argument(help="A table, such as routing/route.")] = "",
    folder: Annotated[Path, Folder] = POLICIES,
) -> None:
    """Show one table, or what there is in the bundle."""
    bundle = read_folder(folder)
    if name:
        _show_table(bundle, name)
        return
    page = Table(title=f"Bundle {bundle.digest[:12]}")
    page.add_column("table")
    page.add_column("rows", justify="right")
    page.add_column("why")
    for table in bundle.names("tables"):
        found = bundle.page(table)
        page.add_row(table, str(len(found.rows)), found.why)
    Console().print(page)


def _show_table(bundle: Bundle, name: str) -> None:
    found = bundle.page(name)
    page = Table(title=f"{name}: {found.why}", caption=f"hit policy: {found.hit.value}")
    page.add_column("row")
    page.add_column("when")
    page.add_column("then")
    page.add_column("why")
    for row in found.rows:
        when = "\n".join(f"{c} {_cell(cell)}" for c, cell in row.when.items()) or "always"
        then = ", ".join(f"{k} = {v}" for k, v in row.then.items())
        page.add_row(row.id, when, then, row.why)
    Console().print(page)


def _cell(cell: Condition) -> str:
    if cell.known is not None:
        return "is known" if cell.known else "is unknown"
    if cell.any_of:
        return "in {" + ", ".join(sorted(map(str, cell.any_of))) + "}"
    if cell.none_of:
        return "not in {" + ", ".join(sorted(map(str, cell.none_of))) + "}"
    return " or ".join(_span(*interval) for interval in cell.intervals)


def _span(low: float, high: float, closed_low: bool, closed_high: bool) -> str:  # noqa: FBT001  an interval's own form
    if low == high:
        return f"= {low:g}"
    if low == float("-inf"):
        return f"{'≤' if closed_high else '<'} {high:g}"
    if high == float("inf"):
        return f"{'≥' if closed_low else '>'} {low:g}"
    return f"{low:g}…{high:g}"
