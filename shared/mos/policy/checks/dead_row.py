"""Rows that never decide, gaps, conflicts and overlaps of each table. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.errors import BundleError
from mos.policy.analysis.defect import Kind, analyse
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import ERROR, NOTE, Check, Flaw

_LEVELS = {
    Kind.UNREACHABLE: ERROR,
    Kind.MISSING: ERROR,
    Kind.CONFLICT: ERROR,
    Kind.UNDECIDED: NOTE,
    Kind.OVERLAP: NOTE,
    Kind.OVERRIDDEN: NOTE,
}


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield what analysis finds in each table, by its own kinds."""
    for name in bundle.names("tables"):
        try:
            table = bundle.page(name)
        except BundleError as error:
            yield Flaw(error.file, error.detail, kind="schema")
            continue
        for one in analyse(table):
            yield Flaw(
                f"tables/{name}.toml",
                one.detail,
                _LEVELS[one.kind],
                one.kind.value,
                tuple(one.rows),
                one.lead,
            )


CHECK = Check("table", find)
