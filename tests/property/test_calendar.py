"""Working time never goes backwards, never counts what is closed, and adds up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos.policy.calendar import HoursError, WorkCalendar, read_hours, read_place

ZONES = ("Europe/Berlin", "America/Chicago", "Asia/Singapore", "Asia/Kolkata", "UTC",
         "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia")  # fmt: skip
HOURS = ("Mon-Fri 08:30-18:00", "Sun-Thu 09:00-12:00; Sun-Thu 13:00-17:30", "Sat 00:00-24:00",
         "always", "Mon 02:00-03:00; Sun 01:30-02:30")  # fmt: skip
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 86_400).map(lambda s: NEW_YEAR + timedelta(seconds=s))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    off = draw(st.sets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5))
    zone, hours = draw(st.sampled_from(ZONES)), draw(st.sampled_from(HOURS))
    return WorkCalendar(read_place(zone), read_hours(hours), off.__contains__)


@given(calendars(), MOMENTS, st.integers(1, 3000), st.integers(1, 3000))
def test_minutes_of_work_add_up(calendar: WorkCalendar, at: datetime, some: int, more: int) -> None:
    first = calendar.add_work(at, some)

    assert first >= at + timedelta(minutes=some)
    assert calendar.add_work(first, more) == calendar.add_work(at, some + more)
    # When it is due somebody is at work, or has just stopped.
    assert calendar.is_open(first - timedelta(microseconds=1))


@given(calendars(), MOMENTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    calendar: WorkCalendar, at: datetime
) -> None:
    opens = calendar.find_opening(at)

    assert opens is not None
    assert opens >= at
    assert calendar.is_open(opens)
    if opens > at:
        middle = at + (opens - at) / 2
        assert not calendar.is_open(middle)
        assert not calendar.is_open(opens - timedelta(microseconds=1))


@given(calendars(), MOMENTS)
def test_a_day_begins_at_midnight_where_they_are(calendar: WorkCalendar, at: datetime) -> None:
    start = calendar.start_day(at)

    assert start <= at
    assert calendar.find_day(start) == calendar.find_day(at)
    assert calendar.find_day(start - timedelta(seconds=1)) < calendar.find_day(at)


@pytest.mark.parametrize(
    "written",
    ["", "8-18", "Mon-Fri", "Mon-Fri 18:00-08:00", "Mon-Fri 08:00-24:01", "Foo 08:00-09:00",
     "Mon-Fri 08:60-09:00", "Mon-Fri 8:00\u201318:00 Sat", "Mo-Fr 08:00-18:00"],
)  # fmt: skip
def test_hours_that_cannot_be_read_say_how_they_are_written(written: str) -> None:
    with pytest.raises(HoursError):
        read_hours(written)


def test_who_is_never_at_work_is_waited_for_by_the_clock() -> None:
    never = WorkCalendar(read_place("UTC"), {}, lambda _day: False)
    at = datetime(2026, 11, 7, tzinfo=UTC)

    assert never.find_opening(at) is None
    assert never.add_work(at, 5) == at + timedelta(minutes=5)
