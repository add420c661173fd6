"""Read a CSV row by row: a bad row is refused with its reason, the others go on."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mos.errors import MalformedError
from mos.identity.lists.plan import Line
from mos.matching.table import LONGEST_CELL, decode, separator

_LARGEST = 500_000_000
_LONGEST = 10_000
_SPAN = 2
MEND = "refused because"


@dataclass(frozen=True)
class Sheet:
    """A file's header, its rows, what was odd about the whole, and when it was last changed."""

    header: list[str]
    lines: list[Line]
    notes: list[str]
    changed_at: datetime


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
    changed = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    return Sheet([name for name in names if name], lines, notes, changed)


def _line(names: list[str], line: int, cells: list[str], broken: str) -> Line:
    stripped = [cell.strip() for cell in cells]
    held = {n: c for n, c in zip(names, stripped, strict=False) if n}
    return Line(line, held, broken or _misshapen(len(names), stripped) or _wrong(held))


def _misshapen(columns: int, cells: list[str]) -> str:
    """Return why the cells cannot be the header's, or an empty text."""
    if any(cells[columns:]):
        rest = ", ".join(repr(cell) for cell in cells[columns:] if cell)[:200]
        return f"ragged: {len(cells)} cells where the header has {columns}; beyond it: {rest}"
    lines = 1 + max((cell.count("\n") for cell in cells), default=0)
    if lines > _SPAN:
        return (
            f"unreadable: a cell spans {lines} lines: is a double quote left open here? "
            "Those lines are not read"
        )
    return ""


def _wrong(held: dict[str, str]) -> str:
    """Return why what the cells say cannot be taken, or an empty text."""
    if held.get(MEND):
        return f'unmended: mend the row and clear its "{MEND}"'
    if any("\ufffd" in cell for cell in held.values()):
        return "unreadable: a character that is no text, such as NUL"
    long = next((n for n, cell in held.items() if len(cell) > _LONGEST), None)
    return f"too_long: {long} has more than {_LONGEST:,} characters" if long else ""


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
