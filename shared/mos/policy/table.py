"""A decision table: typed columns, a hit policy, rows, and the examples that it carries."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mos.errors import BundleError
from mos.policy.condition import CellError, ColumnType, Condition, parse, written


class Hit(StrEnum):
    """Which of the rows that hold decide."""

    FIRST = "first"
    ALL = "all"
    DENY_OVERRIDES = "deny-overrides"


@dataclass(frozen=True)
class Row:
    """One row: conditions by column, outputs, why it is there, and its cells as written."""

    id: str
    when: dict[str, Condition]
    then: dict[str, Any]
    why: str
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Example:
    """What the table must answer: `expect` names the outputs that matter."""

    given: dict[str, Any]
    expect: dict[str, Any]


@dataclass(frozen=True)
class DecisionTable:
    """One page of policy. `default` is the output when no row holds."""

    name: str
    file: str
    why: str
    hit: Hit
    columns: dict[str, ColumnType]
    outputs: dict[str, ColumnType]
    rows: tuple[Row, ...]
    default: dict[str, Any] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    deny_unknown: bool = False


_KEYS = {"why", "hit", "columns", "outputs", "row", "default", "example", "unknown", "owner"}
_TYPES: dict[ColumnType, tuple[type, ...]] = {
    ColumnType.NUMBER: (int, float),
    ColumnType.TEXT: (str,),
    ColumnType.BOOLEAN: (bool,),
    ColumnType.SET: (list,),
}


def parse_table(name: str, file: str, page: dict[str, Any]) -> DecisionTable:
    """Return the table that a TOML page states.

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
    rows = tuple(_row(file, i, row, columns, outputs) for i, row in enumerate(page.get("row", [])))
    if twice := _repeated([row.id for row in rows]):
        raise BundleError(file, f"two rows are called {twice!r}")
    default = _outputs(file, "default", page.get("default", {}), outputs)
    if hit is Hit.DENY_OVERRIDES and outputs.get("allow") is not ColumnType.BOOLEAN:
        raise BundleError(file, 'a deny-overrides table has the output allow = "boolean"')
    examples = tuple(Example(e.get("given", {}), e["expect"]) for e in page.get("example", []))
    deny_unknown = page.get("unknown", "ignore") == "deny"
    return DecisionTable(
        name, file, page["why"], hit, columns, outputs, rows, default, examples, deny_unknown
    )


def _row(
    file: str,
    index: int,
    row: dict[str, Any],
    columns: dict[str, ColumnType],
    outputs: dict[str, ColumnType],
) -> Row:
    row_id = str(row.get("id", index + 1))
    when: dict[str, Condition] = {}
    for column, cell in row.get("when", {}).items():
        if column not in columns:
            raise BundleError(file, f"row {row_id}: column {column!r} is not in [columns]")
        try:
            when[column] = parse(columns[column], cell)
        except CellError as error:
            raise BundleError(file, f"row {row_id}, column {column}: {error}") from None
    then = _outputs(file, f"row {row_id}", row.get("then", {}), outputs)
    cells = {column: written(cell) for column, cell in row.get("when", {}).items()}
    return Row(row_id, when, then, row.get("why", ""), cells)


def _outputs(
    file: str, where: str, given: dict[str, Any], outputs: dict[str, ColumnType]
) -> dict[str, Any]:
    for name, value in given.items():
        if name not in outputs:
            raise BundleError(file, f"{where}: output {name!r} is not in [outputs]")
        right = isinstance(value, _TYPES[outputs[name]])
        if not right or (isinstance(value, bool) and outputs[name] is not ColumnType.BOOLEAN):
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
