"""An evaluation told on a terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.prompts.text import (
    CHANGED,
    SCORES,
    SLICES,
    describe_paired,
    describe_verdict,
    list_changed_cases,
    list_scores,
    list_slices,
)
from mos.model.plain_text import make_plain
from mos.model.prompt_report import PromptComparison

_ROWS = 12


def tell(found: PromptComparison, console: Console) -> None:
    """Print the verdict, both sides, the slices and the cases that changed."""
    console.print(Text(describe_verdict(found), style="bold"))
    console.print(Text(describe_paired(found.paired)))
    console.print(Text(f"{found.repeats} repeats, {found.source}", style="dim"))
    console.print(_page("Both sides", SCORES, list_scores(found)))
    if found.slices:
        console.print(_page("By slice", SLICES, list_slices(found)))
    if found.changed:
        rows = list(list_changed_cases(found))[:_ROWS]
        console.print(_page(f"{len(found.changed)} cases changed", CHANGED, rows))


def _page(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    page = Table(title=Text(title), title_justify="left", title_style="bold", expand=False)
    for name in head:
        page.add_column(name, overflow="fold")
    for row in rows:
        page.add_row(*(Text(make_plain(cell)) for cell in row))
    return page
