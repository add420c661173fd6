"""Row A.5.2: caps hold when something leaves, whatever day it was decided on."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mos.events import (
    ActionDelivered,
    ActionHeld,
)
from mos.identity.identifier import person_id
from mos.model.account import Account, BuyingGroup, SharedTouches
from mos.model.delivery import DeliveryStatus
from mos.model.limit import Window
from mos.ports import Record
from tests.acceptance.test_a5_02_calendar_caps import DAILY, capped, local
from tests.builders import NOON, edge
from tests.leaving import Leaving, cap, somebody

BERLIN = ZoneInfo("Europe/Berlin")
DAY = [cap(1, window=Window.DAY)]
ROLLING = [cap(1)]


def layer(zone: str = "Europe/Berlin", **fields: Any) -> Leaving:
    """Return a layer that knows somebody there, and no quiet hours."""
    made = Leaving(bundle=capped(DAILY), **fields)
    made.know(somebody(timezone=zone) if zone else somebody())
    return made


def berlin(*at: int) -> datetime:
    return local("Europe/Berlin", 2026, 11, *at)


def test_a5_02_what_is_held_overnight_takes_the_room_of_the_day_in_which_it_leaves() -> None:
    one = layer()
    late = one.decide("run_late", DAY, berlin(24, 20))
    early = one.decide("run_early", DAY, berlin(25, 8), group="grp_2")

    held = one.try_once(late, berlin(25, 7))
    second = one.try_once(early, berlin(25, 8))

    assert isinstance(held, ActionDelivered)
    assert held.status is DeliveryStatus.SENT
    assert isinstance(second, ActionHeld)
    assert second.held_until == berlin(26, 0)
    assert second.held_why == (
        "contact/limits#the_cap is full (1 of 1 in one day where they are): "
        "room from 2026-11-25 23:00 UTC (2026-11-26 00:00 where they are)"
    )
    assert one.deliver(early, second.held_until)[0].status is DeliveryStatus.SENT
    assert len(one.wire.mails) == 2


def test_a5_02_it_leaves_in_the_morning_after_the_day_that_is_full() -> None:
    one = Leaving()
    one.know(somebody(timezone="Europe/Berlin"))
    first, second = (one.decide(run, DAY, berlin(24, 9), hours=72) for run in ("run_1", "run_2"))
    one.deliver(first, berlin(24, 9))

    said = one.try_once(second, berlin(24, 10))

    assert isinstance(said, ActionHeld)
    assert said.held_until == berlin(25, 7)
    assert "quiet hours there until 2026-11-25 06:00 UTC" in said.held_why


def test_a5_02_what_has_no_room_before_it_is_stale_never_leaves_and_says_so() -> None:
    one = layer()
    one.deliver(one.decide("run_1", ROLLING), NOON)
    event = one.decide("run_2", ROLLING, NOON + timedelta(hours=1), hours=20)

    said = one.try_once(event, NOON + timedelta(hours=1))

    assert isinstance(said, ActionDelivered)
    assert said.status is DeliveryStatus.SKIPPED
    assert said.reason == (
        "expired: contact/limits#the_cap is full (1 of 1 in 24 hours), with no room before "
        "2026-11-03 09:00 UTC (2026-11-03 10:00 where they are)"
    )


@pytest.mark.parametrize("hours", [24, 26])
def test_a5_02_where_nothing_is_known_the_whole_worlds_day_is_over_first(hours: int) -> None:
    one = layer("")
    one.deliver(one.decide("run_1", DAY), NOON)
    event = one.decide("run_2", DAY, NOON + timedelta(hours=1))

    said = one.try_once(event, NOON + timedelta(hours=hours))

    assert isinstance(said, ActionHeld if hours < 26 else ActionDelivered)


def test_a5_02_a_day_of_25_hours_is_one_day_when_it_leaves() -> None:
    one, start = layer(), datetime(2026, 10, 25, tzinfo=BERLIN).astimezone(UTC)
    one.deliver(one.decide("run_1", DAY, start), start)
    event = one.decide("run_2", DAY, start)

    said = one.try_once(event, start + timedelta(hours=24, minutes=30))

    assert isinstance(said, ActionHeld)
    assert said.held_until == start + timedelta(hours=25)


def test_a5_02_another_group_of_theirs_has_the_same_day() -> None:
    one = layer()
    one.deliver(one.decide("run_1", DAY, group="grp_a", account="acc_a"), NOON)

    said = one.try_once(one.decide("run_2", DAY, group="grp_b", account="acc_b"), NOON)

    assert isinstance(said, ActionHeld)


def test_a5_02_an_account_has_one_budget_over_its_groups_people_and_former_ids() -> None:
    one, limits = layer(), [cap(1, scope="account", channel="any", hours=168)]
    one.know(somebody("per_2", timezone="Europe/Berlin"))
    joined = Account(account_id="acc_1", domain="acme.example", parts=("acc_old",))
    old = Account(account_id="acc_old", domain="acme.example", joined_to="acc_1")
    for each in (joined, old):
        one.people.save(Record(f"ACCOUNT#{each.account_id}", "ACCOUNT", each.canonical()))
    one.deliver(one.decide("run_1", limits, group="grp_old", account="acc_old"), NOON)

    said = one.try_once(one.decide("run_2", limits, person="per_2", group="grp_2"), NOON)

    assert isinstance(said, ActionDelivered)
    assert said.status is DeliveryStatus.SKIPPED


def test_a5_02_a_group_that_was_two_counts_what_left_for_both() -> None:
    one, limits = layer(), [cap(1, scope="group", channel="any", hours=12)]
    shared = BuyingGroup(
        group_id="grp_1", account_id="acc_1", solution="s",
        shared=(SharedTouches(group_id="grp_old"),),
    )  # fmt: skip
    one.people.save(Record("GROUP#grp_1", "GROUP", shared.canonical()))
    one.deliver(one.decide("run_1", limits, group="grp_old"), NOON)

    assert isinstance(one.try_once(one.decide("run_2", limits), NOON), ActionHeld)


def test_a5_02_who_was_two_people_has_one_day() -> None:
    one = layer()
    one.know(somebody("per_2", timezone="Europe/Berlin"))
    event = one.decide("run_2", DAY, person="per_2", group="grp_2")
    one.deliver(one.decide("run_1", DAY), NOON)

    one.redirect("per_2", "per_1")

    assert isinstance(one.try_once(event, NOON), ActionHeld)


def test_a5_02_what_left_under_a_former_id_counts_once_they_are_one() -> None:
    one, met = layer(), edge("email:first@acme.example")
    old = somebody(person_id(met), timezone="Europe/Berlin")
    one.know(old)
    one.deliver(one.decide("run_1", DAY, person=old.profile_id), NOON)

    whole = somebody(timezone="Europe/Berlin")
    one.know(whole.model_copy(update={"identifiers": (*whole.identifiers, met)}))
    one.redirect(old.profile_id, "per_1")

    assert isinstance(one.try_once(one.decide("run_2", DAY), NOON), ActionHeld)


def test_a5_02_who_is_parted_again_was_reached_under_both_ids() -> None:
    one, met = layer(), edge("email:first@acme.example")
    old = somebody(person_id(met), timezone="Europe/Berlin")
    whole = somebody(timezone="Europe/Berlin")
    one.know(whole.model_copy(update={"identifiers": (*whole.identifiers, met)}))
    one.redirect(old.profile_id, "per_1")
    one.deliver(one.decide("run_1", DAY), NOON)

    one.know(whole)
    one.know(old)

    event = one.decide("run_2", DAY, person=old.profile_id, group="grp_2")
    assert isinstance(one.try_once(event, NOON), ActionHeld)
