"""What an operator wants back is noted at once, stopped if it has not left, and proved."""

from datetime import timedelta

from functions.action.listen import recall
from functions.action.take_back import sweep
from mos.events import RecallOrdered
from mos.model.base import derive_id
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.ports import Moment
from tests.builders import NOON
from tests.delivering import Delivering
from tests.property.steps import mailed
from tests.property.test_deliveries import kept, person

LATER = NOON + timedelta(hours=1)
TASK = mailed(action="bdr_call", channel="hubspot_task")


def ordered(*runs: str) -> RecallOrdered:
    return RecallOrdered(
        event_id="evt_9", cause_id="sig_9", trace_id="sig_9", occurred_at=LATER,
        actions=tuple(derive_id("act", derive_id("dec", run)) for run in runs), why="wrong list",
    )  # fmt: skip


def called(*purposes: Purpose) -> Delivering:
    return Delivering(kept(person(*purposes)))


def binned(layer: Delivering) -> int:
    return sum(call.method == "DELETE" for call in layer.wire.calls)


def test_what_was_done_is_taken_back_once_however_often_it_is_said() -> None:
    layer = called(Purpose.PHONE_SALES)
    layer.deliver(TASK)

    for _ in "twice":
        recall(ordered("run_1"), Moment(LATER), layer.room().wire)

    undone = layer.stored(TASK).undone
    assert undone is not None
    assert (undone.done, undone.why, undone.at) == (True, "wrong list", LATER)
    assert undone.proof
    assert binned(layer) == 1


def test_what_waits_is_stopped_over_any_channel_and_one_not_begun_never_begins() -> None:
    layer = called(Purpose.EMAIL_MARKETING)
    layer.wire.failures = ["503"]
    held, unheard = mailed("run_1"), mailed("run_2")
    layer.try_once(held)

    recall(ordered("run_1", "run_2"), Moment(LATER), layer.room().wire)
    ends = [layer.deliver(event, LATER)[0] for event in (held, unheard)]

    assert {e.status for e in ends} == {DeliveryStatus.SKIPPED}
    assert {e.reason for e in ends} == {"recalled: wrong list"}
    assert layer.wire.mails == []


def test_a_mail_that_has_left_stays_and_nothing_is_asked_of_its_provider() -> None:
    layer = called(Purpose.EMAIL_MARKETING)
    layer.deliver(mailed())
    calls = len(layer.wire.calls)

    recall(ordered("run_1"), Moment(LATER), layer.room().wire)

    assert layer.stored(mailed()).undone is None
    assert len(layer.wire.calls) == calls
    assert sweep(layer.room().wire, LATER) == {"undone": 0, "undo_waits": 0, "undo_refused": 0}


def test_a_provider_that_is_away_has_it_done_by_the_sweep() -> None:
    layer = called(Purpose.PHONE_SALES)
    layer.deliver(TASK)
    layer.wire.failures = ["unavailable"]

    recall(ordered("run_1"), Moment(LATER), layer.room().wire)
    assert layer.stored(TASK).undone is None
    counts = sweep(layer.room().wire, LATER + timedelta(minutes=5))

    assert counts["undone"] == 1
    assert binned(layer) == 1


def test_a_try_that_may_have_arrived_is_unknown_and_not_said_to_have_been_stopped() -> None:
    layer = called(Purpose.PHONE_SALES)
    layer.wire.failures = ["lost"]
    layer.try_once(TASK)

    recall(ordered("run_1"), Moment(LATER), layer.room().wire)
    said, _ = layer.deliver(TASK, LATER)

    assert said.status is DeliveryStatus.UNKNOWN
    assert "recalled" in said.reason
    assert sweep(layer.room().wire, LATER)["undone"] == 1
    undone = layer.stored(TASK).undone
    assert undone is not None
    assert undone.proof.endswith("answered 204")
    assert binned(layer) == 1


def test_a_try_that_never_arrived_is_undone_when_its_provider_says_that_it_has_none() -> None:
    layer = called(Purpose.PHONE_SALES)
    layer.wire.failures = ["uncertain"]
    layer.try_once(TASK)

    recall(ordered("run_1"), Moment(LATER), layer.room().wire)
    layer.deliver(TASK, LATER)
    sweep(layer.room().wire, LATER)

    undone = layer.stored(TASK).undone
    assert undone is not None
    assert (undone.done, undone.proof) == (True, "hubspot has none of our id")
    assert binned(layer) == 0


def test_an_action_that_nobody_knows_changes_nothing_that_is_done() -> None:
    layer = called(Purpose.PHONE_SALES)
    layer.deliver(TASK)

    recall(ordered("run_7"), Moment(LATER), layer.room().wire)

    assert layer.stored(TASK).undone is None


def test_whether_a_channel_takes_back_is_noted_with_the_delivery() -> None:
    layer = called(Purpose.PHONE_SALES, Purpose.EMAIL_MARKETING)
    layer.deliver(TASK)
    layer.deliver(mailed("run_2"))

    assert layer.stored(TASK).can_undo is True
    assert layer.stored(mailed("run_2")).can_undo is False
