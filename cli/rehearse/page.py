"""A rehearsal as one HTML page, in the order in which somebody decides. No script."""

from collections.abc import Iterable, Iterator
from html import escape

from cli.page_frame import frame
from cli.rehearse import words
from cli.rehearse.chart import bars, intervals
from mos.model.impact import Change, Impact, Named, Played

_LEADS, _COMPANIES = 25, 12
_FIGURES = {"market": "Played in the market", "log": "By the log of decisions"}


def page(impact: Impact) -> str:
    """Return the page."""
    verdict = "does not pass" if impact.broken else "passes"
    title = f"Rehearsal {impact.candidate[:12]}: {verdict}"
    return frame(title, "".join(_body(impact, verdict)))


def _body(impact: Impact, verdict: str) -> Iterator[str]:
    yield f"<h1>The candidate {verdict}</h1>"
    yield _list(impact.broken, "bad")
    yield f"<h2>What is changed</h2>{_list(words.list_differences(impact))}"
    yield "<h2>Who is touched</h2>"
    yield _list(words.list_touched(impact))
    yield "".join(map(_change, impact.changes))
    yield f"<h2>Money</h2>{_money(impact)}"
    yield from _risks(impact)
    yield from _drawn(impact)
    if impact.strangest:
        yield f"<h2>The strangest cases</h2>{_leads(impact.strangest)}"
    yield from _estimators(impact)
    yield (
        f'<p class="dim">{impact.compared:,} of {impact.decisions:,} decisions about '
        f"{impact.accounts:,} accounts ({escape(impact.source)}), decided again under "
        f"<code>{impact.candidate}</code> in place of <code>{impact.baseline}</code> on "
        f"{impact.made_at:%Y-%m-%d %H:%M} UTC.</p>"
    )


def _list(lines: Iterable[str], kind: str = "") -> str:
    held = "".join(f"<li{f' class={kind}' if kind else ''}>{escape(one)}</li>" for one in lines)
    return f"<ul>{held}</ul>" if held else ""


def _money(impact: Impact) -> str:
    figures = words.list_figures(impact)
    drawn = intervals(figures, [_FIGURES[one.name] for one in figures]) if figures else ""
    told = _list(words.list_money(impact))
    return drawn + told + (_played(impact.played) if impact.played else "")


def _played(played: Iterable[Played]) -> str:
    head = "<th></th><th>before</th><th>after</th><th>95 % of the difference</th>"
    rows = "".join(
        f"<tr><td>{escape(one.name)}</td><td>{one.before:,.0f}</td><td>{one.after:,.0f}</td>"
        f"<td>{' to '.join(one.ends)}</td></tr>"
        for one in played
        if one.before != one.after
    )
    return f"<table><tr>{head}</tr>{rows}</table>" if rows else ""


def _risks(impact: Impact) -> Iterator[str]:
    doubts, people = words.list_risks(impact), (
        ("Touched without a basis", impact.conflicts),
        ("Left with nothing to do", impact.lost),
    )  # fmt: skip
    if not doubts and not impact.breaches and not any(leads for _, leads in people):
        return
    yield f"<h2>Risks</h2>{_list(doubts, 'doubt')}"
    yield _list(
        f"{b.rep}, {b.week}: {b.before} → {b.after} hand-offs, can hold {b.capacity:g}"
        for b in impact.breaches
    )
    for title, leads in people:
        if leads:
            yield _folded(f"{title} · {len(leads):,} named", _leads(leads))


def _drawn(impact: Impact) -> Iterator[str]:
    groups = words.list_bars(impact)
    if groups:
        yield (
            '<p class="key dim"><span class="before"></span>before'
            '<span class="after"></span>after; each picture has its own scale, '
            "and what does not differ is left out</p>"
        )
    for group in groups:
        yield f"<h2>{escape(group.title)}</h2>{bars(group)}"


def _estimators(impact: Impact) -> Iterator[str]:
    rows = words.list_estimates(impact)
    if not rows:
        return
    cells = "".join(
        f"<tr><td>{escape(name)}</td><td>{value}</td><td>{escape(span)}</td></tr>"
        for name, value, span in rows
    )
    head = "<tr><th>US dollars per decision</th><th></th><th>95 %</th></tr>"
    yield _folded(
        "How the log is valued (IPS, SNIPS, DR)",
        f"<p>{escape(words.explain_estimators(impact))}</p><table>{head}{cells}</table>",
    )


def _change(one: Change) -> str:
    names = words.list_companies([one])
    shown = ", ".join(names[:_COMPANIES]) + (", …" if len(names) > _COMPANIES else "")
    return _folded(
        f"{words.name_change(one)} · {one.count:,}",
        f'<p class="dim">{escape(shown)}</p>{_leads(one.leads[:_LEADS])}',
    )


def _folded(title: str, inside: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{inside}</details>"


def _leads(leads: Iterable[Named]) -> str:
    """Return one decision about each company, and how many more of it are named."""
    found: dict[str, list[Named]] = {}
    for one in leads:
        found.setdefault(one.account, []).append(one)
    made = "".join(_lead(held[0], len(held) - 1) for held in found.values())
    return f'<ul class="leads">{made}</ul>'


def _lead(one: Named, more: int) -> str:
    who = ", ".join(word for word in (one.role, one.segment) if word)
    why = f"{one.why} {f'[{one.row}]' if one.row else ''}".strip()
    return (
        f"<li><b>{escape(one.account)}</b>{f' ({escape(who)})' if who else ''}: "
        f"{escape(one.before)} → {escape(one.after)}{f'; {escape(why)}' if why else ''} "
        f"<code>{escape(one.decision_id)}</code>{f' and {more} more' if more else ''}</li>"
    )
