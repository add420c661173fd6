"""Read a CSV row by row: a bad row is refused with its reason, the others go on."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mos.errors import MalformedError
from mos.matching.table import LONGEST_CELL, decode, separator

_LARGEST = 500_000_000
_LONGEST = 10_000


@dataclass(frozen=True)
class Line:
    """One record of the file: where it starts, its cells, or why it cannot be read."""

    line: int
    cells: dict[str, str]
    refused: str = ""


@dataclass(frozen=True)
class Sheet:
    """A file's header, its rows, and what was odd about the whole."""

    header: list[str]
    lines: list[Line]
    notes: list[str]


def read_sheet(path: Path) -> Sheet:
    """Return the rows of a CSV in any usual encoding and separator.

    Raises:
        MalformedError: the file as a whole cannot be read; says why and what to do.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise MalformedError(f"{path} is larger than {_LARGEST // 1_000_000} MB: split it")
        raw = path.read_bytes()
    except OSError as error:
        raise MalformedError(f"{path}: {error.strerror}") from None
    notes: list[str] = []
    try:
        text = decode(raw.replace(b"\0", b"\xef\xbf\xbd") if b"\0" in raw[4:] else raw, notes)
    except MalformedError as error:
        raise MalformedError(f"{path}: {error}") from None
    records = _records(text, separator(text, notes))
    header = next((line for line in records if line[1]), None)
    if header is None:
        raise MalformedError(f"{path} is empty: expected a header line and rows")
    names = [name.strip() for name in header[1]]
    if twice := sorted({n for n in names if n and names.count(n) > 1}):
        raise MalformedError(f'{path}: the column "{twice[0]}" stands twice: rename one of them')
    lines = [_line(names, *record) for record in records if record[1] or record[2]]
    if not lines:
        raise MalformedError(f"{path} has a header and no rows")
    return Sheet([name for name in names if name], lines, notes)


def _line(names: list[str], line: int, cells: list[str], broken: str) -> Line:
    stripped = [cell.strip() for cell in cells]
    held = {n: c for n, c in zip(names, stripped, strict=False) if n}
    if broken:
        return Line(line, held, broken)
    if any(stripped[len(names) :]):
        return Line(line, held, f"ragged: {len(cells)} cells where the header has {len(names)}")
    if any("\ufffd" in cell for cell in stripped):
        return Line(line, held, "unreadable: a character that is no text, such as NUL")
    if long := next((n for n, cell in held.items() if len(cell) > _LONGEST), None):
        return Line(line, held, f"too_long: {long} has more than {_LONGEST:,} characters")
    return Line(line, held)


def _records(text: str, by: str) -> Iterator[tuple[int, list[str], str]]:
    limit = csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=by, skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells, ""
            line = reader.line_num + 1
    except csv.Error as error:
        yield line, [], f"unreadable: {error}; is a double quote left open here? The rest is lost"
    finally:
        csv.field_size_limit(limit)
