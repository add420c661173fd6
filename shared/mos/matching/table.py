"""Read a CSV as people export it: any usual encoding and separator, and say what was odd."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from mos.errors import MalformedError

LONGEST_CELL = 1_000_000
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_FILES = {b"PK\x03\x04": "a workbook or an archive", b"%PDF": "a PDF", b"\x1f\x8b": "packed"}


@dataclass(frozen=True)
class Table:
    """The header, the rows with the line each starts on, and what was odd."""

    header: list[str]
    rows: list[dict[str, str]]
    lines: list[int]
    notes: list[str]


def read_table(raw: bytes) -> Table:
    """Return the rows of a CSV.

    Raises:
        MalformedError: it cannot be read for certain; says where, and what to do.
    """
    notes: list[str] = []
    text = decode(raw, notes)
    records = _records(text, separator(text, notes))
    try:
        line, header = next(records)
    except StopIteration:
        raise MalformedError("the file is empty: expected a header line and rows") from None
    names = _names(header, notes)
    rows, lines, short = [], [], []
    for line, cells in records:
        if any(cells[len(header) :]):
            raise MalformedError(
                f"line {line} has {len(cells)} cells where the header has {len(header)}: "
                "put cells that contain the separator in double quotes"
            )
        if len(cells) < len(header):
            short.append(line)
        rows.append({name: cell for name, cell in zip(names, cells, strict=False) if name})
        lines.append(line)
    if not rows:
        raise MalformedError("the file has a header and no rows")
    if short:
        notes.append(
            f"{len(short)} rows are short, the first on line {short[0]}: the rest is empty"
        )
    return Table([name for name in names if name], rows, lines, notes)


def decode(raw: bytes, notes: list[str]) -> str:
    """Return the text of a file, and note what it is when that is not UTF-8.

    Raises:
        MalformedError: it is no text, or holds a NUL.
    """
    for start, what in _OTHER_FILES.items():
        if raw.startswith(start):
            raise MalformedError(f"this is {what}, not a CSV: export it as CSV (UTF-8)")
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise MalformedError(
                f"the file is marked as {encoding} and is not: save it as UTF-8"
            ) from None
        line = raw.count(b"\n", 0, error.start) + 1
        notes.append(f"line {line} is not UTF-8: the file was read as Windows-1252")
        text = raw.decode("cp1252", errors="replace")
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise MalformedError(f"line {line} holds a NUL byte: save the file as UTF-8 text")
    return text


def separator(text: str, notes: list[str]) -> str:
    """Return what separates the cells, and note it when that is no comma."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(first.split('"')[::2])
    found = max(_SEPARATORS, key=bare.count)
    if found != "," and bare.count(found):
        notes.append(f"cells are separated by {_SEPARATORS[found]}")
        return found
    return ","


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Return each record with the line it starts on; lines without any cell are passed over."""
    limit = csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    line = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield line, stripped
            line = reader.line_num + 1
    except csv.Error as error:
        raise MalformedError(
            f"line {line} cannot be read ({error}): is a double quote left open there?"
        ) from None
    finally:
        csv.field_size_limit(limit)


def _names(header: list[str], notes: list[str]) -> list[str]:
    """Return the header with `""` for columns that have no name of their own."""
    seen: set[str] = set()
    names = []
    for name in header:
        if name in seen:
            notes.append(f'the column "{name}" stands twice: the second is ignored')
        names.append("" if name in seen else name)
        seen.add(name)
    return names
