"""An evaluation as Markdown, fit for a pull request."""

from collections.abc import Iterable, Iterator, Sequence

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
from mos.model.prompt_report import PromptComparison

_ROWS = 20
_SPECIAL = str.maketrans({"|": "\\|", "<": "&lt;", ">": "&gt;", "\n": " ", "`": "'"})


def markdown_of(found: PromptComparison) -> str:
    """Return the report: verdict, both sides, then the lists, folded."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: PromptComparison) -> Iterator[str]:
    yield f"## {_plain(describe_verdict(found))}"
    yield ""
    yield _plain(describe_paired(found.paired)) + "."
    yield ""
    yield (
        f"`{found.candidate[:12]}` in place of `{found.baseline[:12]}`, golden cases "
        f"`{found.cases[:12]}`, {found.repeats} repeats, {_plain(found.source)}, "
        f"{found.made_at:%Y-%m-%d %H:%M} UTC."
    )
    yield ""
    yield from _table(SCORES, list_scores(found))
    yield from _folded("By slice", SLICES, list(list_slices(found)))
    changed = list(list_changed_cases(found))
    yield from _folded(f"{len(changed)} cases changed", CHANGED, changed[:_ROWS])


def _folded(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield from ("", f"<details><summary>{title}</summary>", "")
        yield from _table(head, rows)
        yield from ("", "</details>")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(_plain, row))} |"


def _plain(text: str) -> str:
    return text.translate(_SPECIAL)
