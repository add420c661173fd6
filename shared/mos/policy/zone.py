"""What time it is where somebody lives. Pure: the moment is an argument.

A person's own time zone counts, else their country's (the zone of its capital or, where there are
several, of where most business is done), else their company's. Names are the IANA's.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mos.model.base import Fact
from mos.vocabulary.country import read_country
from mos.vocabulary.zone import read_zone

_BY_COUNTRY: Mapping[str, str] = {
    "US": "America/New_York", "CA": "America/Toronto", "MX": "America/Mexico_City",
    "BR": "America/Sao_Paulo", "AR": "America/Argentina/Buenos_Aires", "CL": "America/Santiago",
    "CO": "America/Bogota", "GB": "Europe/London", "IE": "Europe/Dublin", "PT": "Europe/Lisbon",
    "ES": "Europe/Madrid", "FR": "Europe/Paris", "BE": "Europe/Brussels", "NL": "Europe/Amsterdam",
    "LU": "Europe/Luxembourg", "DE": "Europe/Berlin", "AT": "Europe/Vienna", "CH": "Europe/Zurich",
    "IT": "Europe/Rome", "DK": "Europe/Copenhagen", "NO": "Europe/Oslo", "SE": "Europe/Stockholm",
    "FI": "Europe/Helsinki", "EE": "Europe/Tallinn", "LV": "Europe/Riga", "LT": "Europe/Vilnius",
    "PL": "Europe/Warsaw", "CZ": "Europe/Prague", "SK": "Europe/Bratislava",
    "HU": "Europe/Budapest",
    "RO": "Europe/Bucharest", "BG": "Europe/Sofia", "GR": "Europe/Athens", "TR": "Europe/Istanbul",
    "UA": "Europe/Kyiv", "IL": "Asia/Jerusalem", "AE": "Asia/Dubai", "SA": "Asia/Riyadh",
    "ZA": "Africa/Johannesburg", "NG": "Africa/Lagos", "KE": "Africa/Nairobi", "EG": "Africa/Cairo",
    "IN": "Asia/Kolkata", "SG": "Asia/Singapore", "MY": "Asia/Kuala_Lumpur", "TH": "Asia/Bangkok",
    "VN": "Asia/Ho_Chi_Minh", "ID": "Asia/Jakarta", "PH": "Asia/Manila", "HK": "Asia/Hong_Kong",
    "TW": "Asia/Taipei", "CN": "Asia/Shanghai", "KR": "Asia/Seoul", "JP": "Asia/Tokyo",
    "AU": "Australia/Sydney", "NZ": "Pacific/Auckland",
}  # fmt: skip


def local_hour(zone: Fact, countries: tuple[Fact, ...], at: datetime) -> float | None:
    """Return the hour of the day where somebody is, 0 up to 24; None where nobody knows.

    >>> from datetime import UTC
    >>> local_hour(None, ("DE",), datetime(2026, 7, 1, 20, 30, tzinfo=UTC))
    22.5
    """
    found = _zone(read_zone(zone) or "")
    for country in countries:
        if found is None:
            found = _zone(_BY_COUNTRY.get(read_country(country) or "", ""))
    if found is None:
        return None
    there = at.astimezone(found)
    return round(there.hour + there.minute / 60, 2)


@cache
def _zone(name: str) -> ZoneInfo | None:
    """Return a zone; None for a name that is none: senders write what they like."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
