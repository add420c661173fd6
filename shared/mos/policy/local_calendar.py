"""The days and weeks that it may be where somebody is. Pure: the moment is an argument."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mos.model.base import Facts
from mos.model.limit import Period, RecipientCalendar, Window
from mos.policy.zone import find_zones

_DAYS = {Window.DAY: 1, Window.WEEK: 7}


def find_calendar(facts: Facts, windows: Iterable[Window], at: datetime) -> RecipientCalendar:
    """Return somebody's days and weeks, as far as `windows` name them.

    Zones are those of `mos.policy.zone`: their own, else their country's, else their company's.
    Where none of them is known nothing is: they may be anywhere. Weeks begin on Monday.
    """
    countries = ("person.country", "person.company_country", "account.country")
    zones = find_zones(facts.get("person.timezone"), tuple(facts.get(name) for name in countries))
    found = {window.value: _list_periods(zones, window, at) for window in windows}
    return RecipientCalendar(**found)


def _list_periods(zones: Iterable[ZoneInfo], window: Window, at: datetime) -> tuple[Period, ...]:
    found = {(p.since, p.until): p for p in (find_period(zone, window, at) for zone in zones)}
    return tuple(found[key] for key in sorted(found))


def find_period(zone: ZoneInfo, window: Window, at: datetime) -> Period:
    """Return the day or the week of a zone in which a moment lies.

    >>> spring = datetime(2027, 3, 28, 9, tzinfo=UTC)
    >>> day = find_period(ZoneInfo("Europe/Berlin"), Window.DAY, spring)
    >>> day.until - day.since
    datetime.timedelta(seconds=82800)
    """
    day = at.astimezone(zone).date()
    if window is Window.WEEK:
        day -= timedelta(days=day.weekday())
    return Period(since=_midnight(day, zone), until=_midnight(day + timedelta(_DAYS[window]), zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day begins: where clocks skip midnight, when they have skipped it."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
