"""Row A.5.20: a domain that warms up sends so many mails a day, and loses none."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.action.dispatch import Dispatch
from functions.action.warm_up import add_warm_up, find_next_day, find_warm_up
from mos.events import ActionDecided, ActionDelivered, ActionHeld
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.policy.bundle.bundle import Bundle
from mos.policy.checks import undated_warm_up
from mos.policy.examine import examine
from tests.builders import NOON, starter
from tests.delivering import Delivering
from tests.property.steps import mailed
from tests.property.test_deliveries import kept, person

DOMAIN = "ours.example"


def warming(start: str, first: int = 2) -> Bundle:
    """Return the starter with a domain that warms up, and few mails on its first day."""
    page = starter().text("providers/ses.toml") + f'[warm_up]\n"{DOMAIN}" = "{start}"\n'
    table = starter().text("tables/contact/warm_up.toml").replace("= 50 }", f"= {first} }}")
    changed = {"providers/ses.toml": page, "tables/contact/warm_up.toml": table}
    return Bundle(starter().files | {name: text.encode() for name, text in changed.items()})


class Warming(Delivering):
    """An action layer that goes by such a bundle."""

    def by(self, bundle: Bundle) -> "Warming":
        self.bundle = bundle
        return self

    def event(self, run: str) -> ActionDecided:
        return mailed(run).model_copy(update={"bundle": self.bundle.digest})

    def room(self) -> Dispatch:
        made = super().room()
        made.store.publish(self.bundle)
        return made


def layer(start: str, first: int = 2) -> Warming:
    return Warming(kept(person(Purpose.EMAIL_MARKETING))).by(warming(start, first))


def test_a5_20_what_is_over_the_day_waits_for_the_next_and_leaves_then() -> None:
    one = layer(NOON.date().isoformat())
    events = [one.event(f"run_{number}") for number in range(4)]

    said = [one.try_once(event) for event in events]
    waits = [s for s in said if isinstance(s, ActionHeld)]
    left = [one.deliver(event, w.held_until) for event, w in zip(events[2:], waits, strict=True)]

    assert [type(s) for s in said] == [ActionDelivered, ActionDelivered, ActionHeld, ActionHeld]
    assert waits[0].held_why == (
        "ours.example warms up, day 1: 2 mails a day (contact/warm_up#day_1)"
    )
    tomorrow = NOON.date() + timedelta(days=1)
    assert {w.held_until.date() for w in waits} == {tomorrow}
    assert waits[0].held_until != waits[1].held_until
    assert {s.status for s, _ in left} == {DeliveryStatus.SENT}
    assert len(one.wire.mails) == 4


def test_a5_20_a_mail_that_is_tried_again_takes_room_once() -> None:
    one = layer(NOON.date().isoformat())
    one.wire.failures = ["429", "503", "429"]
    first, second = one.event("run_1"), one.event("run_2")

    one.deliver(first)
    said, at = one.deliver(second)

    assert said.status is DeliveryStatus.SENT
    assert at.date() == NOON.date()


def test_a5_20_a_domain_sends_nothing_before_its_first_day() -> None:
    one = layer((NOON.date() + timedelta(days=1)).isoformat())

    held = one.try_once(one.event("run_1"))
    assert isinstance(held, ActionHeld)
    said, at = one.deliver(one.event("run_1"), held.held_until)

    assert said.status is DeliveryStatus.SENT
    assert at.date() == NOON.date() + timedelta(days=1)


@pytest.mark.parametrize("days", [29, 400])
def test_a5_20_a_domain_that_is_warm_is_not_limited(days: int) -> None:
    one = layer((NOON.date() - timedelta(days=days - 1)).isoformat())

    for number in range(5):
        assert isinstance(one.try_once(one.event(f"run_{number}")), ActionDelivered)


def test_a5_20_nothing_is_limited_where_no_day_is_stated() -> None:
    settings = {"mail_from": "hello@ours.example"}

    assert add_warm_up(settings, "ses", starter(), NOON) == settings


def test_a5_20_what_expires_meanwhile_says_why_it_waited() -> None:
    one = layer(NOON.date().isoformat(), first=1)
    one.try_once(one.event("run_1"))
    short = one.event("run_2").model_copy(update={"expires_at": NOON + timedelta(hours=2)})
    one.try_once(short)

    said, _ = one.deliver(short, NOON + timedelta(hours=3))

    assert said.status is DeliveryStatus.SKIPPED
    assert said.reason.startswith("expired: ours.example warms up, day 1")


@given(st.integers(0, 730 * 86_400), st.text(), st.integers(0, 90))
def test_a5_20_the_next_day_is_the_next_day_of_utc(at: int, name: str, hours: int) -> None:
    now = NOON + timedelta(seconds=at)
    expires = now + timedelta(hours=hours)
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)

    until = find_next_day(name, 0, expires, now)

    assert midnight <= until <= midnight + timedelta(hours=12)
    if expires > midnight:
        assert until < expires


@given(st.integers(1, 60))
def test_a5_20_later_days_allow_no_less(day: int) -> None:
    bundle = warming("2026-01-01", 50)

    def allowed(number: int) -> float:
        at = datetime(2026, 1, 1, 23, 59, tzinfo=UTC) + timedelta(days=number - 1)
        found = find_warm_up(
            add_warm_up({"mail_from": f"a@{DOMAIN}"} | stated, "ses", bundle, at), at
        )
        return found.at_most if found else float("inf")

    stated = {f"warm_up.{DOMAIN}": "2026-01-01"}
    assert allowed(day) <= allowed(day + 1)


@pytest.mark.parametrize("start", ["soon", "2026-13-01", ""])
def test_a5_20_a_first_day_that_is_none_cannot_be_published_and_lets_nothing_leave(
    start: str,
) -> None:
    found = undated_warm_up.CHECK.run(warming(start), date(2026, 11, 30))

    assert any("is no day" in one["detail"] for one in found)
    one = layer(start)
    assert isinstance(one.try_once(one.event("run_1")), ActionHeld)


def test_a5_20_the_starter_with_a_day_is_a_bundle_without_faults() -> None:
    found = examine(warming("2026-12-01", 50), date(2026, 11, 30))

    assert [one for one in found if one["level"] == "error"] == []
