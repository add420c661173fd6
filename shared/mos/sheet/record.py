"""From the text of a sheet to its records: what separates cells, and quotes left open. Pure."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
OPEN_QUOTE = "unreadable: a double quote is left open here"
SWALLOWED = "unreadable: within a double quote that is left open on line"
_SAMPLE = 60
_LONGEST_SAMPLE = 100_000
_SPAN = 300
_LONGEST = 1_000_000
MOST_CELLS = 2_000
_HINT = re.compile(r'\s*"?sep=(.)"?[\s;,|]*', re.IGNORECASE)
_CLOSES = "unexpected end of data"


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """The cells of one record, the line it starts on, and why it cannot be read.

    `after_blank` says that an empty line stands before it.
    """

    line: int
    cells: tuple[str, ...]
    broken: str = ""
    after_blank: bool = False

    @property
    def full(self) -> list[str]:
        """Return the cells in which something stands."""
        return [cell for cell in self.cells if cell]


def read_separator(text: str) -> tuple[str, int]:
    r"""Return what separates the cells, and how many lines say so themselves (Excel's `sep=`).

    Else it is what cuts most lines into the same number of cells.

    >>> read_separator("sep=|\na|b\n"), read_separator("a;b\n1,5;2,5\n")
    (('|', 1), (';', 0))
    """
    first = text[:200].splitlines()[0] if text else ""
    if hint := _HINT.fullmatch(first):
        return hint[1], 1
    sample = text[:_LONGEST_SAMPLE]
    return max(SEPARATORS, key=lambda by: _score(sample, by)), 0


def _score(sample: str, by: str) -> float:
    widths: list[int] = []
    for record in read_records(sample, by):
        if record.full:
            widths.append(len(record.cells))
        if len(widths) == _SAMPLE:
            break
    often = Counter(width for width in widths if width > 1)
    shares = [times / len(widths) * sqrt(min(width, 9)) for width, times in often.items()]
    return max(shares, default=0.0)


def read_records(text: str, by: str, skipped: int = 0) -> Iterator[SheetRecord]:
    """Return each record of a text; lines with nothing on them are passed over.

    A quoted cell may hold many lines. A quote that is never closed, or closed within a word some
    lines later, breaks its own line; the lines after it are read for themselves.
    """
    limit = csv.field_size_limit(_LONGEST)
    try:
        yield from _read(io.StringIO(text, newline=None).readlines(), by, skipped)
    finally:
        csv.field_size_limit(limit)


def _read(lines: list[str], by: str, at: int) -> Iterator[SheetRecord]:
    blank, swallowed_by, swallowed_to = False, 0, 0
    while at < len(lines):
        if not lines[at].strip():
            blank, at = True, at + 1
            continue
        cells, used = _parse(lines, at, by)
        within = f"{SWALLOWED} {swallowed_by}" if at < swallowed_to else ""
        if cells is None:
            broken = OPEN_QUOTE
            if at >= swallowed_to:
                swallowed_by, swallowed_to = at + 1, at + used
            yield SheetRecord(at + 1, tuple(lines[at].strip("\n").split(by)), broken, blank)
            blank, at = False, at + 1
            continue
        stripped = tuple(cell.strip() for cell in cells)
        if any(stripped):
            yield SheetRecord(at + 1, stripped, _find_excess(stripped, within), blank)
            blank = False
        else:
            blank = True
        at += used


def _find_excess(cells: tuple[str, ...], within: str) -> str:
    if len(cells) > MOST_CELLS:
        return f"unreadable: more than {MOST_CELLS:,} cells"
    return "" if not within or len(cells) > 1 else within


def _parse(lines: list[str], at: int, by: str) -> tuple[list[str] | None, int]:
    """Return the record that starts on a line and how many lines it takes; None where it breaks."""
    line = lines[at].strip("\n")
    if '"' not in line:
        return line.split(by), 1
    last = min(len(lines), at + _SPAN)
    whole = lines[at]
    for number in range(at, last):
        if number > at:
            whole += lines[number]
        if (number > at and '"' not in lines[number]) or (whole.count('"') % 2 and number > at):
            continue
        cells, why = _parse_strictly(whole, by)
        if cells is not None:
            return (cells if number == at or not _holds_rows(cells, lines[at], by) else None), (
                number - at + 1
            )
        if why != _CLOSES:
            return (_parse_loosely(line, by), 1) if number == at else (None, number - at + 1)
    return None, last - at


def _parse_strictly(text: str, by: str) -> tuple[list[str] | None, str]:
    reader = csv.reader(io.StringIO(text), delimiter=by, skipinitialspace=True, strict=True)
    try:
        found = list(reader)
    except csv.Error as error:
        return None, str(error)
    return (found[0], "") if len(found) == 1 else (None, "several records")


def _parse_loosely(line: str, by: str) -> list[str] | None:
    """Return the cells of a line whose quotes are not doubled as they should be."""
    try:
        return next(csv.reader([line], delimiter=by, skipinitialspace=True))
    except csv.Error:
        return None


def _holds_rows(cells: list[str], first: str, by: str) -> bool:
    """Say whether a cell holds whole rows: a quote was open, and closed by luck."""
    width = len(cells)
    if width <= 1 or by not in first:
        return False
    inner = [line for cell in cells for line in cell.split("\n")[1:-1]]
    rows = [line for line in inner if line.count(by) >= max(2, width - 1)]
    return bool(rows) and all("@" in line or by * 2 in line for line in rows)
