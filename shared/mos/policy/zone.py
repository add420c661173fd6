"""Where somebody may be, as time zones, and what time it is there. Pure: the moment is an argument.

A person's own time zone counts, else all those of their country, else of their company's. Names are
the IANA's.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mos.model.base import Fact
from mos.vocabulary.country import read_country
from mos.vocabulary.snapshot import read_rows
from mos.vocabulary.zone import read_zone


def find_zones(zone: Fact, countries: tuple[Fact, ...]) -> tuple[ZoneInfo, ...]:
    """Return every zone that somebody may be in; none where nothing is known of them.

    `zone` is their own, `countries` are theirs and their company's: the first that can be read
    counts. Zones of one country that keep the same time stand for each other.

    >>> [str(z) for z in find_zones("CET", ("US",))], len(find_zones(None, (None, "US")))
    (['Europe/Brussels'], 8)
    """
    if own := open_zone(read_zone(zone) or ""):
        return (own,)
    for country in countries:
        named = _by_country().get(read_country(country) or "", ())
        if found := tuple(z for name in named if (z := open_zone(name))):
            return found
    return ()


def local_hour(zone: Fact, countries: tuple[Fact, ...], at: datetime) -> float | None:
    """Return the hour of the day where somebody is, 0 up to 24; None where it may be several.

    >>> from datetime import UTC
    >>> local_hour(None, ("DE",), datetime(2026, 7, 1, 20, 30, tzinfo=UTC))
    22.5
    """
    hours = {hour_in(one, at) for one in find_zones(zone, countries)}
    return hours.pop() if len(hours) == 1 else None


def hour_in(zone: ZoneInfo, at: datetime) -> float:
    """Return the hour that a clock on the wall shows, 0 up to 24."""
    there = at.astimezone(zone)
    return round(there.hour + there.minute / 60, 2)


@cache
def open_zone(name: str) -> ZoneInfo | None:
    """Return a zone; None for a name that is none: senders write what they like."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@cache
def _by_country() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({c: tuple(zones.split()) for c, zones in read_rows("country_zones")})
