"""What facts can be, where tables of the bundle alone give them. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import floor, isfinite, log10, trunc

from mos.model.base import Fact
from mos.model.plain_text import quote_data
from mos.model.stage import Level
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.named_set import expand_names
from mos.policy.table.table import Row

GIVEN_BY: dict[str, tuple[tuple[str, str], ...]] = {
    "account.icp_tier": (("scorecards/tier", "tier"),),
    "route.to": (("routing/route", "to"),),
    "account.segment": (("scorecards/segments", "segment"),),
    "account.unit": (("routing/units", "unit"),),
    "account.region": (("routing/regions", "region"),),
    "account.territory": (("routing/territories", "territory"),),
    "group.momentum": (("lifecycle/momentum", "momentum"),),
}
"""The tables and outputs that a fact's values come from."""
_SMALLEST = 8
"""With more digits than these after the point a number is written by its power of ten."""
_CENT = 0.01
DOUBLE_OPT_IN = "double_opt_in_countries"
_SURE = ("account.icp_tier", "route.to")


@dataclass(frozen=True)
class FactValues:
    """What a fact can be; `sure` where it can be nothing else."""

    values: frozenset[str | bool]
    sure: bool


def known_values(bundle: Bundle) -> dict[str, FactValues]:
    """Return what each fact can be that tables and the catalogue give; none where they are gone.

    Raises:
        BundleError: a table, an action or a parameter is wrong.
    """
    found = {
        fact: FactValues(frozenset(values), fact in _SURE)
        for fact, tables in GIVEN_BY.items()
        if (values := set(outputs(bundle, tables)))
    }
    found |= {
        f"{level.value}.stage": FactValues(frozenset(held), sure=True)
        for level in Level
        if (held := set(stages(bundle, level)))
    }
    actions = bundle.actions.values()
    given: dict[str, Iterable[str]] = {
        "action.name": bundle.actions,
        "action.issue": (a.issue for a in actions),
        "action.group": (a.group for a in actions),
        "action.channel": (t.channel for a in actions for t in a.treatments),
        "action.treatment": (t.name for a in actions for t in a.treatments),
    }
    return found | {
        fact: FactValues(frozenset(values), sure=False) for fact, values in given.items()
    }


def outputs(bundle: Bundle, tables: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield what tables say, with their variants and where no row holds."""
    for table, output in tables:
        for name in (table, *bundle.variants.get(table, ())):
            if name in bundle.names("tables"):
                page = bundle.page(name)
                said = [page.default.get(output), *(row.then.get(output) for row in page.rows)]
                yield from (str(one) for one in said if one)


def stages(bundle: Bundle, level: Level) -> Iterator[str]:
    """Yield where a subject can stand: every row that places one is held to these lists."""
    for name in (f"{level.value}_order", f"{level.value}_aside"):
        yield from listed(name, bundle)


def listed(name: str, bundle: Bundle) -> list[str]:
    """Return a parameter that lists words; nothing where it is not stated, or no list."""
    stated = bundle.parameters.get(name)
    return stated.value if stated and isinstance(stated.value, list) else []


@lru_cache(maxsize=16)
def list_confirming(bundle: Bundle) -> frozenset[str]:
    """Return the countries where a yes by mail counts when its mailbox's owner has confirmed it."""
    named = listed(DOUBLE_OPT_IN, bundle)
    return frozenset(map(str, expand_names(named, lambda name: listed(name, bundle))))


def levels_of(row: Row) -> list[Level]:
    """Return the levels that a row is about."""
    cell = row.when.get("subject.level")
    return [level for level in Level if cell is None or level.value in cell.any_of]


def render_fact(value: Fact) -> str:
    """Return a fact as it is written.

    >>> [render_fact(value) for value in (None, 900, ("champion", "user"), True)]
    ['unknown', '900', '{champion, user}', 'true']
    """
    match value:
        case None:
            return "unknown"
        case bool():
            return str(value).lower()
        case tuple() | list():
            return "{" + ", ".join(map(str, value)) + "}"
        case float():
            return f"{value:g}"
    return str(value)


def say_fact(value: Fact) -> str:
    """Return a fact as people write it: a measured number is rounded, odd text is quoted.

    >>> say_fact(0.123456), say_fact("VP Finance"), say_fact("[call me](http://evil.example)")
    ('0.123', 'VP Finance', '“(call me)(http://evil.example)”')
    """
    match value:
        case float():
            return say_number(value)
        case str():
            return quote_data(value)
        case tuple() | list():
            return render_fact(tuple(quote_data(str(one)) for one in value))
    return render_fact(value)


def say_number(value: float) -> str:
    """Return a number as people write it; one that is almost whole is never called so.

    What is just under a limit must not read as if it had reached it.

    >>> [say_number(n) for n in (39.9999, 281.798, 12000.0, 5.2427, 0.0321456, 0.99999, -0.5, 3)]
    ['39.99', '281.8', '12000', '5.24', '0.0321', '0.999', '-0.5', '3']
    """
    if isinstance(value, int) or not isfinite(value) or value == int(value):
        return f"{value:.0f}" if isfinite(value) else str(value)
    digits = 2 if abs(value) >= 1 else 2 - floor(log10(abs(value)))
    if digits > _SMALLEST:
        return f"{value:.2g}"
    said = round(value, digits)
    if said == int(said):
        said = trunc(value * 10**digits) / 10**digits
    return f"{said:.{digits}f}".rstrip("0").rstrip(".")


def say_dollars(value: float) -> str:
    """Return US dollars as people write them; what is worth less than a cent is not called nothing.

    >>> say_dollars(1281.798), say_dollars(0.00042), say_dollars(0), say_dollars(-3.5)
    ('$1,281.80', '$0.00042', '$0.00', '-$3.50')
    """
    sign, amount = "-" if value < 0 else "", abs(value)
    return f"{sign}${say_number(amount)}" if 0 < amount < _CENT else f"{sign}${amount:,.2f}"
