"""A rehearsal as one HTML page: charts first, then the lists. No script, nothing from outside."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from cli.page_frame import frame
from cli.rehearse.chart import bars, intervals
from mos.model.impact import Change, Impact, Named, Played, Tally

_LEADS = 25


def page(impact: Impact) -> str:
    """Return the page."""
    verdict = "does not pass" if impact.broken else "passes"
    title = f"Rehearsal {impact.candidate[:12]}: {verdict}"
    return frame(title, "".join(_body(impact, verdict)))


def _body(impact: Impact, verdict: str) -> Iterator[str]:
    yield f"<h1>The candidate {verdict}</h1>"
    yield (
        f'<p class="dim">{impact.compared:,} of {impact.decisions:,} decisions about '
        f"{impact.accounts:,} accounts ({escape(impact.source)}), decided again under "
        f"<code>{impact.candidate[:12]}</code> in place of <code>{impact.baseline[:12]}</code> on "
        f"{impact.made_at:%Y-%m-%d %H:%M} UTC.</p>"
    )
    yield f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in impact.summary)}"
    yield "".join(f'<li class="bad">{escape(line)}</li>' for line in impact.broken)
    yield "".join(f'<li class="doubt">{escape(line)}</li>' for line in impact.cannot_tell)
    for line in impact.waived or ([""] if impact.accepted else []):
        what = f"accepted ({impact.accepted}): {line or 'nothing broke'}"
        yield f'<li class="doubt">{escape(what)}</li>'
    yield "</ul>"
    yield (
        '<p class="key dim">Bars:<span style="background:var(--before)"></span>before'
        '<span style="background:var(--after)"></span>after</p>'
    )
    if impact.dollars:
        found = impact.dollars
        yield "<h2>US dollars per decision, net of cost</h2>"
        yield intervals((found.logged, *found.estimates, found.difference))
        if not found.difference.tells:
            yield f'<p class="doubt">Cannot tell: {escape(found.difference.why)}.</p>'
    if impact.played:
        yield f"<h2>Played in the same market</h2>{_played(impact.played)}"
    yield from _drawn("What is chosen", impact.actions)
    yield from _drawn("Where candidates fall", impact.funnel)
    yield from _drawn("Hand-offs per rep", impact.reps)
    human = [
        (f"{s.by} {s.value}", 100 * s.human_before, 100 * s.human_after) for s in impact.slices
    ]
    if human:
        yield "<h2>Who gets a human</h2>" + bars(human, " %")
    yield from _changes(impact.changes)
    for title, leads in (
        ("Touched without a basis", impact.conflicts),
        ("Left with nothing to do", impact.lost),
        ("The strangest cases", impact.strangest),
    ):
        if leads:
            yield f"<h2>{title}</h2>{_leads(leads)}"


def _played(played: Iterable[Played]) -> str:
    head = "<th></th><th>before</th><th>after</th><th>95 % of the difference</th>"
    rows = "".join(
        f"<tr><td>{escape(one.name)}</td><td>{one.before:,.0f}</td><td>{one.after:,.0f}</td>"
        f"<td>{' to '.join(one.ends)}</td></tr>"
        for one in played
    )
    return f"<table><tr>{head}</tr>{rows}</table>"


def _drawn(title: str, tallies: Sequence[Tally]) -> Iterator[str]:
    rows = [(t.name, t.before, t.after) for t in tallies if t.before or t.after]
    if rows:
        yield f"<h2>{title}</h2>{bars(rows)}"


def _changes(changes: Iterable[Change]) -> Iterator[str]:
    yield "<h2>Who changes</h2>"
    for one in changes:
        name = f"{one.kind}: {one.before} → {one.after}"
        yield (
            f"<details><summary>{escape(name)} · {one.count:,}</summary>"
            f"{_leads(one.leads[:_LEADS])}</details>"
        )


def _leads(leads: Iterable[Named]) -> str:
    names = ("account", "role", "segment", "from", "to", "why", "decision")
    head = "".join(f"<th>{name}</th>" for name in names)
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(cell)}</td>"
            for cell in (
                one.account, one.role, one.segment, one.before, one.after,
                f"{one.why} {f'[{one.row}]' if one.row else ''}".strip(), one.decision_id,
            )
        )
        + "</tr>"
        for one in leads
    )  # fmt: skip
    return f"<table><tr>{head}</tr>{rows}</table>"
