"""What differs between two bundles, in plain words."""

from collections.abc import Iterator, Mapping
from typing import Any

from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.parameter import Parameter
from mos.policy.diff.page import FOLDERS, Difference, compare_pages, describe, render_value
from mos.policy.table.table import DecisionTable, Row


def compare_bundles(old: Bundle, new: Bundle) -> list[Difference]:
    """Return each difference as a sentence, file by file."""
    found = [*_parameters(old, new), *_tables(old, new), *compare_pages(old, new)]
    told = ("parameters/", "tables/", *FOLDERS)
    for file in sorted(old.files.keys() | new.files.keys()):
        if file.startswith(told) or old.files.get(file) == new.files.get(file):
            continue
        kind = _kind(file in old.files, file in new.files)
        found.append(describe(file, kind, f"{file} was {kind}."))
    return found


def _parameters(old: Bundle, new: Bundle) -> Iterator[Difference]:
    for name in sorted(old.parameters.keys() | new.parameters.keys()):
        before, after = old.parameters.get(name), new.parameters.get(name)
        if before == after:
            continue
        if before is None and after is not None:
            yield describe("parameters", "added", f"{name} is new: {_stated(after)}.")
        elif after is None and before is not None:
            yield describe(
                "parameters", "removed", f"{name} is no longer stated (was {_stated(before)})."
            )
        elif before is not None and after is not None:
            for text in _changes(name, before, after):
                yield describe("parameters", "changed", text)


def _changes(name: str, before: Parameter, after: Parameter) -> Iterator[str]:
    if before.value != after.value:
        way = _way(before.value, after.value)
        yield f"{name} goes from {render_value(before.value)} to {_stated(after)}{way}."
    if before.override != after.override:
        overrides = [f"{o.of} ({o.level.value}) {render_value(o.value)}" for o in after.override]
        yield f"{name} has other overrides: {', '.join(overrides) or 'none'}."
    for field in (
        "unit",
        "owner",
        "why",
        "review_by",
        "valid_from",
        "read_by",
        "same_as",
        "least",
        "most",
    ):
        one, other = getattr(before, field), getattr(after, field)
        if one != other:
            yield f"{name}: its {field.replace('_', ' ')} is now “{other}” (was “{one}”)."


def _way(before: Any, after: Any) -> str:  # noqa: ANN401  any parameter's value
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (before, after))
    if not numbers or not before:
        return ""
    return f" ({(after - before) / abs(before):+.0%})"


def _tables(old: Bundle, new: Bundle) -> Iterator[Difference]:
    before, after = set(old.names("tables")), set(new.names("tables"))
    for name in sorted(before | after):
        file = f"tables/{name}"
        if name not in before:
            page = new.page(name)
            yield describe(
                file, "added", f"{name} is a new table of {len(page.rows)} rows: {page.why}"
            )
        elif name not in after:
            yield describe(file, "removed", f"{name} is gone: {old.page(name).why}")
        else:
            for text in _rows(old.page(name), new.page(name)):
                yield describe(file, "changed", f"{name}: {text}")


def _rows(old: DecisionTable, new: DecisionTable) -> Iterator[str]:
    before, after = {r.id: r for r in old.rows}, {r.id: r for r in new.rows}
    if old.hit is not new.hit:
        yield f"its hit policy is now {new.hit.value} (was {old.hit.value})."
    if old.default != new.default:
        yield f"where no row holds it now says {_output(new.default)} (was {_output(old.default)})."
    for name in sorted(old.columns.keys() ^ new.columns.keys()):
        yield f"it {'now reads' if name in new.columns else 'no longer reads'} {name}."
    for row_id in (r for r in before if r not in after):
        row = before[row_id]
        yield f"row {row_id} is gone: when {_asked(row)}, it said {_output(row.then)}."
    for row_id, row in after.items():
        if row_id not in before:
            yield f"row {row_id} is new: when {_asked(row)}, it says {_output(row.then)}."
        else:
            yield from _row(before[row_id], row)
    kept = [r for r in before if r in after]
    if kept != [r for r in after if r in before]:
        yield "its rows stand in another order, which matters where the first one decides."


def _row(old: Row, new: Row) -> Iterator[str]:
    cells, were = new.cells, old.cells
    for column in sorted(cells.keys() | were.keys()):
        if old.when.get(column) == new.when.get(column):
            continue
        if column not in were:
            yield f"row {new.id} now asks that {column} is {cells[column]}."
        elif column not in cells:
            yield f"row {new.id} no longer asks about {column} (was {were[column]})."
        else:
            yield f"row {new.id} now asks that {column} is {cells[column]} (was {were[column]})."
    if old.then != new.then:
        yield f"row {new.id} now says {_output(new.then)} (was {_output(old.then)})."
    if old.why != new.why:
        yield f"row {new.id} has another reason: {new.why}"


def _asked(row: Row) -> str:
    return " and ".join(f"{column} is {said}" for column, said in row.cells.items()) or "always"


def _output(then: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {render_value(value)}" for name, value in then.items()) or "nothing"


def _stated(parameter: Parameter) -> str:
    return f"{render_value(parameter.value)} {parameter.unit}"


def _kind(before: object, after: object) -> str:
    return "changed" if before and after else "added" if after else "removed"
