"""What the columns of a table hold that can be compared, read as an import reads them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mos.errors import MalformedError
from mos.matching.field import ID_HEADERS, Field, guess, squeeze
from mos.sheet.column import read_columns
from mos.sheet.consent_heading import Effect
from mos.sheet.names import is_of_another
from mos.sheet.table import NO_ROW, SheetRow, SheetTable

IGNORE, ID = "ignore", "id"
_COMPARED = (Effect.TRAIT, Effect.IDENTIFIER, Effect.ACCOUNT, Effect.IGNORED)


@dataclass(frozen=True)
class Columns:
    """The field of each used column, the column of ids if any, and the columns not used."""

    fields: dict[str, Field]
    id_column: str | None
    ignored: list[str]


def understand(table: SheetTable, told: Mapping[str, str]) -> Columns:
    """Return what the columns mean; `told` names a field, `id` or `ignore` for some of them.

    Raises:
        MalformedError: two columns were told to be one field, or nothing is left to compare.
    """
    mine = {column: told[column] for column in table.header if column in told}
    fields = {c: Field(word) for c, word in mine.items() if word not in {IGNORE, ID}}
    if len(set(fields.values())) < len(fields):
        raise MalformedError("two columns are mapped to one field: map one of them to ignore")
    rest = [column for column in table.header if column not in mine]
    taken = set(fields.values())
    fields |= {c: f for c, f in _read_fields(rest).items() if f not in taken}
    if not fields:
        raise MalformedError(
            f"no column has a name that is known ({', '.join(table.header)}): "
            "say what they hold with --map column=field"
        )
    id_column = next((c for c, word in mine.items() if word == ID), None) or _id_column(rest)
    ignored = [c for c in table.header if c not in fields and c != id_column]
    return Columns(fields, id_column, ignored)


def _read_fields(header: list[str]) -> dict[str, Field]:
    """Return the fields of columns as an import reads them; the first of a field is compared."""
    read = read_columns(header, {})
    made: dict[str, Field] = {}
    loose = []
    for column in read.columns:
        own = read.export.meaning_of(column.name) if read.export else None
        if own in list(Field) and own not in made.values():
            made[column.name] = Field(own)
        elif own is None and column.effect in _COMPARED and not is_of_another(column.name):
            loose.append(column.name)
    taken = set(made.values())
    return made | {c: f for c, f in guess(loose).items() if f not in taken}


def read_whole_rows(table: SheetTable) -> tuple[list[SheetRow], list[str]]:
    """Return the rows of a table that are all there, and a note on the lines that are none.

    Raises:
        MalformedError: a row cannot be read for certain; says which.
    """
    for row in table.rows:
        if row.refused and not row.refused.startswith(NO_ROW):
            raise MalformedError(f"line {row.line}: {row.refused}")
    rows = [row for row in table.rows if not row.refused]
    if not rows:
        raise MalformedError("the file has a header and no rows")
    left = len(table.rows) - len(rows)
    return rows, [f"{left} lines are no rows of the table"] if left else []


def check_told(told: Mapping[str, str], header: list[str]) -> None:
    """Check that what was told is about columns that exist, in words that are known.

    Raises:
        MalformedError: it is not.
    """
    known = [*Field, ID, IGNORE]
    for column, word in told.items():
        if column not in header:
            raise MalformedError(f'there is no column "{column}": {", ".join(header)}')
        if word not in known:
            raise MalformedError(f'"{word}" is no field: {", ".join(known)}')


def ids_of(rows: Sequence[SheetRow], column: str | None) -> list[str]:
    """Return the id of each row: its own, or its number from 1.

    Raises:
        MalformedError: an id is missing or stands twice.
    """
    if column is None:
        return [str(number) for number in range(1, len(rows) + 1)]
    seen: dict[str, int] = {}
    advice = f'mend it, or count rows instead with --map "{column}=ignore"'
    for row in rows:
        found, line = row.cells.get(column, ""), row.line
        if not found:
            raise MalformedError(f'line {line} has no id in "{column}": {advice}')
        if found in seen:
            raise MalformedError(f'id "{found}" is on lines {seen[found]} and {line}: {advice}')
        seen[found] = line
    return list(seen)


def _id_column(columns: list[str]) -> str | None:
    named = {squeeze(column): column for column in reversed(columns)}
    return next((named[name] for name in ID_HEADERS if name in named), None)
