"""Read the rows of a long decision table from CSV: one row a line, cells as in TOML.

The header names `id`, `why`, columns and outputs; an empty cell asks nothing. Text needs no quotes:
`DE`, `DE | FR` (any of them), `not DE | FR` (none of them); numbers are written `5`, `>= 5`,
`5..10`; `is known` and `is unknown` ask whether the fact is there. Anything that begins with a
quote, a bracket or a brace is read as TOML.
"""

import csv
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from mos.errors import BundleError
from mos.policy.table.condition import CellError, ColumnType, Condition, parse
from mos.policy.table.literal import LiteralError, finite, literal
from mos.policy.table.table import Row

MOST_ROWS = 250_000
_KNOWN = {"is known": True, "is unknown": False}
_NAMES = ("id", "why")

Cell = tuple[str, Callable[[str], Any]]
"""What a column of the CSV is called, and how its text is read."""


def parse_sheet(
    file: str, text: str, columns: dict[str, ColumnType], outputs: dict[str, ColumnType]
) -> tuple[Row, ...]:
    """Return the rows of a CSV.

    Raises:
        BundleError: names the file, the line, the row and the column, and what was expected.
    """
    lines = csv.reader(text.removeprefix("\ufeff").splitlines(keepends=True), strict=True)
    try:
        header = [name.strip() for name in next(lines)]
    except StopIteration:
        raise BundleError(file, "is empty: its first line names id, columns and outputs") from None
    when, then, places = _understood(file, header, columns, outputs)
    rows: list[Row] = []
    for number, cells in _numbered(file, lines):
        if len(cells) != len(header):
            raise BundleError(
                file, f"line {number}: {len(cells)} cells, and the header has {len(header)}"
            )
        if len(rows) == MOST_ROWS:
            raise BundleError(file, f"more than {MOST_ROWS} rows; a table has at most that many")
        named = cells[places["id"]].strip() if "id" in places else ""
        row_id = named or str(len(rows) + 1)
        where = f"line {number}, row {row_id}"
        rows.append(
            Row(
                row_id,
                _read(file, where, cells, when),
                _read(file, where, cells, then),
                cells[places["why"]] if "why" in places else "",
            )
        )
    return tuple(rows)


def _numbered(file: str, lines: Any) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401  csv's reader has no public type
    try:
        for cells in lines:
            if cells:
                yield lines.line_num, cells
    except csv.Error as error:
        raise BundleError(file, f"line {lines.line_num}: not CSV: {error}") from None


def _understood(
    file: str, header: list[str], columns: dict[str, ColumnType], outputs: dict[str, ColumnType]
) -> tuple[list[tuple[int, Cell]], list[tuple[int, Cell]], dict[str, int]]:
    when: list[tuple[int, Cell]] = []
    then: list[tuple[int, Cell]] = []
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        if header.count(name) > 1:
            raise BundleError(file, f"line 1: two columns are called {name!r}")
        bare = name.removeprefix("when ").removeprefix("then ")
        if name in _NAMES:
            places[name] = place
        elif bare in columns and not name.startswith("then "):
            when.append((place, (bare, _condition_of(columns[bare]))))
        elif bare in outputs and not name.startswith("when "):
            then.append((place, (bare, _output_of(outputs[bare]))))
        else:
            raise BundleError(
                file, f"line 1: {name!r} is neither id, why, nor in [columns] or [outputs]"
            )
    return when, then, places


def _read(
    file: str, where: str, cells: list[str], wanted: list[tuple[int, Cell]]
) -> dict[str, Any]:
    found = {}
    for place, (name, read) in wanted:
        if text := cells[place].strip():
            try:
                found[name] = read(text)
            except (CellError, LiteralError) as error:
                raise BundleError(file, f"{where}, column {name}: {error}") from None
    return found


@lru_cache(maxsize=64)
def _condition_of(kind: ColumnType) -> Callable[[str], Condition]:
    return lru_cache(maxsize=65_536)(lambda text: parse(kind, _cell(kind, text)))


def _cell(kind: ColumnType, text: str) -> Any:  # noqa: ANN401  any TOML value
    if text in _KNOWN:
        return {"known": _KNOWN[text]}
    if text[0] in "\"'[{":
        return literal(text)
    if text.startswith("not ") and kind is not ColumnType.NUMBER:
        return {"not": _cells(kind, text[4:])}
    cells = _cells(kind, text)
    return cells[0] if len(cells) == 1 else cells


def _cells(kind: ColumnType, text: str) -> list[Any]:
    parts = [part.strip() for part in text.split("|")]
    if kind is ColumnType.BOOLEAN:
        return [{"true": True, "false": False}.get(part.lower(), part) for part in parts]
    return parts if kind is not ColumnType.NUMBER else [_number(part) for part in parts]


def _number(text: str) -> Any:  # noqa: ANN401  a number, or the text that a number cell may be
    try:
        number = float(text)
    except ValueError:
        return text
    if not finite(number):
        return text
    return int(text) if text.lstrip("-").isdigit() else number


@lru_cache(maxsize=64)
def _output_of(kind: ColumnType) -> Callable[[str], Any]:
    def read(text: str) -> Any:  # noqa: ANN401  any output
        value = literal(text) if text[0] in "\"'[{" else _bare(kind, text)
        if not fits(kind, value):
            raise CellError(f"expected a {kind}, found {text!r}")
        return value

    return lru_cache(maxsize=65_536)(read) if kind is not ColumnType.SET else read


def _bare(kind: ColumnType, text: str) -> Any:  # noqa: ANN401  any output
    cells = _cells(kind, text) if kind is not ColumnType.TEXT else [text]
    return cells if kind is ColumnType.SET else cells[0]


def fits(kind: ColumnType, value: Any) -> bool:  # noqa: ANN401  any output
    """Say whether an output is of its type."""
    match kind:
        case ColumnType.BOOLEAN:
            return isinstance(value, bool)
        case ColumnType.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool) and finite(value)
        case ColumnType.TEXT:
            return isinstance(value, str)
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
