"""A column asks a fact that there is, and a table is one that somebody asks. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.errors import BundleError
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.policy.declared_facts import list_declared
from mos.policy.known_facts import (
    find_type,
    list_asked_tables,
    list_worked_out,
    suggest_fact,
    suggest_table,
)


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield columns that nothing feeds or that are of another type, and tables that nobody asks."""
    try:
        declared = list_declared(bundle)
    except BundleError as error:
        yield Flaw(error.file, error.detail)
        return
    for name in sorted(set(declared) & set(list_worked_out())):
        yield Flaw(f"facts/{name}.toml", "the code works this fact out: choose another name")
    for name in bundle.names("tables"):
        own = name.partition("@")[0].partition("+")[0]
        if own not in list_asked_tables():
            yield Flaw(f"tables/{name}.toml", f"nothing asks this table{suggest_table(own)}")
            continue
        yield from _columns(name, bundle)


def _columns(name: str, bundle: Bundle) -> Iterator[Flaw]:
    page = bundle.page(name)
    for column, kind in page.columns.items():
        known = find_type(column, bundle)
        if known is None:
            near = suggest_fact(column, bundle)
            yield Flaw(
                page.file,
                f"column {column}: nothing feeds it{near or f': declare it, facts/{column}.toml'}",
            )
        elif known is not kind:
            yield Flaw(page.file, f"column {column} is a {kind}, and the fact is a {known}")


CHECK = Check("unfed", find)
