"""No calendar day or week of any zone where somebody may be ever has more than its cap lets."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.decisioning.budget import used
from mos.model.limit import LONGEST, Limit, RecipientCalendar, Window
from mos.model.touched import Touched
from mos.policy.local_calendar import find_calendar, find_period
from mos.policy.zone import find_zones
from mos.vocabulary.snapshot import read_rows
from tests.acceptance.test_a5_02_calendar_caps import Sender, capped
from tests.property.worlds import modest

ZONES = (
    "Etc/GMT+12", "Pacific/Pago_Pago", "America/St_Johns", "America/Havana", "America/Nuuk",
    "Atlantic/Azores", "UTC", "Europe/Berlin", "Africa/Cairo", "Asia/Beirut", "Asia/Kolkata",
    "Asia/Kathmandu", "Australia/Lord_Howe", "Antarctica/Troll", "Pacific/Auckland",
    "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati",
)  # fmt: skip
CHANGES = [datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),
           datetime(2026, 11, 1, 5, tzinfo=UTC), datetime(2027, 3, 14, 5, tzinfo=UTC),
           datetime(2027, 4, 3, 15, tzinfo=UTC), datetime(2026, 3, 28, 22, tzinfo=UTC),
           datetime(2026, 11, 24, tzinfo=UTC)]  # fmt: skip
"""When clocks change in Europe, America, Lord Howe and Beirut, and one quiet day."""
starts = st.sampled_from(CHANGES)
minutes = st.lists(st.integers(-3000, 3000), min_size=2, max_size=14)
windows = st.sampled_from([Window.DAY, Window.WEEK])
_LOCAL = {Window.DAY: lambda day: day.isoformat(), Window.WEEK: lambda day: day.isocalendar()[:2]}


def dates(moments: list[datetime], zone: ZoneInfo, window: Window) -> Counter[object]:
    """Count moments by the date, or the week, on the calendar on the wall."""
    return Counter(_LOCAL[window](at.astimezone(zone).date()) for at in moments)


def sent(sender: Sender, start: datetime, after: list[int]) -> list[datetime]:
    moments = [start + timedelta(minutes=n) for n in after]
    return [at for at in moments if sender.sends(at)]


def cap(window: Window, most: int) -> str:
    return f'scope = "person", channel = "email", at_most = {most}, window = "{window.value}"'


@modest(60)
@given(st.sampled_from(ZONES), windows, starts, minutes, st.integers(1, 3))
def test_never_more_than_the_cap_in_a_day_of_theirs_and_always_as_many(
    zone: str, window: Window, start: datetime, after: list[int], most: int
) -> None:
    """In whatever order runs come: what a later run has done by then counts as well."""
    went = sent(Sender(capped(cap(window, most)), timezone=zone), start, after)

    asked = dates([start + timedelta(minutes=n) for n in after], ZoneInfo(zone), window)
    assert dates(went, ZoneInfo(zone), window) == {day: min(n, most) for day, n in asked.items()}


@modest(40)
@given(st.sampled_from(["US", "CA", "AU", "BR", "FR"]), windows, starts, minutes)
def test_where_the_zone_may_be_several_none_of_their_days_has_more(
    country: str, window: Window, start: datetime, after: list[int]
) -> None:
    went = sent(Sender(capped(cap(window, 1)), country=country), start, after)

    for zone in find_zones(None, (country,)):
        assert set(dates(went, zone, window).values()) <= {1}
    assert went


@modest(40)
@given(windows, starts, minutes)
def test_where_nothing_is_known_no_zone_of_the_world_has_more(
    window: Window, start: datetime, after: list[int]
) -> None:
    went = sent(Sender(capped(cap(window, 1))), start, after)

    for zone in ZONES:
        assert set(dates(went, ZoneInfo(zone), window).values()) <= {1}
    assert went


@modest(150)
@given(st.sampled_from(ZONES), windows, starts, st.integers(-9000, 9000))
def test_a_period_is_the_moments_of_one_date_on_the_wall(
    zone: str, window: Window, start: datetime, after: int
) -> None:
    at, there = start + timedelta(minutes=after), ZoneInfo(zone)

    period = find_period(there, window, at)

    [day] = dates([at], there, window)
    inside = [period.since, at, period.until - timedelta(seconds=1)]
    assert period.holds(at)
    assert set(dates(inside, there, window)) == {day}
    outside = [period.since - timedelta(seconds=1), period.until]
    assert day not in dates(outside, there, window)


@pytest.mark.parametrize("window", [Window.DAY, Window.WEEK])
def test_no_country_has_a_longer_day_than_we_look_back_where_nothing_is_known(
    window: Window,
) -> None:
    names = {zone for _, zones in read_rows("country_zones") for zone in zones.split()}
    days = [datetime.combine(date(2026, 1, 1), datetime.min.time(), UTC) + timedelta(days=n)
            for n in range(730)]  # fmt: skip

    longest = max(
        period.until - period.since
        for name in names
        for at in days
        if (period := find_period(ZoneInfo(name), window, at + timedelta(hours=12)))
    )

    assert timedelta(hours=25) <= longest <= LONGEST[window]


_touches = st.lists(st.tuples(st.integers(-4000, 0), st.sampled_from([0.25, 0.5, 1.0])), max_size=8)


@modest(150)
@given(st.sampled_from([None, "US", "AU", "DE"]), windows, starts, _touches, st.integers(1, 4))
@example("DE", Window.DAY, CHANGES[0], [(0, 1.0)], 1)
def test_it_opens_when_it_says_and_not_before(
    country: str | None,
    window: Window,
    start: datetime,
    touches: list[tuple[int, float]],
    most: int,
) -> None:
    limit = Limit(scope="person", channel="any", at_most=most, window_hours=24, row="r",
                  window=window)  # fmt: skip
    kept = [Touched(start + timedelta(minutes=n), "email", weight) for n, weight in touches]

    def full(at: datetime) -> tuple[float, float | None]:
        where: RecipientCalendar = find_calendar({"person.country": country}, [window], at)
        return used(kept, limit, at, where)

    total, hours = full(start)

    assert (hours is None) is (total + 1 <= most)
    if hours is not None:
        opens = start + timedelta(hours=hours, seconds=4)
        assert full(opens)[1] is None
        assert full(opens - timedelta(seconds=8))[1] is not None
