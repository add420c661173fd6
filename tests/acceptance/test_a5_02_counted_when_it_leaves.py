"""Row A.5.2: decisions count a touch in the day in which it leaves, or is planned to."""

from datetime import timedelta
from typing import Any

import pytest

from functions.action.moved import is_elsewhere, tell_moved
from functions.action.unsent import tell_unsent
from functions.decisioning.give_back import give_back
from functions.decisioning.move_touch import move_touch
from functions.decisioning.replay import differences, replay
from functions.decisioning.touches import Lately
from mos.errors import ConflictError
from mos.events import ActionDecided, TouchMoved
from mos.memory.table import FakeTable
from mos.model.base import derive_id
from mos.model.decision import Decision
from mos.model.delivery import Delivery, DeliveryStatus
from mos.ports import Moment
from tests.acceptance.test_a5_02_calendar_caps import DAILY, Sender, capped, local
from tests.acceptance.test_a5_02_when_it_leaves import layer
from tests.builders import NOON
from tests.leaving import cap
from tests.property.steps import mailed

EVENING, MORNING = (local("Europe/Berlin", 2026, 11, *at) for at in ((24, 22), (25, 8)))
HOUR = timedelta(hours=1)


def sender(then: str = DAILY) -> Sender:
    return Sender(capped(then), timezone="Europe/Berlin")


def moved(said: ActionDecided, leaves: Any, known: Any = None) -> TouchMoved:
    known = known or leaves
    return TouchMoved.following(
        said, event_id=derive_id("evt", said.decision_id, str(leaves), str(known)),
        occurred_at=known, decision_id=said.decision_id, action_id="act_1", leaves_at=leaves,
    )  # fmt: skip


def hear(one: Sender, event: TouchMoved) -> None:
    move_touch(event, one.runs.table, one.runs.store.load)


def moments(one: Sender, *subjects: str) -> dict[str, list[Any]]:
    table = one.runs.table
    return {s: [touch.at for touch in Lately.read(table, s).touches] for s in subjects}


def test_a5_02_what_waits_for_the_morning_counts_in_the_new_day_and_not_in_the_old() -> None:
    berlin = sender()
    said = berlin.at(EVENING)

    hear(berlin, moved(said, MORNING, EVENING))

    assert berlin.sends(EVENING + HOUR)
    assert not berlin.sends(MORNING - HOUR)
    assert not berlin.sends(MORNING + 15 * HOUR)
    assert berlin.sends(MORNING + 16 * HOUR)


def test_a5_02_a_rolling_window_holds_what_leaves_later_only_if_it_holds_both() -> None:
    berlin = sender('scope = "person", channel = "email", at_most = 1, hours = 24')
    said = berlin.at(NOON)

    hear(berlin, moved(said, NOON + 72 * HOUR, NOON))

    assert berlin.sends(NOON + HOUR)
    assert not berlin.sends(NOON + 49 * HOUR)
    assert not berlin.sends(NOON + 95 * HOUR)
    assert berlin.sends(NOON + 96 * HOUR)


def test_a5_02_it_is_moved_with_its_person_its_group_and_its_account_once() -> None:
    berlin = sender('scope = "account", channel = "any", at_most = 1, hours = 24')
    said = berlin.at(EVENING)

    for _ in range(2):
        hear(berlin, moved(said, MORNING))

    whom = ("per_1", "grp_1", "acc_1")
    assert moments(berlin, *whom) == {one: [MORNING] for one in whom}


def test_a5_02_what_was_known_earlier_changes_nothing_any_more() -> None:
    berlin = sender()
    said = berlin.at(EVENING)

    hear(berlin, moved(said, MORNING, EVENING + HOUR))
    hear(berlin, moved(said, MORNING + 24 * HOUR, EVENING))

    assert moments(berlin, "per_1") == {"per_1": [MORNING]}


def test_a5_02_what_never_left_gives_back_what_it_was_moved_to_and_stays_so() -> None:
    berlin = sender()
    said = berlin.at(EVENING)
    hear(berlin, moved(said, MORNING))
    full = berlin.sends(MORNING + HOUR)

    for told in tell_unsent(said, DeliveryStatus.SKIPPED, "expired"):
        give_back(told, Moment(MORNING), berlin.runs.table, berlin.runs.store.load)
    hear(berlin, moved(said, MORNING + HOUR))

    assert not full
    assert moments(berlin, "per_1") == {"per_1": []}
    assert berlin.sends(MORNING + 2 * HOUR)


def test_a5_02_a_decision_is_made_again_to_the_bit_wherever_its_touch_is_counted_now() -> None:
    berlin = sender()
    said = berlin.at(EVENING)
    hear(berlin, moved(said, MORNING))
    berlin.at(MORNING + HOUR)

    for record in berlin.runs.table.scan():
        if record.sk == "DECISION":
            again = replay(Decision.parse(record.body), berlin.runs.bundle)
            assert differences(record.body, again) == ()


def test_a5_02_where_other_runs_are_faster_each_time_the_bus_asks_again() -> None:
    class Busy(FakeTable):
        def transact(self, changes: Any, token: str) -> None:
            raise ConflictError(token)

    berlin = sender()
    said, busy = berlin.at(EVENING), Busy()
    busy.items, busy._sorts = berlin.runs.table.items, berlin.runs.table._sorts  # noqa: SLF001  a copy of this test's own

    with pytest.raises(ConflictError):
        move_touch(moved(said, MORNING), busy, berlin.runs.store.load)


def delivery(**fields: Any) -> Delivery:
    made = {
        "action_id": "act_1", "decision_id": "dec_1", "group_id": "grp_1", "person_id": "per_1",
        "action": "email_welcome", "treatment": "t", "channel": "email", "reason": "of this test",
        "status": DeliveryStatus.SENT, "at": NOON,
    }  # fmt: skip
    return Delivery(**(made | fields))


def test_a5_02_it_is_told_when_something_leaves_at_another_moment_and_not_otherwise() -> None:
    event, now = mailed(), NOON + timedelta(seconds=20)
    held = delivery(status=DeliveryStatus.RETRY, held_until=NOON + 19 * HOUR, holds=1)

    [plan] = tell_moved(event, held, now)
    [left] = tell_moved(event, delivery(at=NOON + 19 * HOUR, holds=1), NOON + 19 * HOUR)

    assert (plan.leaves_at, plan.occurred_at) == (NOON + 19 * HOUR, now)
    assert left.leaves_at == left.occurred_at == NOON + 19 * HOUR
    assert plan.event_id != left.event_id
    assert tell_moved(event, delivery(at=now), now) == []
    assert tell_moved(event, held.model_copy(update={"held_until": now}), now) == []
    assert tell_moved(event, delivery(status=DeliveryStatus.SKIPPED), now) == []


def test_a5_02_a_midnight_between_two_moments_is_never_missed() -> None:
    midnight = local("Asia/Kathmandu", 2026, 11, 25)

    assert is_elsewhere(midnight - timedelta(seconds=1), midnight)
    assert not is_elsewhere(midnight, midnight + timedelta(seconds=59))
    assert is_elsewhere(midnight, midnight + timedelta(seconds=60))


def test_a5_02_what_is_told_of_a_mail_that_waits_for_its_cap_is_when_it_leaves() -> None:
    one, limits = layer(), [cap(1)]
    one.deliver(one.decide("run_1", limits), NOON)
    event = one.decide("run_2", limits)
    one.try_once(event, NOON + HOUR)

    [plan] = tell_moved(event, one.stored(event), NOON + HOUR)

    assert plan.leaves_at == NOON + 24 * HOUR
