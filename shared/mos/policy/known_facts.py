"""Which facts there are: what the code works out, and what the bundle declares. Pure."""

import tomllib
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from mos.policy.bundle.bundle import Bundle
from mos.policy.declared_facts import list_declared
from mos.policy.table.condition import ColumnType

_PAGE = Path(__file__).with_suffix(".toml")


@cache
def _stated() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_PAGE.read_text(encoding="utf-8"))


@cache
def list_worked_out() -> dict[str, ColumnType]:
    """Return what the code works out, by name or pattern, each with its type."""
    return {
        f"{level}.{name}": kind
        for kind in ColumnType
        for level, names in _stated()[kind.value].items()
        for name in names
    }


@cache
def list_asked_tables() -> frozenset[str]:
    """Return the tables that code asks."""
    return frozenset(
        f"{folder}/{name}" for folder, names in _stated()["tables"].items() for name in names
    )


def find_type(name: str, bundle: Bundle) -> ColumnType | None:
    """Return what type a fact is of; None where nothing feeds it.

    Raises:
        BundleError: a page of a declared fact is wrong.
    """
    if name in (declared := list_declared(bundle)):
        return declared[name].column
    found = list_worked_out()
    return found.get(name) or next(
        (kind for pattern, kind in found.items() if "*" in pattern and fnmatchcase(name, pattern)),
        None,
    )


def suggest_fact(name: str, bundle: Bundle) -> str:
    """Return the nearest fact that there is, to be asked about; nothing where none is near."""
    every = [*list_worked_out(), *list_declared(bundle)]
    near = get_close_matches(name, every, 1, 0.75)
    return f"; did you mean {near[0]}?" if near else ""


def suggest_table(name: str) -> str:
    """Return the nearest table that code asks; nothing where none is near."""
    near = get_close_matches(name, sorted(list_asked_tables()), 1, 0.6)
    return f"; did you mean {near[0]}?" if near else ""
