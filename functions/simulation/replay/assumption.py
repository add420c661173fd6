"""Read `fact=value` as the tables type it."""

import difflib
import math
from collections.abc import Iterable

from functions.simulation.replay.domain import check_possible
from mos.errors import MalformedError
from mos.model.base import Fact, Facts
from mos.model.consent import Basis, Purpose
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.condition import ColumnType

_ABOUT = ("account.", "group.", "person.", "route.", "run.")
_OPEN = "rep.open."
_BASES = {f"person.basis.{purpose.value}" for purpose in Purpose}
"""Facts that consent is worked out from: no table's column is called so."""
_CURRENCIES = tuple(
    f"{level}.{what}_currency" for level in ("group", "account") for what in ("deal", "won")
)
UNKNOWN = "unknown"


def parse_facts(written: Iterable[str], bundle: Bundle) -> Facts:
    """Return the facts of `account.employees=250`, `group.roles=champion,user`, `x=unknown`.

    Raises:
        MalformedError: no table asks for the fact, or it cannot have that value.
    """
    kinds = list_fact_types(bundle)
    found: Facts = {}
    for one in written:
        name, mark, value = (part.strip() for part in one.partition("="))
        if not mark or not value:
            raise MalformedError(
                f"{one!r}: expected fact=value, such as account.employees=250; an empty set is "
                "group.roles={}, what is not known x=unknown"
            )
        kind = ColumnType.NUMBER if name.startswith(_OPEN) else kinds.get(name)
        if kind is None:
            near = difflib.get_close_matches(name, kinds, 3, 0.5)
            hint = f": did you mean {', '.join(near)}?" if near else ""
            raise MalformedError(f"{name}: no table asks a decision's record for it{hint}")
        found[name] = parse_fact(name, value, kind)
        check_possible(name, found[name], bundle)
        if name in _BASES and value not in {UNKNOWN, *Basis}:
            raise MalformedError(f"{name}: expected {', '.join(Basis)}, found {value!r}")
    return found


def list_fact_types(bundle: Bundle) -> dict[str, ColumnType]:
    """Return the facts that tables ask about a group or a person, with their types."""
    return {
        name: kind
        for table in bundle.names("tables")
        for name, kind in bundle.page(table).columns.items()
        if name.startswith(_ABOUT)
    } | {
        "person.consents": ColumnType.SET,
        "person.withdrawn": ColumnType.SET,
        # Whose an account is.
        "account.owner_stated": ColumnType.TEXT,
        **dict.fromkeys(("group.deal_owners", "group.person_owners"), ColumnType.SET),
        # What deals are worth is converted by their currency.
        **dict.fromkeys(_CURRENCIES, ColumnType.TEXT),
        # Who is at work is asked of calendars.
        **dict.fromkeys(("run.date", "run.hour"), ColumnType.NUMBER),
        **dict.fromkeys(sorted(_BASES), ColumnType.TEXT),
    }


def parse_fact(name: str, value: str, kind: ColumnType) -> Fact:
    """Return a value as its type is written.

    Raises:
        MalformedError: it is of another type.
    """
    if value == UNKNOWN:
        return None
    match kind:
        case ColumnType.SET:
            return tuple(filter(None, (part.strip() for part in value.strip("{}").split(","))))
        case ColumnType.BOOLEAN if value.lower() in {"true", "false"}:
            return value.lower() == "true"
        case ColumnType.NUMBER:
            return _number(name, value)
        case ColumnType.TEXT:
            return value
    raise MalformedError(f"{name}: expected true or false, found {value!r}")


def _number(name: str, value: str) -> int | float:
    try:
        number = float(value)
    except ValueError:
        raise MalformedError(f"{name}: expected a number, found {value!r}") from None
    if not math.isfinite(number):
        raise MalformedError(f"{name}: expected a number, found {value!r}")
    return int(number) if number.is_integer() and "." not in value else number
