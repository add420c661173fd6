"""What a cap counts in: hours, or a day or a week of one person's own calendar. Pure."""

from collections.abc import Iterator
from datetime import date

from mos.model.limit import ANY, CALENDAR, JOINED, Window
from mos.policy.bundle.bundle import Bundle
from mos.policy.check import Check, Flaw
from mos.policy.table.table import DecisionTable, Row
from mos.vocabulary.country import read_country
from mos.vocabulary.region import read_region
from mos.vocabulary.zone import read_zone

_TABLE = "contact/limits"
_READERS = {
    "person.timezone": (read_zone, "Europe/Berlin"),
    "person.country": (read_country, "US"),
    "person.region": (read_region, "US-FL"),
}
"""How the values of places are written, and an example of each."""


def find(bundle: Bundle, _today: date) -> Iterator[Flaw]:
    """Yield caps whose window says nothing, or says two things, and places that there are none."""
    names = (_TABLE, *bundle.variants.get(_TABLE, ())) if _TABLE in bundle.names("tables") else ()
    for name in names:
        page = bundle.page(name)
        for row in page.rows:
            said = (*_look_at_window(row), *_look_at_channel(row), *_look_at_places(row))
            yield from _flaws(page, row, said)


def _flaws(page: DecisionTable, row: Row, said: tuple[str, ...]) -> Iterator[Flaw]:
    yield from (Flaw(page.file, f"row {row.id}: {text}") for text in said)


def _look_at_window(row: Row) -> Iterator[str]:
    window, hours, scope = (row.then.get(name) for name in ("window", "hours", "scope"))
    if window in CALENDAR:
        if hours is not None:
            yield f'a calendar {window} has no hours: leave `hours` out, or say window = "rolling"'
        if scope != "person":
            yield f'whose {window} is it? a {scope} has no calendar: say scope = "person", or hours'
    elif window in (None, Window.ROLLING) and hours is None:
        yield 'say `hours`, or window = "day" or "week" of whoever is touched'
    personal = sorted(name for name in row.when if name.startswith("person."))
    if personal and scope != "person":
        yield f'asks {personal[0]} and caps {scope}s: say scope = "person"'


def _look_at_channel(row: Row) -> Iterator[str]:
    named = str(row.then.get("channel") or ANY).split(JOINED)
    if len(named) > 1 and (ANY in named or len(set(named)) < len(named) or not all(named)):
        how = f"name each once, as sms{JOINED}hubspot_task, or {ANY}"
        yield f"channel {JOINED.join(named)!r}: {how}"


def _look_at_places(row: Row) -> Iterator[str]:
    countries = _values(row, "person.country")
    country = countries[0] if len(countries) == 1 else None
    for name, (read, example) in _READERS.items():
        for value in _values(row, name):
            found = read_region(value, country) if name == "person.region" else read(value)
            if found != value:
                mean = f": did you mean {found!r}?" if found else f", as {example} is"
                yield f"{name} {value!r} is none that is known{mean}"


def _values(row: Row, name: str) -> list[str]:
    cell = row.when.get(name)
    return sorted(map(str, cell.any_of | cell.none_of)) if cell else []


CHECK = Check("window", find)
