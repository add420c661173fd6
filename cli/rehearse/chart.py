"""Charts of a rehearsal: small multiples of bars, and intervals. Plain HTML, no script."""

from collections.abc import Sequence
from html import escape

from cli.rehearse.words import Bars, Figure, write_money, write_number
from mos.model.impact import Tally


def bars(group: Bars) -> str:
    """Return a small picture for each figure: its name, and a bar before and after.

    Each picture has its own scale: what differs is to be seen, also where it is small.
    """
    made = [
        f"<figure><figcaption>{escape(t.name)}</figcaption>{_pair(t, group.unit)}</figure>"
        for t in group.rows
    ]
    return f'<div class="small">{"".join(made)}</div>'


def _pair(tally: Tally, unit: str) -> str:
    most = max(tally.before, tally.after) or 1
    return _bar("before", tally.before, most, unit) + _bar("after", tally.after, most, unit)


def _bar(kind: str, value: float, most: float, unit: str) -> str:
    width = max(1.0, 100 * value / most) if value else 0.0
    said = f"{write_number(value)}{escape(unit)}"
    return (
        f'<div class="bar" title="{kind}: {said}"><span class="track"><span class="{kind}" '
        f'style="width:{width:.1f}%"></span></span><span class="value">{said}</span></div>'
    )


def intervals(figures: Sequence[Figure], names: Sequence[str]) -> str:
    """Return a line from end to end of each interval, with its value; zero is marked."""
    low = min(0.0, *(f.low for f in figures))
    high = max(0.0, *(f.high for f in figures))
    scale = 100 / ((high - low) or 1)
    made = []
    for name, one in zip(names, figures, strict=True):
        start, end = (one.low - low) * scale, (one.high - low) * scale
        point, zero = (one.value - low) * scale, -low * scale
        made.append(
            f'<figure class="interval"><figcaption>{escape(name)}: '
            f"<b>{write_money(one.value)}</b> "
            f'<span class="dim">{write_money(one.low)} to {write_money(one.high)}</span>'
            f'</figcaption><div class="axis"><i class="zero" style="left:{zero:.1f}%"></i>'
            f'<i class="span" style="left:{start:.1f}%;width:{max(end - start, 0.5):.1f}%"></i>'
            f'<i class="point" style="left:{point:.1f}%"></i></div></figure>'
        )
    return "".join(made)
