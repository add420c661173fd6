"""Named sets in cells: `@eea` is its countries, `@name` what a parameter lists. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from mos.errors import BundleError
from mos.policy.table.condition import Condition
from mos.policy.table.table import DecisionTable, Row
from mos.vocabulary.country import country_sets

SIGN = "@"

Lists = Callable[[str], object]
"""Returns a parameter's value; a LookupError says that there is none of that name."""


def expand_sets(table: DecisionTable, lists: Lists) -> DecisionTable:
    """Return a table with the members of every set that its cells name.

    Raises:
        BundleError: there is no such set; names the row and the column.
    """
    rows = tuple(_expand_row(row, table.file, lists) for row in table.rows)
    return table if rows == table.rows else replace(table, rows=rows)


def expand_names(names: Iterable[str | bool], lists: Lists) -> frozenset[str | bool]:
    """Return these values with the members of the sets among them; a list may name sets, too.

    Raises:
        LookupError: names the set that there is none of.
    """
    found: set[str | bool] = set()
    for name in names:
        if not (isinstance(name, str) and name.startswith(SIGN)):
            found.add(name)
            continue
        bare = name.removeprefix(SIGN)
        members: Iterable[str] | None = country_sets().get(bare)
        if members is None:
            members = [str(m) for m in expand_names(_list(name, lists), _find_none)]
        found.update(members)
    return frozenset(found)


def _list(name: str, lists: Lists) -> list[str]:
    try:
        listed = lists(name.removeprefix(SIGN))
    except LookupError:
        raise LookupError(name) from None
    if isinstance(listed, list):
        return listed
    raise LookupError(name)


def _find_none(name: str) -> object:
    raise LookupError(name)


def _expand_row(row: Row, file: str, lists: Lists) -> Row:
    when: dict[str, Condition] = {}
    for column, cell in row.when.items():
        if not _names_sets(cell):
            continue
        try:
            any_of, none_of = (expand_names(v, lists) for v in (cell.any_of, cell.none_of))
        except LookupError as error:
            said = f"row {row.id}, column {column}: there is no set or parameter {error}"
            raise BundleError(file, said) from None
        when[column] = replace(cell, any_of=any_of, none_of=none_of)
    return replace(row, when=row.when | when) if when else row


def _names_sets(cell: Condition) -> bool:
    return any(isinstance(v, str) and v.startswith(SIGN) for v in cell.any_of | cell.none_of)
