"""Read the files that are to be matched, and what their columns mean."""

from dataclasses import dataclass
from pathlib import Path

from mos.errors import MalformedError
from mos.matching.field import Field
from mos.sheet.column import is_known_heading, is_person_heading
from mos.sheet.mapping import Columns, check_told, ids_of, read_whole_rows, understand
from mos.sheet.shared_mailbox import choose_mailboxes, list_mailboxes
from mos.sheet.table import ENCODING, SheetTable, read_table


@dataclass(frozen=True)
class Source:
    """A file, its rows by field, and each row's id."""

    path: Path
    columns: Columns
    rows: list[dict[str, str]]
    ids: list[str]
    notes: list[str]
    mailboxes: list[tuple[str, ...]]


def read_sources(paths: list[Path], mapped: list[str]) -> list[Source]:
    """Return the files as `--map` and their headers say.

    Raises:
        MalformedError: a file or a mapping is wrong; names it.
    """
    told = dict(map(_told, mapped))
    encoding = told.pop(ENCODING, "")
    tables = [_table(path, encoding) for path in paths]
    check_told(told, [column for table in tables for column in table.header])
    read = [_source(path, table, told) for path, table in zip(paths, tables, strict=True)]
    chosen = choose_mailboxes([source.mailboxes for source in read])
    for source, mailboxes in zip(read, chosen, strict=True):
        for row, mailbox in zip(source.rows, mailboxes, strict=True):
            if mailbox:
                row[Field.EMAIL] = mailbox
    return read


def _table(path: Path, encoding: str) -> SheetTable:
    try:
        return read_table(
            path.read_bytes(), is_known_heading, encoding, is_person=is_person_heading
        )
    except MalformedError as error:
        raise MalformedError(f"{path}: {error}") from None


def _told(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not equals or not column:
        raise MalformedError(f'write --map "{text}" as column=field')
    return column.strip(), field.strip()


def _source(path: Path, table: SheetTable, told: dict[str, str]) -> Source:
    try:
        columns = understand(table, told)
        found, notes = read_whole_rows(table)
        ids = ids_of(found, columns.id_column)
    except MalformedError as error:
        raise MalformedError(f"{path}: {error}") from None
    rows = [
        {str(f): row.cells[c] for c, f in columns.fields.items() if c in row.cells} for row in found
    ]
    mailboxes = list_mailboxes(found, table.header, columns.fields, set(told))
    unsure = [f'it may be {", ".join(table.rivals)} as well: say it with --map "{ENCODING}=…"']
    return Source(
        path, columns, rows, ids, [*table.notes, *notes, *(unsure if table.rivals else ())],
        mailboxes,
    )  # fmt: skip
