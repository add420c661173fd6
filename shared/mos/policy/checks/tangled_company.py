"""Aliases and parents that a bundle states must lead to companies, and never in a circle. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.vocabulary.company_host import find_site_company

_PAGES = {"accounts/aliases": "account", "accounts/parents": "parent"}
_COLUMN = "account.domain"


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield names that are nobody's company, an alias of an alias, and circles."""
    for table, output in _PAGES.items():
        if table not in bundle.names("tables"):
            continue
        page = bundle.page(table)
        pairs: dict[str, str] = {}
        for row in page.rows:
            cell = row.when.get(_COLUMN)
            names = sorted(map(str, cell.any_of)) if cell else []
            other = str(row.then.get(output, ""))
            for name in (*names, other):
                if find_site_company(name) != name:
                    said = f"row {row.id}: {name or 'nothing'} is no domain that one company has"
                    yield Flaw(page.file, said)
            pairs |= {name: other for name in names if name not in pairs}
        for name in sorted(pairs):
            if ring := _find_circle(name, pairs):
                yield Flaw(page.file, f"a circle: {' → '.join(ring)}")
        if output == "account":
            chained = sorted(n for n, other in pairs.items() if other in pairs)
            for name in chained:
                said = (
                    f"{name} is an alias of {pairs[name]}, which is an alias itself: name the last"
                )
                yield Flaw(page.file, said)


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
