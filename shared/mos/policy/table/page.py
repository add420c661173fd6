"""Read a decision table from its TOML page, and its rows from a CSV where they are many."""

from dataclasses import replace
from typing import Any

from mos.errors import BundleError
from mos.policy.table.condition import CellError, ColumnType, Condition, parse
from mos.policy.table.sheet import MOST_ROWS, fits, parse_sheet
from mos.policy.table.table import DecisionTable, Example, Hit, Row

_KEYS = {
    "why",
    "hit",
    "columns",
    "outputs",
    "row",
    "default",
    "example",
    "unknown",
    "owner",
    "single",
    "jdm",
}
_ROW_KEYS = {"id", "when", "then", "why", "owner", "unknown"}


def parse_table(
    name: str, file: str, page: dict[str, Any], sheet: str | None = None
) -> DecisionTable:
    """Return the table that a TOML page states; `sheet` is the text of its CSV, if it has one.

    Raises:
        BundleError: names the file, the row and the column, and what was expected.
    """
    if strange := sorted(set(page) - _KEYS):
        raise BundleError(file, f"unknown key {strange[0]!r}; a table has {sorted(_KEYS)}")
    if not page.get("why"):
        raise BundleError(file, "a table says why it exists: add why = ...")
    hit = _one_of(file, "hit", page.get("hit", "first"), Hit)
    columns = _types(file, "columns", page.get("columns", {}))
    outputs = _types(file, "outputs", page.get("outputs", {}))
    rows = _rows(file, page, columns, outputs, sheet)
    if twice := _repeated([row.id for row in rows]):
        raise BundleError(file, f"two rows are called {twice!r}")
    default = _outputs(file, "default", page.get("default", {}), outputs)
    if hit is Hit.DENY_OVERRIDES and outputs.get("allow") is not ColumnType.BOOLEAN:
        raise BundleError(file, 'a deny-overrides table has the output allow = "boolean"')
    examples = parse_examples(file, page.get("example", []))
    if page.get("unknown", "ignore") not in ("ignore", "deny"):
        raise BundleError(file, f'unknown is "ignore" or "deny", found {page["unknown"]!r}')
    deny_unknown = page.get("unknown", "ignore") == "deny"
    owner = str(page.get("owner", ""))
    single = tuple(page.get("single", ()))
    if strange := sorted(set(single) - set(outputs)):
        raise BundleError(file, f"single: {strange[0]!r} is not in [outputs]")
    return DecisionTable(
        name,
        file,
        page["why"],
        hit,
        columns,
        outputs,
        rows,
        default,
        examples,
        deny_unknown,
        owner,
        single,
        states_default="default" in page,
    )


def joined(table: DecisionTable, other: DecisionTable) -> DecisionTable:
    """Return a table with the rows of another department's page, named `<department>:<row>`.

    Raises:
        BundleError: the order of rows would matter, or a column is of another type here.
    """
    if {table.hit, other.hit} != {Hit.DENY_OVERRIDES}:
        raise BundleError(other.file, "only deny-overrides tables take other departments' rows")
    for name, kind in other.columns.items():
        if table.columns.get(name, kind) is not kind:
            raise BundleError(other.file, f"{name} is a {table.columns[name]} in {table.file}")
    department = other.owner or other.name.rpartition("+")[2]
    rows = [
        replace(row, id=f"{department}:{row.id}", owner=row.owner or department)
        for row in other.rows
    ]
    own = [replace(row, owner=row.owner or table.owner) for row in table.rows]
    return replace(
        table,
        rows=(*own, *rows),
        columns=table.columns | other.columns,
        deny_unknown=table.deny_unknown or other.deny_unknown,
    )


def parse_examples(file: str, given: Any) -> tuple[Example, ...]:  # noqa: ANN401  any TOML value
    """Return the examples of a page: each says what is given and what to expect."""
    for number, example in enumerate(_listed(file, "example", given), 1):
        if not isinstance(example.get("expect"), dict) or set(example) - {"given", "expect", "why"}:
            raise BundleError(file, f"example {number}: expected given = {{…}} and expect = {{…}}")
    return tuple(
        Example(e.get("given", {}), e["expect"], str(e.get("why", "")), file, number)
        for number, e in enumerate(given, 1)
    )


def _rows(
    file: str,
    page: dict[str, Any],
    columns: dict[str, ColumnType],
    outputs: dict[str, ColumnType],
    sheet: str | None,
) -> tuple[Row, ...]:
    if sheet is not None:
        if page.get("row"):
            raise BundleError(file, "has rows of its own and a CSV beside it: keep them in one")
        return parse_sheet(f"{file.removesuffix('.toml')}.csv", sheet, columns, outputs)
    rows = _listed(file, "row", page.get("row", []))
    if len(rows) > MOST_ROWS:
        raise BundleError(file, f"{len(rows)} rows; a table has at most {MOST_ROWS}")
    return tuple(_row(file, i, row, columns, outputs) for i, row in enumerate(rows))


def _listed(file: str, key: str, given: Any) -> list[dict[str, Any]]:  # noqa: ANN401  any TOML value
    if isinstance(given, list) and all(isinstance(one, dict) for one in given):
        return given
    raise BundleError(file, f"{key}: expected [[{key}]] tables, found {given!r:.60}")


def _row(
    file: str,
    index: int,
    row: dict[str, Any],
    columns: dict[str, ColumnType],
    outputs: dict[str, ColumnType],
) -> Row:
    row_id = str(row.get("id", index + 1))
    if strange := sorted(set(row) - _ROW_KEYS):
        raise BundleError(
            file, f"row {row_id}: unknown key {strange[0]!r}; expected id, when, then, why"
        )
    when: dict[str, Condition] = {}
    for column, cell in row.get("when", {}).items():
        if column not in columns:
            raise BundleError(file, f"row {row_id}: column {column!r} is not in [columns]")
        try:
            when[column] = parse(columns[column], cell)
        except CellError as error:
            raise BundleError(file, f"row {row_id}, column {column}: {error}") from None
    then = _outputs(file, f"row {row_id}", row.get("then", {}), outputs)
    if row.get("unknown", "allow") != "allow":
        raise BundleError(file, f'row {row_id}: unknown is "allow"; the table\'s own may be "deny"')
    return Row(row_id, when, then, row.get("why", ""), row.get("owner", ""), "unknown" in row)


def _outputs(
    file: str, where: str, given: dict[str, Any], outputs: dict[str, ColumnType]
) -> dict[str, Any]:
    for name, value in given.items():
        if name not in outputs:
            raise BundleError(file, f"{where}: output {name!r} is not in [outputs]")
        if not fits(outputs[name], value):
            raise BundleError(file, f"{where}: {name} is a {outputs[name]}, found {value!r}")
    return given


def _types(file: str, where: str, given: dict[str, str]) -> dict[str, ColumnType]:
    return {
        name: _one_of(file, f"{where}.{name}", kind, ColumnType) for name, kind in given.items()
    }


def _one_of(file: str, where: str, value: str, kinds: Any) -> Any:  # noqa: ANN401  a StrEnum class
    try:
        return kinds(value)
    except ValueError:
        raise BundleError(
            file, f"{where} is one of {[k.value for k in kinds]}, found {value!r}"
        ) from None


def _repeated(names: list[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
