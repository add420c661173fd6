"""Read which time zone somebody means: the IANA's names, their aliases, and Windows'. Pure."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mos.vocabulary.snapshot import read_rows


def read_zone(value: object) -> str | None:
    """Return the IANA's present name of a zone, or None: an offset is no zone, for summers differ.

    >>> [read_zone(v) for v in ("US/Eastern", "america/new york", "W. Europe Standard Time")]
    ['America/New_York', 'America/New_York', 'Europe/Berlin']
    >>> read_zone("Europe/Berln"), read_zone("+02:00"), read_zone("us_slash_pacific")
    (None, None, 'America/Los_Angeles')
    """
    if not isinstance(value, str):
        return None
    plain = " ".join(value.casefold().replace("_slash_", "/").replace("_", " ").split())
    return _names().get(plain)


@cache
def _names() -> Mapping[str, str]:
    return MappingProxyType({n.casefold().replace("_", " "): z for n, z in read_rows("zones")})
