"""Rows A.4.19 and A.5.4: nothing leaves at night or on a holiday, wherever its reader may be."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mos.model.action import ActionClass
from mos.model.base import Facts
from mos.policy.bundle.bundle import Bundle
from mos.policy.quiet import find_quiet_end, home_facts
from mos.policy.sales_team import find_holiday
from tests.builders import starter
from tests.property.worlds import modest

AWAY: Facts = {"person.hours_since.page": 300.0}
GERMAN = AWAY | {"person.country": "DE"}


def quiet_until(facts: Facts, *at: int, **how: Any) -> datetime | None:
    moment = datetime(*at, tzinfo=UTC)  # type: ignore[arg-type, misc]
    channel, klass = how.get("channel", "email"), how.get("klass", ActionClass.DEFAULT)
    return find_quiet_end(facts, channel, klass, moment, how.get("bundle", starter()))


def test_a5_04_by_day_nothing_is_held_and_at_night_it_waits_for_seven() -> None:
    assert quiet_until(GERMAN, 2026, 11, 24, 10) is None
    assert quiet_until(GERMAN, 2026, 11, 24, 22, 41) == datetime(2026, 11, 25, 6, tzinfo=UTC)


def test_a5_04_what_somebody_asked_for_and_who_has_just_been_here_are_not_held() -> None:
    here = GERMAN | {"person.hours_since.page": 0.5}

    assert quiet_until(GERMAN, 2026, 11, 24, 22, klass=ActionClass.TRANSACTIONAL) is None
    assert quiet_until(here, 2026, 11, 24, 22) is None
    assert quiet_until(GERMAN, 2026, 11, 24, 22, channel="hubspot_task") is None
    assert quiet_until(GERMAN, 2026, 11, 24, 22, channel="sms") is not None


def test_a5_04_who_has_never_been_here_is_not_woken_either() -> None:
    stranger: Facts = {"person.country": "DE"}

    assert quiet_until(stranger, 2026, 11, 24, 22) == datetime(2026, 11, 25, 6, tzinfo=UTC)
    assert home_facts(stranger, datetime(2026, 11, 24, 22, tzinfo=UTC), starter()) == {
        "person.local_hour": 23.0,
        "person.on_holiday": False,
        "person.quiet_hours.email": 8.0,
        "person.quiet_hours.sms": 8.0,
    }


@pytest.mark.parametrize(
    ("night", "morning"),
    [
        ((2027, 3, 27, 22), datetime(2027, 3, 28, 5, tzinfo=UTC)),  # clocks go forward
        ((2026, 10, 24, 22), datetime(2026, 10, 25, 6, tzinfo=UTC)),  # clocks go back
    ],
)
def test_a5_04_seven_is_seven_on_the_wall_when_clocks_change(
    night: tuple[int, ...], morning: datetime
) -> None:
    end = quiet_until(GERMAN, *night)

    assert end == morning
    assert end.astimezone(ZoneInfo("Europe/Berlin")).hour == 7


def test_a5_04_holidays_are_quiet_by_the_date_where_they_are() -> None:
    christmas_eve, after = (2026, 12, 24, 22), datetime(2026, 12, 27, 6, tzinfo=UTC)

    assert quiet_until(GERMAN, 2026, 12, 25, 11) == after
    assert quiet_until(GERMAN, *christmas_eve) == after
    # In Auckland it is the 25th already, and nobody has listed holidays there.
    kiwi = AWAY | {"person.country": "NZ"}
    assert quiet_until(kiwi, 2026, 12, 24, 22) is None


def test_a5_04_where_a_country_has_several_zones_it_is_day_in_all_of_them() -> None:
    american = AWAY | {"person.country": "US"}
    honolulu = {"person.timezone": "Pacific/Honolulu"}

    assert quiet_until(american, 2026, 11, 24, 14) == datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert quiet_until(american | {"person.timezone": "EST5EDT"}, 2026, 11, 24, 14) is None
    assert quiet_until(american | honolulu, 2026, 11, 24, 14) is not None
    assert quiet_until(american, 2026, 11, 24, 20) is None


def test_a5_04_who_says_nothing_of_where_they_are_may_be_anywhere_we_sell() -> None:
    assert quiet_until(AWAY, 2026, 11, 24, 12) == datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert quiet_until(AWAY, 2026, 11, 24, 16) is None
    assert quiet_until(AWAY | {"person.country": "Atlantis"}, 2026, 11, 24, 12) is not None
    assert quiet_until(AWAY | {"account.country": "DE"}, 2026, 11, 24, 12) is None
    assert quiet_until(AWAY | {"person.company_country": "DE"}, 2026, 11, 24, 12) is None


def test_a5_04_the_rows_say_when_it_is_quiet() -> None:
    path = "tables/gates/contact_policy.toml"
    later = (
        starter().text(path).replace('"person.local_hour" = "< 7"', '"person.local_hour" = "< 9.5"')
    )
    made = Bundle(starter().files | {path: later.encode()})

    end = quiet_until(GERMAN, 2026, 11, 24, 22, bundle=made)

    assert end == datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


_ZONES = st.sampled_from(
    ["Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe",
     "Pacific/Auckland", "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Chatham"]
)  # fmt: skip


@modest(150)
@given(_ZONES, st.integers(0, 60 * 24 * 400), st.sampled_from([None, "DE", "US", "GB", "SG"]))
def test_a5_04_it_ends_at_the_first_quarter_that_is_day_and_no_holiday(
    zone: str, minute: int, country: str | None
) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(minutes=minute)
    facts = AWAY | {"person.timezone": zone} | ({"person.country": country} if country else {})
    calendar = {"DE": "berlin", "US": "us", "GB": "england", "SG": "singapore"}.get(country or "")

    def is_day(at: datetime) -> bool:
        there = at.astimezone(ZoneInfo(zone))
        off: date | None = there.date() if calendar else None
        is_off = bool(off and find_holiday(starter(), str(calendar), off))
        return time(7) <= there.time() < time(20) and not is_off

    end = find_quiet_end(facts, "email", ActionClass.DEFAULT, now, starter())

    assert (end is None) == is_day(now)
    if end:
        assert is_day(end)
        quarter = end - timedelta(minutes=15)
        while quarter > now:
            assert not is_day(quarter)
            quarter -= timedelta(minutes=15)
