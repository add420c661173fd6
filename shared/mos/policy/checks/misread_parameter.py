"""Who reads a parameter: code, rows or people, as it says itself. Pure."""

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.parameter import CODE
from mos.policy.check import NOTE, Check, Flaw
from mos.policy.table.named_set import SIGN

_PAGE = Path(__file__).parents[1] / "known_parameters.toml"
_ROWS = "rows:"


@cache
def list_read_parameters() -> frozenset[str]:
    """Return the parameters that code reads by their name."""
    return frozenset(tomllib.loads(_PAGE.read_text(encoding="utf-8"))["code"])


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield each parameter that says wrongly who reads it, and note each that is for people alone.

    Raises:
        BundleError: a page of parameters or a table is wrong.
    """
    by_rows, pools = _list_named_by_rows(bundle), _list_pools(bundle)
    for name, parameter in sorted(bundle.parameters.items()):
        is_code = name in list_read_parameters() or name in pools
        tables = by_rows.get(name, ())
        if is_code and parameter.read_by != CODE:
            said = f"{name} is read by code, and says that {parameter.read_by} read it"
            yield Flaw("parameters", said)
        elif not is_code and tables and parameter.read_by not in (CODE, _named(tables)):
            said = f"{name} says it is read by {parameter.read_by!r}: say {_named(tables)!r}"
            yield Flaw("parameters", said)
        elif not is_code and not tables and parameter.read_by == CODE:
            said = f"{name} says that code reads it, and none does"
            yield Flaw("parameters", f'{said}: say read_by = "people: …" for a note')
        elif not is_code and not tables and parameter.read_by.startswith(_ROWS):
            yield Flaw("parameters", f"{name} says that rows name it, and none does")
        elif not is_code and not tables:
            said = f"{name} is a note for {parameter.read_by}: nothing is decided by it"
            yield Flaw("parameters", said, NOTE)


def _named(tables: tuple[str, ...]) -> str:
    return f"{_ROWS} {', '.join(tables)}"


def _list_named_by_rows(bundle: Bundle) -> dict[str, tuple[str, ...]]:
    """Return the tables whose cells, or other parameters, name a parameter's list."""
    found: dict[str, tuple[str, ...]] = {}
    for name in bundle.names("tables"):
        text = bundle.text(f"tables/{name}.toml")
        sheet = f"tables/{name}.csv"
        text += bundle.text(sheet) if sheet in bundle.files else ""
        for parameter in bundle.parameters:
            if f'"{SIGN}{parameter}"' in text or f"{SIGN}{parameter}," in text:
                found[parameter] = (*found.get(parameter, ()), name)
    listed = (p.value for p in bundle.parameters.values() if isinstance(p.value, list))
    for member in {str(one) for value in listed for one in value}:
        if member.startswith(SIGN) and (name := member.removeprefix(SIGN)) in bundle.parameters:
            found[name] = (*found.get(name, ()), "parameters")
    return found


def _list_pools(bundle: Bundle) -> frozenset[str]:
    """Return the pools that routing sends to: a parameter of such a name says who is in it."""
    return frozenset(
        str(row.then["pool"])
        for name in bundle.names("tables")
        if name.startswith("routing/")
        for row in bundle.page(name).rows
        if row.then.get("pool")
    ) | {f"pool_{team}" for team in ("ae", "bdr")}


CHECK = Check("read_by", find)
