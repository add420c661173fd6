"""Aliases and parents that a bundle states must lead to companies, and never in a circle. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.policy.table.table import DecisionTable, Row
from mos.vocabulary.company_host import find_site_company

_PAGES = {"accounts/aliases": "account", "accounts/parents": "parent"}
_COLUMN = "account.domain"


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield names that are nobody's company, an alias of an alias, and circles."""
    for table, output in _PAGES.items():
        if table in bundle.names("tables"):
            page = bundle.page(table)
            yield from _find_strangers(page, output)
            yield from _find_knots(page, output)


def _find_strangers(page: DecisionTable, output: str) -> Iterator[Flaw]:
    for row in page.rows:
        for name in (*_names(row), str(row.then.get(output, ""))):
            if find_site_company(name) != name:
                said = f"row {row.id}: {name or 'nothing'} is no domain that one company has"
                yield Flaw(page.file, said)


def _find_knots(page: DecisionTable, output: str) -> Iterator[Flaw]:
    pairs: dict[str, str] = {}
    for row in page.rows:
        for name in _names(row):
            pairs.setdefault(name, str(row.then.get(output, "")))
    for name in sorted(pairs):
        if ring := _find_circle(name, pairs):
            yield Flaw(page.file, f"a circle: {' → '.join(ring)}")
        elif output == "account" and pairs[name] in pairs:
            yield Flaw(page.file, f"{name}: {pairs[name]} is an alias itself; name the last one")


def _names(row: Row) -> list[str]:
    cell = row.when.get(_COLUMN)
    return sorted(map(str, cell.any_of)) if cell else []


def _find_circle(start: str, pairs: Mapping[str, str]) -> list[str]:
    """Return the circle that begins with a name where it is the first of it in the alphabet."""
    ring = [start]
    while (last := pairs.get(ring[-1])) is not None:
        if last == start:
            return [*ring, start] if start == min(ring) else []
        if last in ring:
            return []
        ring.append(last)
    return []


CHECK = Check("company", find)
