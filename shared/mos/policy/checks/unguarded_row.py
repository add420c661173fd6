"""A row that protects denies where it cannot know: what is unknown is never a yes. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.policy.bundle.bundle import Bundle
from mos.policy.check import NOTE, WARNING, Check, Flaw
from mos.policy.table.table import DecisionTable, Hit, Row

_PROTECTS = ("person.country", "account.country", "person.company_country", "person.region",
             "person.age")  # fmt: skip
"""Facts by which the law protects somebody, and which may be unknown."""


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield each denial by where somebody is that lets through whoever's place is not known.

    A table whose `unknown` is `deny` denies there; so does a row beside it that asks for just that
    (`{ known = false }`). A row that says `unknown = "allow"` means it: then it is only noted.

    Raises:
        BundleError: a table is wrong.
    """
    for name in bundle.names("tables"):
        table = bundle.page(name)
        if table.hit is not Hit.DENY_OVERRIDES:
            continue
        for row in table.rows:
            level = NOTE if row.lets_unknown else WARNING
            yield from (Flaw(table.file, text, level) for text in _describe(row, table))


def _describe(row: Row, table: DecisionTable) -> Iterator[str]:
    """Yield how a row lets through who should be stopped where nothing is known of them."""
    if row.then.get("allow", False):
        for column in _PROTECTS:
            if column in row.when and row.when[column].known is False:
                yield f"row {row.id} allows whose {column} is not known"
    elif not table.deny_unknown:
        for column in _find_open(row, table):
            detail = f"row {row.id} protects, and lets through whose {column} is not known"
            yield f'{detail}: say unknown = "deny" for the table, or "allow" for the row'


def _find_open(row: Row, table: DecisionTable) -> list[str]:
    asked = [c for c in _PROTECTS if c in row.when and row.when[c].known is None]
    return [c for c in asked if not any(_denies_unknown(other, c, row) for other in table.rows)]


def _denies_unknown(other: Row, column: str, row: Row) -> bool:
    """Say whether a row denies where a column is unknown, whoever the first row is about.

    It may ask the same for the other places, too: where all are unknown, all of them hold.
    """
    cell = other.when.get(column)
    if other.then.get("allow", False) or cell is None or cell.known is not False:
        return False
    rest = {c: v for c, v in other.when.items() if c != column}
    return all(v.known is False or row.when.get(c) == v for c, v in rest.items())


CHECK = Check("unguarded", find)
