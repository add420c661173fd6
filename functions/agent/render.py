"""Write a view as text of a bounded length: what a chat shows. Pure."""

from collections.abc import Iterator, Sequence

from mos.model.view import Block, Cell, Chart, Rows, Said, Tree, View
from mos.policy.fact_values import say_number

MOST_TEXT = 4_000
"""How many characters an answer in words has, but for where the whole record was asked for."""
_BAR = 20


def render_text(view: View, most: int = MOST_TEXT) -> str:
    """Return the blocks as one text of at most this many characters: what does not fit is counted.

    Sentences carry their citations in brackets.
    """
    return fit_lines([line for block in view for line in list_lines(block)], most)


def fit_lines(lines: Sequence[str], most: int = MOST_TEXT) -> str:
    """Return lines as one text of at most this many characters: what does not fit is counted."""
    whole = "\n".join(lines)
    if len(whole) <= most:
        return whole
    kept, size = list[str](), 0
    for line in lines:
        tail = f"… and {len(lines) - len(kept)} more lines: `most` and `skip` ask for a page"
        if size + len(line) + 1 + len(tail) > most:
            return "\n".join([*kept, tail])
        kept.append(line)
        size += len(line) + 1
    return "\n".join(kept)


def list_lines(block: Block) -> Iterator[str]:
    """Return a block's lines."""
    if isinstance(block, Said):
        yield f"{block.text} [{'; '.join(block.cites)}]"
    elif isinstance(block, Rows):
        yield from _list_rows(block)
    elif isinstance(block, Tree):
        yield from _list_branches(block, 0)
    else:
        yield from _list_bars(block)


def _list_rows(block: Rows) -> Iterator[str]:
    if not block.rows:
        yield f"{block.title}: none"
        return
    yield f"{block.title}: {' | '.join(block.columns)}"
    for row in block.rows:
        yield "  " + " | ".join(map(_write_beside, row))
    if block.more:
        goes_on = f": skip={block.next_skip} goes on there" if block.next_skip else ""
        yield f"  … and {block.more:,} more{goes_on}"


def write_cell(cell: Cell) -> str:
    """Return a cell as people read it.

    >>> [write_cell(c) for c in (None, True, 0.25, 12000.0, 39.9999, "x")]
    ['–', 'yes', '0.25', '12000', '39.99', 'x']
    """
    if cell is None:
        return "–"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return say_number(cell) if isinstance(cell, float) else str(cell)


def _write_beside(cell: Cell) -> str:
    """Return a cell as it stands beside others: what parts them is nobody's text."""
    return write_cell(cell).replace("|", "¦")


def _list_branches(tree: Tree, depth: int) -> Iterator[str]:
    yield "  " * depth + tree.label
    for below in tree.under:
        yield from _list_branches(below, depth + 1)


def _list_bars(chart: Chart) -> Iterator[str]:
    yield f"{chart.title} ({chart.unit})"
    most = max((abs(bar.value) for bar in chart.bars), default=0) or 1
    for bar in chart.bars:
        drawn = "█" * round(abs(bar.value) / most * _BAR)
        yield f"  {bar.label}: {say_number(bar.value)} {drawn}"
