"""Which of the known leads does a row catch, and which does it almost? Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from functions.simulation.rows.lead import (
    Lead,
    Match,
    find_met,
    list_unanswerable,
    list_variants,
    make_default,
    mark_decided,
)
from mos.errors import BundleError
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.table import Row

_ABOUT_LEADS = ("account.", "group.", "person.", "route.", "run.", "action.", "consent.")
"""What is known of a lead as it stands: a row about a rep, a day or one signal catches nobody."""
RowPlace = tuple[str, Row]
"""A table's name, and one of its rows."""


def find_rows(bundle: Bundle, written: str = "") -> list[RowPlace]:
    """Return the row that `<table>#<row>` names; without a name, every row of the bundle.

    `<table>#default` is what the table says where no row holds, as decisions cite it.

    Raises:
        BundleError: the bundle has no such row.
    """
    if not written:
        return [(t, row) for t in bundle.names("tables") for row in bundle.page(t).rows]
    table, mark, name = written.partition("#")
    if not mark or table not in bundle.names("tables"):
        raise BundleError(written, "expected <table>#<row>, such as routing/route#ready")
    page = bundle.page(table)
    otherwise = (make_default(page),) if page.default else ()
    for row in (*page.rows, *otherwise):
        if row.id == name:
            if strange := sorted(c for c in row.when if not c.startswith(_ABOUT_LEADS)):
                raise BundleError(page.file, f"row {name} asks {strange[0]}, which no lead has")
            return [(table, row)]
    raise BundleError(page.file, f"has no row {name!r}")


def match_leads(leads: Iterable[Lead], bundle: Bundle, rows: list[RowPlace]) -> Iterator[Match]:
    """Yield how each lead stands to each row that it meets, or almost meets."""
    return (
        match
        for lead in leads
        for table, row in rows
        if (match := _match(lead, bundle, table, row))
    )


def _match(lead: Lead, bundle: Bundle, table: str, row: Row) -> Match | None:
    name = table.partition("@")[0]
    if name in bundle.variants and bundle.table_for(name, lead.facts).value != table:
        return None  # Another page stands in for this one there.
    page, best = bundle.table(table).table, None
    for variant in list_variants(lead, page, bundle):
        # A row about one signal or one action's past cannot be asked of a lead.
        if list_unanswerable(page, row, variant.facts) and len(row.when) == 1:
            continue
        found = find_met(variant, row)
        found = found and mark_decided(found, row, bundle.table(table))
        if found and (best is None or found.rank < best.rank):
            best = replace(found, row=f"{table}#{row.id}")
    return best


@dataclass(frozen=True)
class Catch:
    """Whom some rows catch, whom they meet while another row decides, and whom they almost do."""

    caught: list[Match]
    shadowed: list[Match]
    almost: list[Match]

    def to_json(self, most: int) -> dict[str, Any]:
        """Return at most so many of each kind, and the counts of all."""
        return {
            "caught": [describe_match(m) for m in self.caught[:most]],
            "shadowed": [describe_match(m) for m in self.shadowed[:most]],
            "almost": [describe_match(m) for m in self.almost[:most]],
            "counts": {
                "caught": len(self.caught),
                "shadowed": len(self.shadowed),
                "almost": len(self.almost),
            },
        }


def sort_matches(found: Iterable[Match]) -> Catch:
    """Return matches by how near they are."""
    ranks: tuple[list[Match], list[Match], list[Match]] = ([], [], [])
    for match in found:
        ranks[match.rank].append(match)
    return Catch(*ranks)


def describe_match(match: Match) -> dict[str, Any]:
    """Return a match as JSON: who, which row; what is missing, or which row decides instead."""
    said: dict[str, Any] = {
        "person_id": match.lead.person_id,
        "name": match.lead.name,
        "row": match.row,
    }
    if match.missing is not None:
        said |= {"fact": match.missing, "found": match.found, "wants": match.wants}
    if match.decided_by:
        said |= {"decided_by": match.decided_by}
    return said
