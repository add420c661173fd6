"""What a bundle may not say of the night, and of how long the past is remembered."""

from datetime import date

import pytest

from mos.policy.bundle.bundle import Bundle
from mos.policy.checks import endless_night, forgetful_limit
from tests.builders import starter

TODAY = date(2026, 11, 30)


def with_text(path: str, old: str, new: str) -> Bundle:
    text = starter().text(path)
    assert old in text
    return Bundle(starter().files | {path: text.replace(old, new).encode()})


def elsewhere(zones: str) -> Bundle:
    old = '["America/Los_Angeles", "America/New_York", "Europe/London", "Europe/Berlin"]'
    return with_text("parameters/messages.toml", old, zones)


def test_the_starter_leaves_an_hour_of_the_day_to_whoever_may_be_anywhere() -> None:
    assert endless_night.CHECK.run(starter(), TODAY) == []


def test_zones_around_the_world_leave_none() -> None:
    found = endless_night.CHECK.run(
        elsewhere('["America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo"]'), TODAY
    )

    assert {f["level"] for f in found} == {"warning"}
    assert any("no email would leave" in f["detail"] for f in found)


def test_a_zone_that_there_is_none_of_is_named() -> None:
    [found] = endless_night.CHECK.run(elsewhere('["Europe/Berln", "Europe/London"]'), TODAY)

    assert (found["level"], "'Europe/Berln' is no time zone" in found["detail"]) == ("error", True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"action.hours_since_same" = "< 2160"', '"action.hours_since_same" = "< 9601"'),
        ('"person.hours_since_handoff" = "< 120"', '"person.hours_since_handoff" = "< 20000"'),
    ],
)
def test_a_pause_longer_than_is_remembered_is_refused(old: str, new: str) -> None:
    bundle = with_text("tables/gates/contact_policy.toml", old, new)

    assert forgetful_limit.CHECK.run(starter(), TODAY) == []
    [found] = forgetful_limit.CHECK.run(bundle, TODAY)
    assert "it is kept for 400 days: say at most 9600" in found["detail"]
