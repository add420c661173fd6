"""Change a row, a parameter or an example in a TOML page; all else stays as written. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from mos.errors import BundleError
from mos.policy.amend.amendment import Amendment

_CELLS = ("when", "then")


def amend_rows(file: str, text: str, one: Amendment) -> str:
    """Return a table's page with one row changed, added or taken away.

    Raises:
        BundleError: the row is not there, or a new one lacks its outputs or its reason.
    """
    try:
        page = tomlkit.parse(text)
    except TOMLKitError as error:
        raise BundleError(file, str(error)) from None
    rows = page.get("row")
    if rows is None:
        rows = page["row"] = tomlkit.aot()
    places = [place for place, row in enumerate(rows) if str(row.get("id")) == one.row]
    if one.remove:
        if not places:
            raise BundleError(file, f"has no row {one.row!r} to take away")
        rows.remove(rows[places[0]])
    elif places:
        check_stays(file, one)
        _restate(rows[places[0]], one)
    else:
        _insert(file, rows, one)
    return tomlkit.dumps(page)


def check_stays(file: str, one: Amendment) -> None:
    """Refuse to move a row: take it away, and add it where it is to stand.

    Raises:
        BundleError: the change says before which row one that is there is to go.
    """
    if one.before:
        raise BundleError(file, f"row {one.row!r} is there already: take it away to move it")


def has_example(text: str, one: Amendment) -> bool:
    """Say whether a page holds an example of these very facts."""
    return any(_is_of(example, one) for example in tomlkit.parse(text).get("example", ()))


def amend_example(text: str, one: Amendment) -> str:
    """Return a page with what is to be said of some facts changed or added."""
    page = tomlkit.parse(text)
    examples = page.get("example")
    if examples is None:
        examples = page["example"] = tomlkit.aot()
    expected = _inline(one.expect or {})
    found = next((example for example in examples if _is_of(example, one)), None)
    if found is not None:
        found["expect"] = expected
    else:
        made = tomlkit.table()
        made.add("given", _inline(one.given or {}))
        made.add("expect", expected)
        examples.append(made)
    return str(tomlkit.dumps(page))


def _is_of(example: Any, one: Amendment) -> bool:  # noqa: ANN401  tomlkit's table
    given = example.get("given", {})
    return (given.unwrap() if hasattr(given, "unwrap") else dict(given)) == one.given


def restate_parameter(text: str, one: Amendment, today: date) -> str:
    """Return a page of parameters with one value changed, valid from today."""
    page = tomlkit.parse(text)
    stated = page[one.parameter]
    stated["value"] = one.value
    if one.why:
        stated["why"] = one.why
    stated["valid_from"] = today
    return tomlkit.dumps(page)


def _insert(file: str, rows: AoT, one: Amendment) -> None:
    if not one.then or not one.why:
        raise BundleError(file, f"a new row {one.row!r} needs then and why")
    row = tomlkit.table()
    row.add("id", one.row)
    row.add("when", _inline(one.when or {}))
    row.add("then", _inline(one.then))
    row.add("why", one.why)
    ids = [str(other.get("id")) for other in rows]
    if one.before and one.before not in ids:
        raise BundleError(file, f"has no row {one.before!r} to go before")
    rows.insert(ids.index(one.before) if one.before else len(ids), row)


def _restate(row: Table, one: Amendment) -> None:
    for name in _CELLS:
        if (cells := getattr(one, name)) is not None:
            row[name] = _inline(cells)
    if one.why:
        row["why"] = one.why


def _inline(cells: Mapping[str, Any]) -> Any:  # noqa: ANN401  tomlkit's inline table
    made = tomlkit.inline_table()
    for name, cell in cells.items():
        made.append(tomlkit.key(name), _inline(cell) if isinstance(cell, dict) else cell)
    return made
