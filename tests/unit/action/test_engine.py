"""What is decided leaves once: claimed right before the wire, held where it cannot leave yet."""

from datetime import timedelta

import pytest

from functions.action.deliver import LEASE
from mos.errors import ConflictError, UnavailableError
from mos.events import ActionDelivered, ActionHeld
from mos.memory.table import FakeTable
from mos.model.call import Call, CallReply
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.ports import Record
from tests.builders import NOON
from tests.delivering import Delivering
from tests.property.steps import mailed
from tests.property.test_deliveries import kept, person

MAIL, CALL = Purpose.EMAIL_MARKETING, Purpose.PHONE_SALES


def for_mail() -> Delivering:
    return Delivering(kept(person(MAIL)))


def for_task() -> Delivering:
    return Delivering(kept(person(CALL)))


TASK = {"action": "bdr_call", "channel": "hubspot_task"}


class ThrottledPeople(FakeTable):
    """The data layer's table, throttled at the first read."""

    reads = 0

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Record | None:
        self.reads += 1
        if self.reads == 1:
            raise UnavailableError("dynamodb", "ThrottlingException")
        return super().get(pk, sk, consistent=consistent)


def test_a_throttled_read_before_the_claim_costs_nothing() -> None:
    people = ThrottledPeople()
    people.save(Record("PERSON#per_1", "PROFILE", person(MAIL).canonical()))
    layer = Delivering(people)

    with pytest.raises(UnavailableError):
        layer.try_once(mailed())
    assert not list(layer.actions.scan())

    said, _ = layer.deliver(mailed())
    assert (said.status, len(layer.wire.mails)) == (DeliveryStatus.SENT, 1)


class Reentrant:
    """A provider that is slow: while it works, the same action is asked for a second time."""

    def __init__(self, layer: Delivering) -> None:
        self.layer, self.meanwhile = layer, list[ActionDelivered | ActionHeld]()

    def exchange(self, call: Call) -> CallReply:
        if not self.meanwhile:
            self.meanwhile.append(self.layer.try_once(mailed(), NOON, "two"))
        return self.layer.wire.exchange(call)


def test_a_second_try_during_a_send_waits_for_the_lease_and_sends_nothing() -> None:
    layer = for_mail()
    slow = Reentrant(layer)
    layer.exchange = slow

    said = layer.try_once(mailed(), NOON, "one")

    [waits] = slow.meanwhile
    assert isinstance(waits, ActionHeld)
    assert (waits.held_until, waits.held_why) == (NOON + LEASE, "another try is sending it")
    assert isinstance(said, ActionDelivered)
    assert said.status is DeliveryStatus.SENT
    assert len(layer.wire.mails) == 1
    later = layer.try_once(mailed(), waits.held_until, "two")
    assert later == said


class Dying:
    """A provider that takes the call, and whoever called dies before it hears of it."""

    def __init__(self, layer: Delivering) -> None:
        self.layer, self.died = layer, False

    def exchange(self, call: Call) -> CallReply:
        reply = self.layer.wire.exchange(call)
        if not self.died:
            self.died = True
            raise KeyboardInterrupt
        return reply


@pytest.mark.parametrize(
    ("layer", "how", "status", "sends"),
    [
        (for_mail(), {}, DeliveryStatus.UNKNOWN, 1),
        (for_task(), TASK, DeliveryStatus.SENT, 2),
    ],
    ids=["no key", "a key"],
)
def test_whoever_dies_on_the_wire_is_followed_once_the_lease_is_over(
    layer: Delivering, how: dict[str, str], status: DeliveryStatus, sends: int
) -> None:
    layer.exchange = Dying(layer)
    event = mailed(**how)

    with pytest.raises(KeyboardInterrupt):
        layer.try_once(event)
    said, at = layer.deliver(event)

    assert layer.waits[0].held_until == NOON + LEASE
    assert at >= NOON + LEASE
    assert said.status is status
    assert len(layer.wire.calls) == sends
    assert len({body["inputs"][0]["id"] for _, _, body in layer.wire.posts}) <= 1


