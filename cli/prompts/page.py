"""An evaluation as one HTML page: light and dark, no script, nothing from outside."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from cli.page_frame import frame
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
from mos.model.prompt_report import Paired, PromptComparison, Verdict

_WIDTH, _HEIGHT, _EDGE = 360, 64, 8
_CLASS = {Verdict.WORSE: "bad", Verdict.CANNOT_TELL: "doubt"}


def page(found: PromptComparison) -> str:
    """Return the page."""
    return frame(f"Evaluation of {describe_verdict(found)}", "".join(_body(found)))


def _body(found: PromptComparison) -> Iterator[str]:
    kind = _CLASS.get(Verdict(found.paired.verdict), "")
    yield f'<h1 class="{kind}">{escape(describe_verdict(found))}</h1>'
    yield f"<p>{escape(describe_paired(found.paired))}.</p>"
    yield _draw(found.paired)
    yield (
        f'<p class="dim"><code>{found.candidate[:12]}</code> in place of '
        f"<code>{found.baseline[:12]}</code>, golden cases <code>{found.cases[:12]}</code>, "
        f"{found.repeats} repeats, {escape(found.source)}, {found.made_at:%Y-%m-%d %H:%M} UTC.</p>"
    )
    yield _table(SCORES, list_scores(found))
    if found.slices:
        yield f"<h2>By slice</h2>{_table(SLICES, list_slices(found))}"
    rows = list(list_changed_cases(found))
    if rows:
        yield f"<details><summary>{len(rows)} cases changed</summary>"
        yield f"{_table(CHANGED, rows)}</details>"


def _draw(paired: Paired) -> str:
    """Return the interval over the margin, from one end of what is possible to the other."""

    def x(value: float) -> float:
        return _EDGE + (value + 1) / 2 * (_WIDTH - 2 * _EDGE)

    low, high, at = x(paired.low), x(paired.high), x(paired.difference)
    left, right, y = x(-paired.margin), x(paired.margin), 24
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" style="max-width: 28rem" '
        f'role="img" aria-label="the difference, its 95 % '
        f'interval, and the margin"><rect x="{left:.1f}" y="4" width="{right - left:.1f}" '
        f'height="40" class="before" opacity=".35"/>'
        f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="0" y2="48" class="zero"/>'
        f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y}" y2="{y}" class="span"/>'
        f'<circle cx="{at:.1f}" cy="{y}" r="5" class="after"/>'
        f'<text x="{_EDGE}" y="60">worse</text>'
        f'<text x="{_WIDTH - _EDGE}" y="60" class="name">better</text></svg>'
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    below = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><tr>{top}</tr>{below}</table>"
