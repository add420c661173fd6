"""A rehearsal as Markdown, fit for a pull request."""

from collections.abc import Iterable, Iterator

from mos.model.estimate import Evaluation
from mos.model.impact import Change, Impact, Named, Played, Slice

_ROWS, _LEADS = 15, 5
_SPECIAL = str.maketrans({"|": "\\|", "<": "&lt;", ">": "&gt;", "\n": " ", "`": "'"})


def markdown_of(impact: Impact) -> str:
    """Return the report: what a reviewer reads first, then the lists, folded."""
    return "\n".join(_lines(impact)) + "\n"


def _lines(impact: Impact) -> Iterator[str]:
    verdict = "does not pass" if impact.broken else "passes"
    yield f"## Rehearsal: {verdict}"
    yield ""
    yield (
        f"{impact.compared:,} of {impact.decisions:,} decisions about {impact.accounts:,} accounts "
        f"({_plain(impact.source)}), decided again under `{impact.candidate[:12]}` in place of "
        f"`{impact.baseline[:12]}`."
    )
    yield ""
    yield from (f"- {_plain(line)}" for line in impact.summary)
    yield from (f"- ❌ **{_plain(line)}**" for line in impact.broken)
    yield from (f"- ⚠️ {_plain(line)}" for line in impact.cannot_tell)
    for line in impact.waived or ([""] if impact.accepted else []):
        yield f"- ⚠️ accepted ({_plain(impact.accepted)}): **{_plain(line) or 'nothing broke'}**"
    yield from _folded("Changes", _changes(impact.changes))
    yield from _folded("By segment", _slices(impact.slices))
    yield from _folded("Touched without a basis", _leads(impact.conflicts))
    yield from _folded("Left with nothing to do", _leads(impact.lost))
    yield from _folded("The strangest cases", _leads(impact.strangest))
    yield from _folded("Played in the same market", _played(impact.played))
    if impact.dollars:
        yield from _folded("Value in US dollars per decision", _value(impact.dollars))


def _played(played: Iterable[Played]) -> Iterator[str]:
    rows = list(played)
    if rows:
        yield from ("| what | before | after | 95 % of the difference |", "|---|---:|---:|---:|")
    for one in rows:
        span = " to ".join(one.ends)
        yield f"| {one.name} | {one.before:,.0f} | {one.after:,.0f} | {span} |"


def _folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    held = list(lines)
    if held:
        yield from ("", f"<details><summary>{title}</summary>", "", *held, "", "</details>")


def _changes(changes: Iterable[Change]) -> Iterator[str]:
    rows = list(changes)[:_ROWS]
    if rows:
        yield from ("| what | from | to | how many | for example |", "|---|---|---|---:|---|")
    for one in rows:
        leads = ", ".join(list(dict.fromkeys(lead.account for lead in one.leads))[:_LEADS])
        cells = (one.kind, one.before, one.after, f"{one.count:,}", leads)
        yield f"| {' | '.join(map(_plain, cells))} |"


def _slices(slices: Iterable[Slice]) -> Iterator[str]:
    rows = [s for s in slices if s.route_changes or s.action_changes]
    if rows:
        yield "| by | is | decisions | route changes | action changes | human before | after |"
        yield "|---|---|---:|---:|---:|---:|---:|"
    for one in rows:
        cells = (
            one.by, one.value, f"{one.decisions:,}", f"{one.route_changes:,}",
            f"{one.action_changes:,}", f"{one.human_before:.1%}", f"{one.human_after:.1%}",
        )  # fmt: skip
        yield f"| {' | '.join(map(_plain, cells))} |"


def _leads(leads: Iterable[Named]) -> Iterator[str]:
    rows = list(leads)[:_ROWS]
    if rows:
        yield from ("| account | role | from | to | why | decision |", "|---|---|---|---|---|---|")
    for one in rows:
        cells = (one.account, one.role, one.before, one.after, one.why, one.decision_id)
        yield f"| {' | '.join(map(_plain, cells))} |"


def _value(found: Evaluation) -> Iterator[str]:
    yield from ("| estimator | value | 95 % interval |", "|---|---:|---|")
    for one in (found.logged, *found.estimates, found.difference):
        span = f"{one.low:.4f} to {one.high:.4f}" if one.tells else f"cannot tell: {one.why}"
        yield f"| {one.estimator} | {f'{one.value:.4f}' if one.tells else ''} | {_plain(span)} |"


def _plain(text: str) -> str:
    return text.translate(_SPECIAL)
