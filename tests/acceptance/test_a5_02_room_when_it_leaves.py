"""Row A.5.2: which touches take room of what is about to leave, and which give it back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from functions.action.erase import erase
from functions.action.left_touches import LeftRecords
from functions.action.listen import tell_receipt
from functions.decisioning.observe import count_touch
from lab.bench.contested import ContestedTable
from mos.errors import ConflictError, UnavailableError
from mos.events import (
    ActionDelivered,
    ActionHeld,
    ErasureOrdered,
    ReceiptObserved,
    TouchObserved,
)
from mos.memory.bus import FakeBus
from mos.model.action import ActionClass
from mos.model.delivery import DeliveryStatus
from mos.model.limit import Window
from mos.ports import Moment
from tests.acceptance.test_a5_02_when_it_leaves import DAY, ROLLING, layer
from tests.builders import NOON
from tests.leaving import Leaving, cap, somebody


@pytest.mark.parametrize("where", ["at once", "by a receipt"])
def test_a5_02_what_never_left_gives_its_room_back(where: str) -> None:
    one = layer()
    first, second = one.decide("run_1", DAY), one.decide("run_2", DAY)
    if where == "at once":
        one.wire.refusals["ses"] = (400, "MessageRejected")
    said, _ = one.deliver(first, NOON)
    one.wire.refusals.clear()
    if where == "by a receipt":
        assert isinstance(one.try_once(second, NOON), ActionHeld)
        tell_receipt(denial(said), one.room().wire, FakeBus())

    assert one.stored(first).status is DeliveryStatus.REFUSED
    assert isinstance(one.try_once(second, NOON + timedelta(hours=1)), ActionDelivered)
    assert one.stored(second).status is DeliveryStatus.SENT


def denial(said: ActionDelivered) -> ReceiptObserved:
    return ReceiptObserved(
        event_id="evt_7", cause_id="sig_7", trace_id="sig_7", occurred_at=NOON,
        action_id=said.action_id, receipt="email.rejected",
    )  # fmt: skip


def test_a5_02_what_its_provider_did_not_take_leaves_its_room_to_others() -> None:
    one = layer()
    first, second = one.decide("run_1", DAY), one.decide("run_2", DAY)
    one.wire.failures = ["unavailable"]
    waits = one.try_once(first, NOON)
    later = one.try_once(second, NOON + timedelta(minutes=1))

    assert isinstance(waits, ActionHeld)
    assert isinstance(later, ActionDelivered)
    assert isinstance(one.try_once(first, NOON + timedelta(minutes=2)), ActionHeld)
    assert len(one.wire.mails) == 1


def test_a5_02_what_may_have_arrived_keeps_its_room_and_a_retry_takes_no_second() -> None:
    one = layer()
    task = {"action": "bdr_call", "channel": "hubspot_task"}
    limits = [cap(2, channel="hubspot_task", window=Window.DAY)]
    events = [one.decide(f"run_{n}", limits, **task) for n in range(3)]  # type: ignore[arg-type]
    one.wire.failures = ["lost"]
    unsure = one.try_once(events[0], NOON)

    assert isinstance(unsure, ActionHeld)
    one.deliver(events[0], unsure.held_until)
    assert isinstance(one.try_once(events[1], NOON + timedelta(hours=1)), ActionDelivered)
    assert isinstance(one.try_once(events[2], NOON + timedelta(hours=1)), ActionHeld)
    kept = LeftRecords.read(one.actions, ["per_1"]).list_of("per_1")
    assert [len(touch.at) for touch in kept] == [2, 1]


def test_a5_02_many_groups_at_once_send_one_person_no_more_than_the_cap() -> None:
    one, limits = layer(actions=ContestedTable()), [cap(3, window=Window.DAY)]
    events = [one.decide(f"run_{n}", limits, group=f"grp_{n}", account=f"acc_{n}")
              for n in range(16)]  # fmt: skip

    def send(number: int) -> str:
        for attempt in range(60):
            try:
                said = one.try_once(events[number], NOON, by=f"{number}-{attempt}")
            except ConflictError:
                continue  # Its workflow tries again.
            if isinstance(said, ActionDelivered) or "full" in said.held_why:
                return said.event_id if isinstance(said, ActionDelivered) else ""
        raise AssertionError(f"{number} never came through")

    with ThreadPoolExecutor(16) as pool:
        said = list(pool.map(send, range(16)))

    assert sum(map(bool, said)) == 3
    assert len(one.wire.mails) == 3


def test_a5_02_a_states_rule_counts_calls_and_texts_together_when_they_leave() -> None:
    one = layer()
    limits = [cap(1, channel="email+hubspot_task", people=("per_1",))]
    one.deliver(one.decide("run_1", limits), NOON)
    task = one.decide("run_2", limits, action="bdr_call", channel="hubspot_task")

    said = one.try_once(task, NOON + timedelta(hours=1))

    assert isinstance(said, ActionHeld)
    assert said.held_until == NOON + timedelta(hours=24)


def test_a5_02_a_cap_of_somebody_elses_keeps_nobody_back() -> None:
    one = layer()
    limits = [cap(1, people=("per_of_florida",))]

    for run in ("run_1", "run_2"):
        assert isinstance(one.try_once(one.decide(run, limits), NOON), ActionDelivered)

    assert len(one.wire.mails) == 2


def test_a5_02_what_was_asked_for_is_never_kept_back_and_counts_all_the_same() -> None:
    one = Leaving()
    one.know(somebody(timezone="Europe/Berlin"))
    asked = [one.decide(f"run_{n}", ROLLING) for n in range(2)]
    klass = {"klass": ActionClass.TRANSACTIONAL}
    for event in asked:
        action = event.action.model_copy(update=klass)
        one.deliver(event.model_copy(update={"action": action}), NOON)

    assert len(one.wire.mails) == 2
    assert isinstance(one.try_once(one.decide("run_3", ROLLING), NOON), ActionHeld)


def test_a5_02_an_ad_that_they_saw_takes_of_the_same_budget_once() -> None:
    one, limits = layer(), [cap(1, channel="any", hours=12)]
    seen = TouchObserved(
        event_id="evt_1", cause_id="sig_1", trace_id="sig_1", occurred_at=NOON, signal_id="sig_1",
        person_id="per_1", group_id="grp_1", account_id="acc_1", channel="impression",
        weight=0.5,
    )  # fmt: skip
    for _ in range(2):
        count_touch(seen, Moment(NOON), one.ledger)

    said = one.try_once(one.decide("run_1", limits), NOON + timedelta(hours=1))

    assert isinstance(said, ActionHeld)
    assert said.held_until == NOON + timedelta(hours=12)
    assert "(0.5 of 1 in 12 hours)" in said.held_why


def test_a5_02_of_who_is_forgotten_no_touch_is_kept() -> None:
    one = layer()
    one.deliver(one.decide("run_1", DAY), NOON)

    order = ErasureOrdered(
        event_id="evt_9", cause_id="sig_9", trace_id="sig_9", occurred_at=NOON,
        request_id="prv_1", people=("per_1",),
    )  # fmt: skip
    erase(order, Moment(NOON), one.actions)

    assert "per_1" not in "".join(f"{r.pk}{r.sk}{r.body}" for r in one.actions.scan())
    assert len(LeftRecords.read(one.actions, ["grp_1"]).list_of("grp_1")) == 1


def test_a5_02_nothing_leaves_whose_caps_nobody_knows() -> None:
    one = layer()
    event = one.decide("run_1", DAY)
    one.ledger.delete(f"DECISION#{event.decision_id}", "DECISION")

    with pytest.raises(UnavailableError):
        one.try_once(event, NOON)

    assert one.wire.mails == []
