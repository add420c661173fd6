"""A rehearsal told on a terminal, in the order in which somebody decides by it."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.rehearse import words
from mos.model.impact import Breach, Change, Impact, Named
from mos.model.plain_text import make_plain

_ROWS, _LEADS = 12, 3
_WIDEST = 100


def tell(impact: Impact, console: Console) -> None:
    """Print what differs, who is touched, money, risks, and the figures that differ."""
    if console.width > _WIDEST:
        console = Console(width=_WIDEST, file=console.file)
    verdict = "does not pass" if impact.broken else "passes"
    console.print(Text(f"What would change: {verdict}", style="bold"))
    _listed("", impact.broken, console, mark="✗", style="bold red")
    _listed("What is changed", words.list_differences(impact), console)
    _listed("Who is touched", words.list_touched(impact), console)
    for one in impact.changes[:_ROWS]:
        _print_change(one, console)
    _listed("Money", words.list_money(impact), console)
    doubts = [*words.list_risks(impact), *map(_breach, impact.breaches[:_ROWS])]
    _listed("Risks", doubts, console, mark="?", style="yellow")
    for title, leads in (
        ("Touched without a basis", impact.conflicts),
        ("Left with nothing to do", impact.lost),
        ("The strangest cases", impact.strangest),
    ):
        _listed(title, map(_lead, leads[:_LEADS]), console)
    if groups := words.list_bars(impact):
        console.print(_table(groups))
    if told := words.explain_estimators(impact):
        console.print(Text(told, style="dim"))
    console.print(_about(impact))


def _listed(
    title: str, lines: Iterable[str], console: Console, mark: str = "·", style: str = ""
) -> None:
    held = list(lines)
    if held and title:
        console.print(Text(f"\n{title}", style="bold"))
    for line in held:
        page = Table.grid(padding=(0, 1))
        page.add_row(Text(mark, style=style), Text(make_plain(line), style=style, overflow="fold"))
        console.print(page)


def _print_change(one: Change, console: Console) -> None:
    names = words.list_companies([one])
    shown = ", ".join(names[:_LEADS]) + (", …" if len(names) > _LEADS else "")
    line = Text(f"{one.count:>7,}  {make_plain(words.name_change(one))}  ")
    console.print(line.append(make_plain(shown), style="dim"))


def _breach(one: Breach) -> str:
    return f"{one.rep}, {one.week}: {one.before} → {one.after} hand-offs, can hold {one.capacity:g}"


def _lead(one: Named) -> str:
    who = f"{one.account} ({one.role})" if one.role else one.account
    why = f"; {one.why}" if one.why else ""
    return f"{who}: {one.before} → {one.after}{why} [{one.decision_id}]"


def _table(groups: Iterable[words.Bars]) -> Table:
    page = Table(box=None, title="What differs", title_justify="left", title_style="bold")
    page.add_column("", overflow="fold")
    page.add_column("before", justify="right")
    page.add_column("after", justify="right")
    for group in groups:
        page.add_row(Text(group.title, style="italic"), "", "")
        for one in group.rows:
            before, after = (words.write_number(n) + group.unit for n in (one.before, one.after))
            page.add_row(Text(f"  {make_plain(one.name)}"), before, after)
    return page


def _about(impact: Impact) -> Text:
    span = ""
    if impact.since and impact.until:
        span = f", {impact.since:%Y-%m-%d} to {impact.until:%Y-%m-%d}"
    return Text(
        f"\n{impact.compared:,} of {impact.decisions:,} decisions about {impact.accounts:,} "
        f"accounts{span} ({impact.source}); candidate {impact.candidate[:12]} against "
        f"{impact.baseline[:12]}",
        style="dim",
    )
