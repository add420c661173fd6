"""Change a line of a CSV page: a row of a long table, or a parameter. Pure."""

import csv
import io
from collections.abc import Container, Mapping
from datetime import date
from typing import Any

import tomlkit

from mos.errors import BundleError
from mos.policy.amend.amendment import Amendment
from mos.policy.amend.toml_page import check_stays
from mos.policy.table.table import DecisionTable

Line = list[str]


def amend_sheet(file: str, text: str, one: Amendment, page: DecisionTable) -> str:
    """Return a table's CSV with one row changed, added or taken away.

    Raises:
        BundleError: the row or a column is not there, or a new row lacks its outputs.
    """
    header, lines = _read(file, text)
    ids = [_at(header, line, "id") for line in lines]
    if one.remove:
        if one.row not in ids:
            raise BundleError(file, f"has no row {one.row!r} to take away")
        del lines[ids.index(one.row)]
    elif one.row in ids:
        check_stays(file, one)
        _restate(header, lines[ids.index(one.row)], one, page)
    else:
        if not one.then or ("why" in header and not one.why):
            raise BundleError(file, f"a new row {one.row!r} needs then and why")
        if one.before and one.before not in ids:
            raise BundleError(file, f"has no row {one.before!r} to go before")
        line = [""] * len(header)
        line[header.index("id")] = one.row
        _restate(header, line, one, page)
        lines.insert(ids.index(one.before) if one.before else len(ids), line)
    return _write([header, *lines])


def restate_line(text: str, one: Amendment, today: date) -> str:
    """Return a CSV of parameters with one value changed, valid from today."""
    header, lines = _read("parameters", text)
    own = next(
        line
        for line in lines
        if _at(header, line, "name") == one.parameter and not _at(header, line, "level")
    )
    said = {"value": write_cell(one.value), "valid_from": today.isoformat()}
    if one.why:
        said["why"] = one.why
    for name, cell in said.items():
        if name in header:
            own[header.index(name)] = cell
    return _write([header, *lines])


def write_cell(value: Any) -> str:  # noqa: ANN401  any TOML value
    """Return a value as a cell of a CSV reads it.

    >>> write_cell(["DE", "FR"]), write_cell(">= 5"), write_cell(True), write_cell({"not": ["DE"]})
    ('["DE", "FR"]', '>= 5', 'true', '{not = ["DE"]}')
    """
    if isinstance(value, str):
        # Bare text that would read as a list, a word of the format or TOML is written as TOML.
        plain = value == value.strip() and "|" not in value and value[:1] not in "\"'[{"
        return value if plain and value and not value.startswith("not ") else _toml(value)
    return _toml(value)


def _toml(value: Any) -> str:  # noqa: ANN401  any TOML value
    if isinstance(value, dict):
        made = tomlkit.inline_table()
        for name, cell in value.items():
            made.append(tomlkit.key(name), cell)
        return str(made.as_string())
    return str(tomlkit.item(value).as_string())


def _restate(header: Line, line: Line, one: Amendment, page: DecisionTable) -> None:
    for kind, names, said in (("when", page.columns, one.when), ("then", page.outputs, one.then)):
        if said is None:
            continue
        _fill(header, line, kind, names, said)
    if one.why and "why" in header:
        line[header.index("why")] = one.why


def _fill(
    header: Line, line: Line, kind: str, names: Container[str], said: Mapping[str, Any]
) -> None:
    for place, title in enumerate(header):
        bare = title.removeprefix(f"{kind} ")
        if bare in names and title in (bare, f"{kind} {bare}"):
            value = said.get(bare)
            line[place] = "" if value is None else write_cell(value)


def _read(file: str, text: str) -> tuple[Line, list[Line]]:
    lines = [line for line in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) if line]
    if not lines:
        raise BundleError(file, "is empty")
    header = [name.strip() for name in lines[0]]
    if "id" not in header and "name" not in header:
        raise BundleError(file, "its rows have no id: name one in the file first")
    return header, lines[1:]


def _at(header: Line, line: Line, name: str) -> str:
    return line[header.index(name)].strip() if name in header else ""


def _write(lines: list[Line]) -> str:
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows(lines)
    return made.getvalue()
