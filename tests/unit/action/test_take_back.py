"""What was done for somebody is taken back when they say no, and the proof stays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.action.erase import erase
from functions.action.listen import observe, withdraw
from functions.action.take_back import sweep
from mos.events import ConsentWithdrawn, ErasureOrdered, ReceiptObserved
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.model.profile import Edge
from mos.ports import Moment
from tests.builders import NOON
from tests.delivering import Delivering
from tests.property.steps import mailed
from tests.property.test_deliveries import kept, person

PAID = {"action": "retarget", "channel": "meta_audience"}
LATER = NOON + timedelta(hours=1)


def said_no(*purposes: Purpose, channels: tuple[str, ...] = ()) -> ConsentWithdrawn:
    return ConsentWithdrawn(
        event_id="evt_9", cause_id="sig_9", trace_id="sig_9", occurred_at=NOON,
        people=("per_1", "per_0"), purposes=purposes, channels=channels,
    )  # fmt: skip


def forgotten() -> ErasureOrdered:
    return ErasureOrdered(
        event_id="evt_8", cause_id="sig_8", trace_id="sig_8", occurred_at=NOON,
        request_id="req_1", people=("per_1",), groups=(), runs=(),
    )  # fmt: skip


def in_the_audience() -> Delivering:
    layer = Delivering(kept(person(Purpose.ADVERTISING, Purpose.EMAIL_MARKETING)))
    said, _ = layer.deliver(mailed(**PAID))
    assert said.status is DeliveryStatus.SENT
    return layer


def audience_calls(layer: Delivering) -> list[str]:
    return [call.method for call in layer.wire.calls if call.provider == "meta"]


def test_who_withdraws_is_taken_out_of_the_audience_with_the_hash_they_went_in_by() -> None:
    layer = in_the_audience()

    withdraw(said_no(Purpose.ADVERTISING), Moment(LATER), layer.room().wire)

    assert audience_calls(layer) == ["POST", "DELETE"]
    added, removed = (body for _, _, body in layer.wire.posts)
    assert added["payload"] == removed["payload"]
    undone = layer.stored(mailed(**PAID)).undone
    assert undone is not None
    assert (undone.done, undone.at, undone.why) == (True, LATER, "they have said no")


@pytest.mark.parametrize(
    ("event", "reached"),
    [
        (said_no(Purpose.EMAIL_MARKETING), False),
        (said_no(channels=("email",)), False),
        (said_no(channels=("meta_audience",)), True),
        (said_no(channels=("all",)), True),
        (said_no(Purpose.EMAIL_MARKETING, Purpose.ADVERTISING), True),
    ],
)
def test_a_no_reaches_what_it_is_about(event: ConsentWithdrawn, *, reached: bool) -> None:
    layer = in_the_audience()

    withdraw(event, Moment(LATER), layer.room().wire)

    assert (audience_calls(layer) == ["POST", "DELETE"]) is reached


def test_a_provider_that_is_away_is_asked_again_until_it_is_done_and_never_after() -> None:
    layer = in_the_audience()
    layer.wire.failures = ["unavailable", "503"]
    wire = layer.room().wire

    withdraw(said_no(Purpose.ADVERTISING), Moment(LATER), wire)
    counts = [sweep(wire, LATER + timedelta(minutes=5 * n)) for n in range(1, 4)]

    assert [c["undo_waits"] for c in counts] == [1, 0, 0]
    assert [c["undone"] for c in counts] == [0, 1, 0]
    assert audience_calls(layer)[-1] == "DELETE"


def test_who_is_forgotten_is_taken_out_though_nobody_knows_them_any_more() -> None:
    layer = in_the_audience()

    erase(forgotten(), Moment(LATER), layer.actions)
    bare = layer.stored(mailed(**PAID))
    assert (bare.person_id, bare.artefact) == (None, {})
    counts = sweep(layer.room().wire, LATER)

    assert counts["undone"] == 1
    assert audience_calls(layer) == ["POST", "DELETE"]
    assert layer.stored(mailed(**PAID)).handle == {}


def test_a_task_goes_to_the_bin_by_the_providers_own_id() -> None:
    layer = Delivering(kept(person(Purpose.PHONE_SALES)))
    task = mailed(action="bdr_call", channel="hubspot_task")
    layer.deliver(task)

    withdraw(said_no(Purpose.PHONE_SALES), Moment(LATER), layer.room().wire)

    [binned] = [call for call in layer.wire.calls if call.method == "DELETE"]
    assert binned.url.endswith(f"/tasks/{layer.stored(task).provider_id}")


def test_what_is_on_its_way_is_not_sent_once_somebody_has_said_no() -> None:
    layer = Delivering(kept(person(Purpose.ADVERTISING)))
    layer.wire.failures = ["503"]
    event = mailed(**PAID)
    layer.try_once(event)

    withdraw(said_no(Purpose.ADVERTISING), Moment(LATER), layer.room().wire)
    layer.people = kept(person())
    said, _ = layer.deliver(event, LATER)

    assert said.status is DeliveryStatus.REFUSED
    assert audience_calls(layer) == ["POST"]
    assert sweep(layer.room().wire, LATER)["undo_waits"] == 0


def test_a_receipt_ends_what_nobody_knew() -> None:
    layer = Delivering(kept(person(Purpose.EMAIL_MARKETING)))
    layer.wire.failures = ["lost"]
    said, _ = layer.deliver(mailed())
    assert said.status is DeliveryStatus.UNKNOWN
    told = ReceiptObserved(
        event_id="evt_7", cause_id="sig_7", trace_id="sig_7", occurred_at=LATER,
        action_id=said.action_id, receipt="email.delivered",
    )  # fmt: skip

    for _ in "twice":
        observe(told, layer.room().wire)

    kept_now = layer.stored(mailed())
    assert kept_now.status is DeliveryStatus.SENT
    assert [receipt.name for receipt in kept_now.receipts] == ["email.delivered"]
    assert len(layer.wire.mails) == 1


def test_a_receipt_of_an_action_that_nobody_knows_is_kept_with_why_and_changes_nothing() -> None:
    layer = Delivering()
    told = ReceiptObserved(
        event_id="evt_7", cause_id="sig_7", trace_id="sig_7", occurred_at=LATER,
        action_id="act_unheard", receipt="email.delivered",
    )  # fmt: skip

    for _ in range(2):
        observe(told, layer.room().wire)

    [stray] = layer.actions.scan()
    assert stray.pk == f"STRAY#{LATER:%Y-%m-%d}"
    assert stray.tags["action"] == "act_unheard"
    assert stray.tags["why"] == "no action of ours has this id"


def test_who_is_reached_elsewhere_at_the_second_try_is_put_nowhere_twice() -> None:
    """The answer is lost, and meanwhile the person has another mailbox: Meta has the first."""
    layer = Delivering(kept(person(Purpose.ADVERTISING)))
    layer.wire.failures = ["lost"]
    layer.try_once(mailed(**PAID))
    moved = person(Purpose.ADVERTISING).model_copy(
        update={"identifiers": (Edge(type="email", value="other@acme.example"),)}
    )
    held = layer.people.get("PERSON#per_1", "PROFILE")
    assert held is not None
    layer.people.save(replace(held, body=moved.canonical()))

    said, _ = layer.deliver(mailed(**PAID))
    withdraw(said_no(Purpose.ADVERTISING), Moment(LATER), layer.room().wire)

    assert said.status is DeliveryStatus.UNKNOWN
    assert audience_calls(layer) == ["POST", "DELETE"]
    added, removed = (body for _, _, body in layer.wire.posts)
    assert added["payload"] == removed["payload"]
