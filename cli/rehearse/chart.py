"""Charts of a rehearsal as SVG: bars before and after, and intervals. One file, no script."""

from collections.abc import Sequence
from html import escape

from mos.model.estimate import Estimate

_WIDTH, _LABEL, _ROW = 720, 200, 30


def bars(rows: Sequence[tuple[str, float, float]], unit: str = "") -> str:
    """Return a bar before and one after for each row."""
    most = max((max(before, after) for _, before, after in rows), default=0) or 1
    scale = (_WIDTH - _LABEL - 110) / most
    made = []
    for place, (name, before, after) in enumerate(rows):
        top = place * _ROW
        made.append(f'<text x="{_LABEL - 8}" y="{top + 18}" class="name">{escape(name)}</text>')
        for number, (value, kind) in enumerate(((before, "before"), (after, "after"))):
            y, width = top + 4 + number * 11, max(1.0, value * scale)
            made.append(
                f'<rect x="{_LABEL}" y="{y}" width="{width:.1f}" height="9" class="{kind}"/>'
                f'<text x="{_LABEL + width + 6:.1f}" y="{y + 9}" class="value">'
                f"{value:,.4g}{escape(unit)}</text>"
            )
    return _svg(made, len(rows) * _ROW + 6, "before and after")


def intervals(rows: Sequence[Estimate]) -> str:
    """Return a line from end to end of each interval, with its value; zero is marked."""
    shown = [row for row in rows if row.tells]
    if not shown:
        return "<p>Cannot tell.</p>"
    low, high = min(0.0, *(r.low for r in shown)), max(0.0, *(r.high for r in shown))
    scale = (_WIDTH - _LABEL - 110) / ((high - low) or 1)

    def x(value: float) -> float:
        return _LABEL + (value - low) * scale

    height = len(shown) * _ROW + 6
    made = [f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="0" y2="{height}" class="zero"/>']
    for place, row in enumerate(shown):
        y = place * _ROW + 16
        made.append(
            f'<text x="{_LABEL - 8}" y="{y + 4}" class="name">{escape(row.estimator)}</text>'
            f'<line x1="{x(row.low):.1f}" x2="{x(row.high):.1f}" y1="{y}" y2="{y}" class="span"/>'
            f'<circle cx="{x(row.value):.1f}" cy="{y}" r="5" class="after"/>'
            f'<text x="{x(row.high) + 8:.1f}" y="{y + 4}" class="value">{row.value:,.3f}</text>'
        )
    return _svg(made, height, "estimates with their 95 % intervals")


def _svg(made: Sequence[str], height: int, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        + "".join(made)
        + "</svg>"
    )
