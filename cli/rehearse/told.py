"""A rehearsal told on a terminal."""

from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from mos.model.estimate import Evaluation
from mos.model.impact import Change, Impact, Named, Played, Tally
from mos.model.plain_text import make_plain

_ROWS, _LEADS = 12, 3


def tell(impact: Impact, console: Console) -> None:
    """Print what a reviewer reads: summary, guardrails, changes, segments, people, value."""
    verdict = "does not pass" if impact.broken else "passes"
    console.print(
        Panel(Group(*_first(impact)), title=f"What would change: {verdict}", expand=False)
    )
    for page in _pages(impact):
        console.print(page)


def _first(impact: Impact) -> Iterable[RenderableType]:
    span = ""
    if impact.since and impact.until:
        span = f", {impact.since:%Y-%m-%d} to {impact.until:%Y-%m-%d}"
    yield Text(
        f"{impact.compared:,} of {impact.decisions:,} decisions about {impact.accounts:,} accounts"
        f"{span} ({impact.source})",
        style="dim",
    )
    yield Text(f"candidate {impact.candidate[:12]} against {impact.baseline[:12]}", style="dim")
    yield from (Text(f"· {line}") for line in impact.summary)
    yield from (Text(f"✗ {line}", style="bold red") for line in impact.broken)
    for line in impact.waived or ([""] if impact.accepted else []):
        yield Text(f"accepted ({impact.accepted}): {line or 'nothing broke'}", style="yellow")
    yield from (Text(f"? {line}", style="yellow") for line in impact.cannot_tell)


def _pages(impact: Impact) -> Iterable[RenderableType]:
    if impact.changes:
        yield _changes(impact.changes)
    if any(s.route_changes or s.action_changes for s in impact.slices):
        yield _slices(impact)
    if impact.breaches:
        yield _breaches(impact)
    yield _tallies("Where candidates fall", impact.funnel)
    yield _tallies("What is chosen", [t for t in impact.actions if t.before or t.after])
    yield _tallies("Money and people", impact.money)
    if impact.played:
        yield _played(impact.played)
    yield from _people(impact)
    for title, found in (("Successes", impact.successes), ("US dollars, net", impact.dollars)):
        if found:
            yield _value(title, found)


def _played(rows: Iterable[Played]) -> Table:
    page = _page("Played in the same market", "what", "before", "after", "95 % from", "to")
    for one in rows:
        _add(page, one.name, f"{one.before:,.0f}", f"{one.after:,.0f}", *one.ends)
    return page


def _people(impact: Impact) -> Iterable[RenderableType]:
    for title, leads in (
        ("Touched without a basis", impact.conflicts),
        ("Left with nothing to do", impact.lost),
        ("The strangest cases", impact.strangest),
    ):
        if leads:
            yield Text(f"\n{title}", style="bold")
            yield from (_lead(one) for one in leads[:_ROWS])


def _lead(one: Named) -> Text:
    who = f"{one.account} ({one.role})" if one.role else one.account
    line = Text(f"· {make_plain(who)}: {one.before} → {one.after}")
    line.append(f"  {one.why} [{one.decision_id}]", style="dim")
    return line


def _breaches(impact: Impact) -> Table:
    page = _page("Reps over capacity", "rep", "week", "before", "after", "can hold")
    for one in impact.breaches[:_ROWS]:
        _add(page, one.rep, one.week, str(one.before), str(one.after), f"{one.capacity:g}")
    return page


def _changes(changes: Iterable[Change]) -> Text:
    """Return a line per kind of change, with a few of the companies that it is about."""
    lines = Text("\nChanges", style="bold")
    for one in list(changes)[:_ROWS]:
        names = list(dict.fromkeys(lead.account for lead in one.leads))
        shown = ", ".join(map(make_plain, names[:_LEADS])) + (", …" if len(names) > _LEADS else "")
        lines.append(f"\n{one.count:>9,}  {one.kind}: {one.before} → {one.after}", style="not bold")
        lines.append(f"  {shown}", style="not bold dim")
    lines.append("\n")
    return lines


def _slices(impact: Impact) -> Table:
    page = _page(
        "By segment", "by", "is", "decisions", "route", "action", "human before", "human after"
    )
    shown = [s for s in impact.slices if s.route_changes or s.action_changes]
    for one in shown[: 2 * _ROWS]:
        _add(
            page,
            one.by,
            one.value,
            f"{one.decisions:,}",
            f"{one.route_changes:,}",
            f"{one.action_changes:,}",
            f"{one.human_before:.1%}",
            f"{one.human_after:.1%}",
        )
    return page


def _tallies(title: str, tallies: Iterable[Tally]) -> Table:
    page = _page(title, "what", "before", "after", "difference")
    for one in tallies:
        _add(
            page,
            one.name,
            f"{one.before:,.0f}",
            f"{one.after:,.0f}",
            f"{one.after - one.before:+,.0f}",
        )
    return page


def _value(title: str, found: Evaluation) -> RenderableType:
    evidence = found.evidence
    head = (
        f"{title} per decision: {evidence.decisions:,} outcomes of {evidence.accounts:,} accounts, "
        f"worth {evidence.effective:,.0f} of the candidate's"
    )
    if not found.difference.tells:
        line = Text(f"\n{head}\n", style="bold")
        line.append(f"cannot tell: {found.difference.why}", style="yellow")
        return line
    page = _page(head, "estimator", "value", "95 % from", "to")
    for one in (found.logged, *found.estimates, found.difference):
        ends = (f"{one.low:.4f}", f"{one.high:.4f}") if one.tells else ("cannot tell", one.why)
        _add(page, one.estimator, f"{one.value:.4f}", *ends)
    return page


def _add(page: Table, *cells: str) -> None:
    """Add a row; none of its words is markup, whoever wrote them."""
    page.add_row(*(Text(make_plain(cell)) for cell in cells))


def _page(title: str, *columns: str) -> Table:
    page = Table(title=Text(title), title_justify="left", title_style="bold", expand=False)
    for name in columns:
        page.add_column(name, justify="right" if name in _NUMBERS else "left", overflow="fold")
    return page


_NUMBERS = frozenset({
    "how many", "decisions", "route", "action", "before", "after", "difference", "can hold",
    "value", "95 % from", "human before", "human after",
})  # fmt: skip
