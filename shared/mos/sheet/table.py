"""The table of a sheet, row by row: a bad row is named, and the others go on. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from mos.errors import MalformedError
from mos.sheet.encoding import UNREADABLE, SheetText, decode
from mos.sheet.layout import Block, SheetLayout, find_blocks, is_same
from mos.sheet.record import MOST_CELLS, SEPARATORS, SheetRecord, read_records, read_separator

MEND = "refused because"
"""The column that a file of refused rows has more."""
ENCODING = "(encoding)"
"""What stands for a column where the file's encoding is asked about."""
NO_ROW = "no_row"
"""How the reason begins by which a line is none of the table's rows."""
_LONGEST = 10_000
_LONGEST_NAME = 200
_MOST_ROWS = 2_000_000
_MOST_LINES = 3
"""Lines of a row, on average, in a file of as many rows as there may be."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: the line it starts on, its cells by column, or why it cannot be read.

    `title` is what stands over its table.
    """

    line: int
    cells: dict[str, str]
    refused: str = ""
    title: str = ""


@dataclass(frozen=True)
class SheetTable:
    """The columns, the rows, what was odd about the whole, and encodings that are as likely."""

    header: list[str]
    rows: list[SheetRow]
    notes: list[str]
    encoding: str = "utf-8"
    rivals: tuple[str, ...] = ()


def read_table(
    raw: bytes,
    is_known: Callable[[str], bool],
    encoding: str = "",
    *,
    is_person: Callable[[str], bool] = bool,
) -> SheetTable:
    """Return the table of a sheet, each of its lines accounted for.

    `is_known` says whether a heading means something to the caller, `is_person` whether it is of
    those that only a table of people has; `encoding` is what a person says the file has.

    Raises:
        MalformedError: the file as a whole cannot be read; says why and what to do.
    """
    text = decode(raw, encoding)
    by, skipped = read_separator(text.text)
    layout = find_blocks(_read_records(text.text, by, skipped), is_known)
    if not layout.blocks:
        raise MalformedError("the file is empty: expected a header line and rows")
    block = _choose(layout.blocks, is_person)
    names, notes = _name(block.header)
    rows: list[SheetRow] = []
    for other in layout.blocks:
        rows += _read_block(other, block, names, _find_title(other, layout))
    if not rows:
        raise MalformedError("the file has a header and no rows")
    rows.sort(key=lambda row: row.line)
    short = [r for r in block.rows if not r.broken and len(r.cells) < len(names)]
    if short:
        notes.append(
            f"{len(short)} rows are short, the first on line {short[0].line}: the rest is empty"
        )
    shown = _note(text, by, len(layout.before), block)
    return SheetTable([n for n in names if n], rows, [*shown, *notes], text.encoding, text.rivals)


def _read_records(text: str, by: str, skipped: int) -> list[SheetRecord]:
    many = text.count("\n") > _MOST_LINES * _MOST_ROWS
    records = [] if many else list(islice(read_records(text, by, skipped), _MOST_ROWS + 1))
    if many or len(records) > _MOST_ROWS:
        raise MalformedError(f"the file has more than {_MOST_ROWS:,} rows: split it")
    return records


def _find_title(block: Block, layout: SheetLayout) -> str:
    """Return what stands over a table: over the first one each line that has one cell only."""
    above = layout.before if block is layout.blocks[0] else []
    lines = [record.full[0] for record in above if len(record.full) == 1]
    return " | ".join(dict.fromkeys([*lines, block.title]))


def _read_block(block: Block, chosen: Block, names: list[str], title: str) -> list[SheetRow]:
    """Return the rows of a table; one with the same header as the chosen one is read like it."""
    if block is not chosen and (block.is_of_hosts or not is_same(block.header, chosen.header)):
        return [_leave_out(record, _tell_why(block)) for record in (*block.rows, *block.ends)]
    rows = [_read(names, record, title) for record in block.rows]
    return rows + [_leave_out(r, "not a row of the table, but a line below it") for r in block.ends]


def _choose(blocks: list[Block], is_person: Callable[[str], bool]) -> Block:
    """Return the table of people: not that of an event's hosts, nor what is said of the event."""

    def rank(block: Block) -> tuple[bool, bool, int]:
        named = any(map(is_person, block.header.full))
        return named and not block.is_of_hosts, named, len(block.rows)

    block = max(blocks, key=rank)
    if len(block.header.cells) > MOST_CELLS:
        found = f"the header has {len(block.header.cells):,} columns, more than {MOST_CELLS:,}"
        raise MalformedError(f"{found}: export only those that say something of people")
    return block


def _tell_why(block: Block) -> str:
    if block.is_of_hosts:
        return f'in the table "{block.title[:60]}": who held the event is no lead'
    return f"in another table of the file, from line {block.header.line}: import that by itself"


def _leave_out(record: SheetRecord, why: str) -> SheetRow:
    return SheetRow(record.line, {}, f"{NO_ROW}: {why}")


def _note(text: SheetText, by: str, before: int, block: Block) -> list[str]:
    notes = list(text.notes)
    if by != ",":
        notes.append(f"cells are separated by {SEPARATORS.get(by, by)}")
    if before:
        notes.append(f"the header is on line {block.header.line}, below {before} others")
    if block.ends:
        notes.append(f"{len(block.ends)} lines below the table are no rows")
    return notes + block.notes


def _name(header: SheetRecord) -> tuple[list[str], list[str]]:
    """Return the name of each column; one that stands twice is told apart by its number."""
    seen: dict[str, int] = {}
    names, notes = [], []
    for cell in header.cells:
        name = " ".join(cell.split())[:_LONGEST_NAME]
        times = seen[name] = seen.get(name, 0) + 1
        if name and times > 1:
            notes.append(f'the column "{name}" stands twice: this one is called "{name} ({times})"')
            name = f"{name} ({times})"
        names.append(name)
    return names, notes


def _read(names: list[str], record: SheetRecord, title: str) -> SheetRow:
    held = {n: c for n, c in zip(names, record.cells, strict=False) if n}
    refused = record.broken or _misshapen(names, record) or _wrong(held)
    return SheetRow(record.line, held, refused, title)


def _misshapen(names: list[str], record: SheetRecord) -> str:
    if any(record.cells[len(names) :]):
        rest = ", ".join(repr(cell) for cell in record.cells[len(names) :] if cell)[:200]
        return (
            f"ragged: {len(record.cells)} cells where the header has {len(names)}; "
            f"beyond it: {rest}"
        )
    return ""


def _wrong(held: dict[str, str]) -> str:
    """Return why what the cells say cannot be taken, or an empty text."""
    if held.get(MEND):
        return f'unmended: mend the row and clear its "{MEND}"'
    if any(UNREADABLE in cell for cell in held.values()):
        return "unreadable: a character that is no text, such as NUL"
    long = next((n for n, cell in held.items() if len(cell) > _LONGEST), None)
    return f"too_long: {long} has more than {_LONGEST:,} characters" if long else ""
