"""Read the files that are to be matched, and what their columns mean."""

from dataclasses import dataclass
from pathlib import Path

from mos.errors import MalformedError
from mos.matching.mapping import Columns, check_told, ids_of, understand
from mos.matching.table import Table, read_table


@dataclass(frozen=True)
class Source:
    """A file, its rows by field, and each row's id."""

    path: Path
    columns: Columns
    rows: list[dict[str, str]]
    ids: list[str]
    notes: list[str]


def read_sources(paths: list[Path], mapped: list[str]) -> list[Source]:
    """Return the files as `--map` and their headers say.

    Raises:
        MalformedError: a file or a mapping is wrong; names it.
    """
    told = dict(map(_told, mapped))
    tables = [_table(path) for path in paths]
    check_told(told, [column for table in tables for column in table.header])
    return [_source(path, table, told) for path, table in zip(paths, tables, strict=True)]


def _table(path: Path) -> Table:
    try:
        return read_table(path.read_bytes())
    except MalformedError as error:
        raise MalformedError(f"{path}: {error}") from None


def _told(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not equals or not column:
        raise MalformedError(f'write --map "{text}" as column=field')
    return column.strip(), field.strip()


def _source(path: Path, table: Table, told: dict[str, str]) -> Source:
    try:
        columns = understand(table, told)
        ids = ids_of(table, columns.id_column)
    except MalformedError as error:
        raise MalformedError(f"{path}: {error}") from None
    rows = [{str(f): row[c] for c, f in columns.fields.items() if c in row} for row in table.rows]
    return Source(path, columns, rows, ids, table.notes)
