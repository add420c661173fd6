"""A rehearsal as Markdown, fit for a pull request."""

from collections.abc import Iterable, Iterator

from cli.rehearse import words
from mos.model.impact import Change, Impact, Named

_ROWS, _LEADS = 15, 5
_SPECIAL = str.maketrans({"|": "\\|", "<": "&lt;", ">": "&gt;", "\n": " ", "`": "'"})


def markdown_of(impact: Impact) -> str:
    """Return the report: what a reviewer decides by first, then the lists, folded."""
    return "\n".join(_lines(impact)) + "\n"


def _lines(impact: Impact) -> Iterator[str]:
    yield f"## Rehearsal: {'does not pass' if impact.broken else 'passes'}"
    yield from _listed("", (f"❌ **{_plain(line)}**" for line in impact.broken))
    yield from _listed("What is changed", map(_plain, words.list_differences(impact)))
    yield from _listed("Who is touched", map(_plain, words.list_touched(impact)))
    yield from _listed("Money", map(_plain, words.list_money(impact)))
    yield from _listed("Risks", (f"⚠️ {_plain(line)}" for line in words.list_risks(impact)))
    yield from _folded("Who changes", _changes(impact.changes))
    yield from _folded("What differs, before and after", _bars(impact))
    yield from _folded("Touched without a basis", _leads(impact.conflicts))
    yield from _folded("Left with nothing to do", _leads(impact.lost))
    yield from _folded("The strangest cases", _leads(impact.strangest))
    yield from _folded("How the log is valued (IPS, SNIPS, DR)", _estimators(impact))
    yield ""
    yield (
        f"{impact.compared:,} of {impact.decisions:,} decisions about {impact.accounts:,} accounts "
        f"({_plain(impact.source)}), decided again under `{impact.candidate}` in place of "
        f"`{impact.baseline}`."
    )


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    held = list(lines)
    if not held:
        return
    if title:
        yield from ("", f"### {title}")
    yield ""
    yield from (f"- {line}" for line in held)


def _folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    held = list(lines)
    if held:
        yield from ("", f"<details><summary>{title}</summary>", "", *held, "", "</details>")


def _changes(changes: Iterable[Change]) -> Iterator[str]:
    rows = list(changes)[:_ROWS]
    if rows:
        yield from ("| what | how many | for example |", "|---|---:|---|")
    for one in rows:
        leads = ", ".join(words.list_companies([one])[:_LEADS])
        yield f"| {_plain(words.name_change(one))} | {one.count:,} | {_plain(leads)} |"


def _bars(impact: Impact) -> Iterator[str]:
    groups = words.list_bars(impact)
    if groups:
        yield from ("| what | before | after |", "|---|---:|---:|")
    for group in groups:
        yield f"| **{group.title}** | | |"
        for one in group.rows:
            before, after = (words.write_number(n) + group.unit for n in (one.before, one.after))
            yield f"| {_plain(one.name)} | {before} | {after} |"


def _leads(leads: Iterable[Named]) -> Iterator[str]:
    for one in list(leads)[:_ROWS]:
        who = f"{one.account} ({one.role})" if one.role else one.account
        why = f"; {_plain(one.why)}" if one.why else ""
        turned = f"{_plain(one.before)} → {_plain(one.after)}"
        yield f"- {_plain(who)}: {turned}{why} `{one.decision_id}`"


def _estimators(impact: Impact) -> Iterator[str]:
    rows = words.list_estimates(impact)
    if not rows:
        return
    yield from (_plain(words.explain_estimators(impact)), "")
    yield from ("| US dollars per decision | value | 95 % |", "|---|---:|---|")
    yield from (f"| {name} | {value} | {_plain(span)} |" for name, value, span in rows)


def _plain(text: str) -> str:
    return text.translate(_SPECIAL)