def test_a_lost_answer_of_a_provider_with_a_key_is_asked_for_again_with_the_same_key() -> None:
    layer = for_task()
    layer.wire.failures = ["lost", "500"]

    said, _ = layer.deliver(mailed(**TASK))

    keys = {body["inputs"][0]["id"] for _, _, body in layer.wire.posts}
    assert (said.status, len(layer.wire.calls), len(keys)) == (DeliveryStatus.SENT, 3, 1)
    assert "asked again with the same key" in layer.waits[0].held_why


def test_one_that_may_have_arrived_and_runs_out_of_time_is_unknown_not_skipped() -> None:
    layer = for_task()
    layer.wire.failures = ["lost"]
    event = mailed(**TASK)

    layer.try_once(event)
    said = layer.try_once(event, event.expires_at + timedelta(seconds=1))

    assert isinstance(said, ActionDelivered)
    assert said.status is DeliveryStatus.UNKNOWN
    assert "an earlier try may have arrived" in said.reason


def test_a_provider_that_stays_away_holds_it_until_it_is_too_late_and_says_for_what() -> None:
    layer = for_task()
    layer.wire.failures = ["unavailable"] * 400

    said, at = layer.deliver(mailed(**TASK))

    assert said.status is DeliveryStatus.SKIPPED
    assert said.reason.startswith("expired: ")
    assert at > mailed().expires_at
    assert len(layer.waits) < 900


def test_a_token_that_does_not_open_the_door_waits_for_a_person_and_loses_nothing() -> None:
    layer = for_task()
    layer.wire.failures = ["401"]

    said, at = layer.deliver(mailed(**TASK))

    assert layer.waits[0].held_why == (
        "hubspot answered 401: store one that opens it at /mos/<stage>/action/hubspot"
    )
    assert (said.status, at) == (DeliveryStatus.SENT, NOON + timedelta(minutes=15))


def test_five_failures_in_a_row_open_the_breaker_for_that_provider_alone() -> None:
    layer = for_task()
    layer.wire.failures = ["503"] * 5
    for number in range(5):
        layer.try_once(mailed(**TASK, run=f"run_{number}"))
    calls = len(layer.wire.calls)

    held = layer.try_once(mailed(**TASK, run="run_6"))

    assert isinstance(held, ActionHeld)
    assert held.held_why.startswith("5 failures in a row")
    assert len(layer.wire.calls) == calls
    layer.people = kept(person(MAIL))
    mail = layer.try_once(mailed())
    assert isinstance(mail, ActionDelivered)
    assert mail.status is DeliveryStatus.SENT


def test_after_an_outage_one_call_tries_and_the_others_wait_for_it() -> None:
    layer = for_task()
    layer.wire.failures = ["503"] * 5
    for number in range(5):
        layer.try_once(mailed(**TASK, run=f"run_{number}"))
    over = NOON + timedelta(seconds=30)
    layer.exchange = Dying(layer)
    with pytest.raises(KeyboardInterrupt):
        layer.try_once(mailed(**TASK, run="run_6"), over)

    other = layer.try_once(mailed(**TASK, run="run_7"), over)
    later = layer.try_once(mailed(**TASK, run="run_7"), over + timedelta(seconds=30))

    assert isinstance(other, ActionHeld)
    assert isinstance(later, ActionDelivered)


def test_no_more_calls_leave_in_a_second_than_a_provider_takes() -> None:
    layer = for_task()

    said = [layer.try_once(mailed(**TASK, run=f"run_{n}")) for n in range(30)]

    held = [one for one in said if isinstance(one, ActionHeld)]
    assert len(said) - len(held) == 19
    assert {one.held_why for one in held} == {"hubspot takes 19 calls a second"}
    assert all(one.held_until > NOON for one in held)


def test_a_mail_that_is_due_at_night_waits_for_the_morning_and_then_leaves() -> None:
    night = NOON.replace(hour=22)
    layer = for_mail()

    said, at = layer.deliver(mailed(), night)

    assert layer.waits[0].held_why == "quiet hours where they are"
    assert said.status is DeliveryStatus.SENT
    assert at > night + timedelta(hours=6)


def test_another_writer_between_check_and_claim_sends_nothing() -> None:
    class Overtaken(FakeTable):
        def save(self, record: Record) -> Record:
            if record.sk == "DELIVERY":
                raise ConflictError(record.pk)
            return super().save(record)

    layer = for_mail()
    layer.actions = Overtaken()

    with pytest.raises(ConflictError):
        layer.try_once(mailed())
    assert layer.wire.calls == []
