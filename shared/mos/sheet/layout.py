"""Find the tables of a sheet: what stands before a header, between tables, and below. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from mos.sheet.heading import fold, join_words
from mos.sheet.record import SheetRecord

_SEARCHED = 100
_LONGEST = 320
"""Characters of a mailbox or a number at most."""
_MAILBOX = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
_NUMBER = re.compile(r"[-+(]*\d[-\d.,:/ ()%€$£]*(?:[ap]\.?m\.?)?", re.IGNORECASE)
_TECHNICAL = re.compile(
    r'\{"?importid"?:|string$|text$|varchar|open-ended response|response$|other \(please'
    r"|bool(ean)?$|integer$|number$|date(time)?$|timestamp$|picklist$|enum(eration)?$|checkbox$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"^(grand )?totals?\b|^count\b|^sum\b|^gesamt|^summe|^total[ei]?\b|^(report )?generated"
    r"|^exported|^erstellt|^stand:|^confidential|^vertraulich|^confidentiel|^copyright"
    r"|^©|^\(c\)|^page \d|^seite \d|^end of|^ende|^\d+ (records|rows|contacts|results)|^rows?:"
    r"|^filters?\b|^notes?:"
)
_HOSTS = ("host", "panelist", "speaker", "presenter", "organizer", "organiser", "moderator",
          "referent", "gastgeber", "intervenant", "ponente", "relatore", "staff")  # fmt: skip
_LEAST_WIDTH = 3
_SHARE = 0.5


@dataclass(frozen=True)
class Block:
    """One table of a sheet: its header, its rows, and the one line that stands over it."""

    title: str
    header: SheetRecord
    rows: list[SheetRecord] = field(default_factory=list)
    ends: list[SheetRecord] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_of_hosts(self) -> bool:
        """Say whether it lists who held an event: own staff, whom nobody wants as leads."""
        words = fold(self.title).split()
        return any(word.startswith(_HOSTS) for word in words)


@dataclass(frozen=True)
class SheetLayout:
    """The lines before the first header, and every table of the sheet."""

    before: list[SheetRecord]
    blocks: list[Block]


def find_blocks(records: Sequence[SheetRecord], is_known: Callable[[str], bool]) -> SheetLayout:
    """Return the tables of a sheet; `is_known` says whether a heading is one that is known.

    A header names at least two columns that are known and holds no value; where no line does,
    the first line as wide as most of the sheet is the header.
    """
    heads: list[int] = []
    for at, record in enumerate(records):
        # A row may hold two words that head columns elsewhere; hardly three.
        late = at > _SEARCHED or bool(heads and at > heads[-1] + 1)
        if late and heads and not _may_begin(records, at, heads[0]):
            continue
        again = bool(heads) and record.full == records[heads[0]].full
        if _is_header(record, is_known, late=late and not again):
            heads.append(at)
    heads = heads or _fall_back(records)
    heads = _drop_doubles(records, heads)
    if not heads:
        return SheetLayout(list(records), [])
    blocks: list[Block] = []
    for at, until in zip(heads, [*heads[1:], len(records)], strict=True):
        header = records[at]
        doubled = blocks and is_same(blocks[-1].header, header)
        title = _find_title(records, at)
        if doubled and not title:
            blocks[-1].notes.append(f"line {header.line} repeats the header")
            blocks[-1].rows.extend(_cut_title(records[at + 1 : until], until, records))
            continue
        block = Block(title, header)
        block.rows.extend(_cut_title(records[at + 1 : until], until, records))
        blocks.append(block)
    blocks = [_join_second_header(block, is_known) for block in blocks]
    for block in blocks:
        _cut_ends(block)
    return SheetLayout(list(records[: heads[0]]), blocks)


def _may_begin(records: Sequence[SheetRecord], at: int, first: int) -> bool:
    """Say whether a table can begin on a line: below a gap or a title, or with the first header."""
    record = records[at]
    stands_apart = record.after_blank or len(records[at - 1].full) == 1
    return stands_apart or record.full == records[first].full


def _is_header(record: SheetRecord, is_known: Callable[[str], bool], *, late: bool) -> bool:
    full = record.full
    if record.broken or not full or any(map(is_value, full)):
        return False
    known = sum(map(is_known, full))
    least = 3 if late else 2
    return known >= least and (known >= _SHARE * len(full) or known >= 2 * least)


def is_value(cell: str) -> bool:
    """Say whether a cell is what stands below a heading: a mailbox, a number, a date.

    >>> [is_value(c) for c in ("ada@b.example", "2026-01-31", "+44 20", "Phone 1", "E-Mail")]
    [True, True, True, False, False]
    """
    return len(cell) <= _LONGEST and bool(_MAILBOX.fullmatch(cell) or _NUMBER.fullmatch(cell))


def _fall_back(records: Sequence[SheetRecord]) -> list[int]:
    usable = [at for at, record in enumerate(records) if record.full]
    if not usable:
        return []
    widths = Counter(len(records[at].cells) for at in usable[:_SEARCHED])
    usual = max(widths, key=lambda width: (widths[width], width))
    first = usable[0]
    if usual >= _LEAST_WIDTH and len(records[first].full) == 1:
        return [next(at for at in usable if len(records[at].cells) == usual)]
    return [first]


def _drop_doubles(records: Sequence[SheetRecord], heads: list[int]) -> list[int]:
    """Leave out headers with nothing below them: of two in a row the fuller one is the header."""
    kept: list[int] = []
    for at in heads:
        if kept and kept[-1] == at - 1 and not records[at].after_blank:
            before, after = records[kept[-1]], records[at]
            if len(before.full) < len(after.full) or len(set(before.full)) < len(before.full):
                kept[-1] = at
            continue
        kept.append(at)
    return kept


def is_same(one: SheetRecord, other: SheetRecord) -> bool:
    """Say whether two headers name the same columns."""
    return [*map(join_words, one.full)] == [*map(join_words, other.full)]


def _find_title(records: Sequence[SheetRecord], at: int) -> str:
    above = records[at - 1] if at else None
    return above.full[0] if above and len(above.full) == 1 and not is_value(above.full[0]) else ""


def _cut_title(
    rows: Sequence[SheetRecord], until: int, records: Sequence[SheetRecord]
) -> list[SheetRecord]:
    """Return the rows of a table without the title of the next one."""
    if until < len(records) and rows and len(rows[-1].full) == 1 and _find_title(records, until):
        return list(rows[:-1])
    return list(rows)


def _join_second_header(block: Block, is_known: Callable[[str], bool]) -> Block:
    """Return a table without the rows that name its columns again, their types or their parts."""
    while block.rows and _is_second(block.header, block.rows[0]):
        block.notes.append(f"line {block.rows[0].line} is a second header")
        block.rows.pop(0)
    if block.rows and _names_parts(block.header, block.rows[0], is_known):
        block.notes.append(f"line {block.rows[0].line} names the parts of columns")
        return replace(block, header=_name_parts(block.header, block.rows.pop(0)))
    return block


def _is_second(header: SheetRecord, row: SheetRecord) -> bool:
    full = row.full
    if full and not row.broken and all(_TECHNICAL.match(cell) for cell in full):
        return True
    if row.broken or len(full) < max(2, _SHARE * len(header.full)) or any(map(is_value, full)):
        return False
    pairs = [
        (join_words(h), join_words(c))
        for h, c in zip(header.cells, row.cells, strict=False)
        if h and c
    ]
    alike = sum(h == c or (len(c) > 3 and (h in c or c in h)) for h, c in pairs)  # noqa: PLR2004  short words lie in many
    return alike >= max(2, _SHARE * len(pairs))


def _names_parts(header: SheetRecord, row: SheetRecord, is_known: Callable[[str], bool]) -> bool:
    """Say whether a row names the columns that its header leaves without a name."""
    if row.broken or not any(map(is_known, row.full)) or any(map(is_value, row.full)):
        return False
    cells = {at for at, cell in enumerate(row.cells) if cell}
    nameless = {at for at in cells if at >= len(header.cells) or not header.cells[at]}
    first = min(cells)
    # What stands above its first part names the whole: an answer by itself has no second row.
    return len(nameless) >= _LEAST_WIDTH - 1 and first > 0 and not nameless & {first}


def _name_parts(header: SheetRecord, row: SheetRecord) -> SheetRecord:
    """Return a header in which "Contact" over "Name" and "Email" is three columns' own name."""
    names: list[str] = []
    whole = ""
    width = max(len(header.cells), len(row.cells))
    for name, part in zip(_fill(header, width), _fill(row, width), strict=True):
        whole = name or (whole if part else "")
        asks = whole.rstrip().endswith("?")
        names.append(f"{whole} / {part}" if part and asks else part or name)
    return replace(header, cells=tuple(names))


def _fill(record: SheetRecord, width: int) -> tuple[str, ...]:
    return (*record.cells, *("" for _ in range(width - len(record.cells))))


def _cut_ends(block: Block) -> None:
    """Take the lines below a table off it: sums, confidentiality, who made it and when."""
    if len(block.header.full) < _LEAST_WIDTH:
        return
    trailing = 0
    for row in _backwards(block.rows):
        if len(row.full) > 2 or any(map(_MAILBOX.fullmatch, row.full)):  # noqa: PLR2004  a label and its number
            break
        trailing += 1
    ends = block.rows[len(block.rows) - trailing :]
    first = next((at for at, row in enumerate(ends) if _is_end(row)), None)
    if first is not None:
        cut = len(block.rows) - trailing + first
        block.ends.extend(block.rows[cut:])
        del block.rows[cut:]


def _backwards(rows: list[SheetRecord]) -> Iterator[SheetRecord]:
    yield from reversed(rows)


def _is_end(row: SheetRecord) -> bool:
    return bool(_ENDS.search(fold(row.full[0]))) or (row.after_blank and len(row.cells) == 1)
