"""Tell what came of the story, for somebody who has never seen the project."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

_ORDER = {
    "account": ("all_other", "qualified", "aware", "engaged", "mqa", "opportunity", "customer"),
    "group": ("forming", "engaged", "prioritized", "qualified", "pipeline", "closed_won"),
    "person": ("other", "subscriber", "lead", "mql", "sal", "sql", "opportunity", "customer"),
}
_BAR = 10


def funnel(counts: Mapping[str, Counter[str]]) -> RenderableType:
    """Return one column of bars per level: account, then group, then person."""
    columns = Table.grid(padding=(0, 2))
    cells = []
    for level, order in _ORDER.items():
        found = counts[level]
        most = max(found.values(), default=1)
        page = Table(title=f"{level}s ({sum(found.values())})", box=None, show_header=False)
        page.add_column(no_wrap=True, min_width=11)
        page.add_column(justify="right", no_wrap=True, min_width=3)
        page.add_column(no_wrap=True)
        for stage in order:
            if found[stage]:
                bar = "█" * max(1, round(found[stage] / most * _BAR / 2))
                page.add_row(stage, str(found[stage]), Text(bar, style="cyan"))
        cells.append(page)
    columns.add_row(*cells)
    return Panel(columns, title="1 · Where everybody stands")


def chosen(decisions: Sequence[Any]) -> RenderableType:
    """Return the decisions by action, with the reason that was most frequent."""
    page = Table(title="2 · What was decided, and why", expand=True)
    page.add_column("action")
    page.add_column("times", justify="right")
    page.add_column("channel")
    page.add_column("most frequent reason")
    by_action: dict[tuple[str, str], Counter[str]] = {}
    for decision in decisions:
        reasons = by_action.setdefault((decision.action, decision.channel), Counter())
        reasons[_reason(decision)] += 1
    for (action, channel), reasons in sorted(
        by_action.items(), key=lambda item: -sum(item[1].values())
    ):
        page.add_row(action, str(sum(reasons.values())), channel, reasons.most_common(1)[0][0])
    return page


def _reason(decision: Any) -> str:  # noqa: ANN401  a Decision
    """Return why it was this action: for one that touches nobody, what kept the others."""
    if decision.held_out:
        return "held out: the control group, against which all else is measured"
    if decision.person_id is None:
        fell = Counter(c.fell.why for c in decision.candidates if c.fell)
        return f"nothing else was left: {fell.most_common(1)[0][0]}" if fell else decision.reason
    chosen = next(
        (c for c in decision.candidates if c.action == decision.action and c.factors), None
    )
    context = next((f.why for f in chosen.factors if f.name == "context"), "") if chosen else ""
    seen = f" ({context})" if context and context != "no row holds" else ""
    return f"worth most{seen}; route {decision.route.to}"


def story(name: str, who: str, steps: Sequence[str], why: str) -> RenderableType:
    """Return one person's story: what was decided over time, and why the last."""
    lines = Text()
    for number, step in enumerate(steps, 1):
        lines.append(f"{number}. ", style="bold cyan")
        lines.append(step + "\n")
    return Panel(Group(lines, Text(why, style="dim")), title=f"{name} — {who}")


def received(inbox: Sequence[Mapping[str, Any]], most: int = 6) -> RenderableType:
    """Return what the fake providers received: counts by channel, and the first few."""
    counts = Counter(item["channel"] for item in inbox)
    title = "4 · What arrived: " + ", ".join(f"{n} × {channel}" for channel, n in counts.items())
    page = Table(title=title, expand=True)
    for column in ("channel", "to", "subject"):
        page.add_column(column)
    for item in inbox[:most]:
        page.add_row(item["channel"], item["to"], item["subject"])
    return page


def cost(rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Return the cost table."""
    page = Table(title="5 · What it cost, at list price", expand=True)
    for column in ("what", "total", "per signal", "per decision"):
        page.add_column(column, justify="left" if column == "what" else "right")
    for row in rows:
        values = ("total", "per_signal", "per_decision")
        page.add_row(row["what"], *(f"{row[name]:g}" for name in values))
    return page
