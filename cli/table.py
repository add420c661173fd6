"""Lay a table out in so many columns: words stay whole, ids too, and what is empty is left out.

A table that is too narrow for its words puts ids under their rows; where that is not enough, each
row becomes lines of "name: value". Pure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

_GAP, _INDENT = 2, 4
_ID = re.compile(r"[a-z]{3}_[0-9a-f]{16,}")
_LONG, _TOWER = 16, 2
"""A word of more signs may be parted behind one of these, where a table is that much shorter so."""
_PARTS = re.compile(r"(?<=[/#:=,&?@])(?=.)|(?<=_)(?=.)|(?<=\.)(?=[a-z])")


class TableText(NamedTuple):
    """A table as text: the line of names, if it has one, and the lines of its rows."""

    header: str
    lines: tuple[str, ...]


def lay_out(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> TableText:
    """Return a table in at most so many columns; only what cannot be parted goes beyond."""
    columns, rows = _drop_empty(columns, rows)
    ids = [all(_ID.fullmatch(row[i]) or not row[i] for row in rows) for i in range(len(columns))]
    beside = [i for i, is_id in enumerate(ids) if not is_id]
    whole, parted = (
        _draw_shorter(columns, rows, (range(len(columns)), beside), width, longest)
        for longest in (width, _LONG)
    )
    if whole and parted and len(whole.lines) > _TOWER * len(parted.lines):
        return parted
    return whole or parted or TableText("", tuple(_stack(columns, rows, width)))


def _draw_shorter(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    choices: Iterable[Sequence[int]],
    width: int,
    longest: int,
) -> TableText | None:
    """Return the shorter of two: where both are as long, ids stand in their rows."""
    drawn = (_draw(columns, rows, shown, width, longest) for shown in choices)
    return min((one for one in drawn if one), key=lambda one: len(one.lines), default=None)


def _drop_empty(
    columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[list[str], list[list[str]]]:
    kept = [i for i in range(len(columns)) if any(row[i] not in ("", "–") for row in rows)]
    return [columns[i] for i in kept], [[row[i] for i in kept] for row in rows]


def _measure(
    columns: Sequence[str], rows: Sequence[Sequence[str]], width: int, longest: int
) -> list[int] | None:
    """Return how wide each column is; None where the longest words do not stand side by side."""
    cells = [[name, *(row[i] for row in rows)] for i, name in enumerate(columns)]
    parts = [[part for cell in column for part in _part(cell, longest)] for column in cells]
    least = [max(map(len, column)) for column in parts]
    wanted = [max(map(len, column)) for column in cells]
    room = width - _GAP * (len(columns) - 1)
    if sum(least) > room:
        return None
    found, left = list(least), room - sum(least)
    # A sign more goes to whichever column would be the tallest: none becomes a tower.
    while left and (open_ := [i for i in range(len(found)) if found[i] < wanted[i]]):
        found[max(open_, key=lambda i: wanted[i] / found[i])] += 1
        left -= 1
    return found


def _part(text: str, longest: int) -> list[str]:
    """Return the pieces of a text that stay whole: words, and of long ones their parts."""
    words = text.split() or [""]
    return [
        part
        for word in words
        for part in (
            _PARTS.split(word) if len(word) > longest and not _ID.fullmatch(word) else [word]
        )
    ]


def _fold(text: str, width: int, longest: int) -> list[str]:
    """Return a text in lines of at most so many signs, parted between words."""
    lines = [""]
    for word in text.split():
        for nth, part in enumerate(_part(word, longest)):
            glue = " " if nth == 0 and lines[-1] else ""
            if len(lines[-1]) + len(glue) + len(part) <= width or not lines[-1]:
                lines[-1] += glue + part
            else:
                lines.append(part)
    return lines


def _draw(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    beside: Sequence[int],
    width: int,
    longest: int,
) -> TableText | None:
    """Return a table with some columns side by side, the others under each row; None: no room."""
    names = [columns[i] for i in beside]
    widths = (
        _measure(names, [[row[i] for i in beside] for row in rows], width, longest)
        if names
        else None
    )
    if widths is None:
        return None
    under, lines = [i for i in range(len(columns)) if i not in beside], list[str]()
    for row in rows:
        lines += _set_side_by_side([row[i] for i in beside], widths, longest)
        lines += [f"{' ' * _INDENT}{columns[i]} {row[i]}" for i in under if row[i]]
    return TableText("\n".join(_set_side_by_side(names, widths, longest)), tuple(lines))


def _set_side_by_side(cells: Sequence[str], widths: Sequence[int], longest: int) -> list[str]:
    folded = [_fold(cell, width, longest) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, folded))
    padded = [one + [""] * (height - len(one)) for one in folded]
    gap = " " * _GAP
    return [
        gap.join(part.ljust(w) for part, w in zip(line, widths, strict=True)).rstrip()
        for line in zip(*padded, strict=True)
    ]


def _stack(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Return each row as lines of "name: value", an empty line between rows."""
    for nth, row in enumerate(rows):
        if nth:
            yield ""
        for name, cell in zip(columns, row, strict=True):
            if cell not in ("", "–"):
                first, rest = f"{name}: ", " " * _INDENT
                yield from wrap(
                    f"{first}{cell}", width, subsequent_indent=rest,
                    break_long_words=False, break_on_hyphens=False,
                )  # fmt: skip
