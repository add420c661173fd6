"""Say which caps are full, and from when they have room: in UTC, and on their clock. Pure."""

from collections.abc import Iterable
from datetime import datetime

from mos.model.base import Facts
from mos.model.limit import Limit, Window
from mos.policy.zone import find_zones

_COUNTRIES = ("person.country", "person.company_country", "account.country")
_WINDOWS = {Window.DAY: "one day where they are", Window.WEEK: "one week where they are"}


def say_full(full: Iterable[tuple[Limit, float]], table: str) -> str:
    """Return which caps are full, by their rows, and how full."""
    return "; ".join(
        f"{table}#{limit.row} is full ({used:g} of {limit.at_most:g} in {_say_window(limit)})"
        for limit, used in full
    )


def say_moment(at: datetime, facts: Facts) -> str:
    """Return a moment in UTC, and on their clock where it can be only one."""
    zones = find_zones(facts.get("person.timezone"), tuple(facts.get(n) for n in _COUNTRIES))
    there = {f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for zone in zones}
    clock = f" ({there.pop()} where they are)" if len(there) == 1 else ""
    return f"{at:%Y-%m-%d %H:%M} UTC{clock}"


def _say_window(limit: Limit) -> str:
    return _WINDOWS.get(limit.window, f"{limit.window_hours} hours")
