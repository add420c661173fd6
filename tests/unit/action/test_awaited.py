"""Receipts that don't come, that come unasked, and that prove what nobody knew."""

import json
from datetime import timedelta

import pytest

from functions.action import channels
from functions.action.channel import Channel
from functions.action.listen import observe, tell_receipt
from functions.action.outbound import read_place
from functions.action.patience import find_silent
from functions.action.unsent import tell_unsent
from mos import plugins
from mos.events import ActionDelivered, ActionUnsent, DeliveryProved, ReceiptObserved
from mos.memory.bus import FakeBus
from mos.model.consent import Purpose
from mos.model.delivery import DeliveryStatus
from mos.policy.bundle.bundle import Bundle
from tests.builders import NOON
from tests.delivering import Delivering
from tests.property.steps import mailed, store
from tests.property.test_deliveries import kept, person
from tests.property.worlds import policy

LATER = NOON + timedelta(hours=1)
TASK = {"action": "bdr_call", "channel": "hubspot_task"}


def layer(*failures: str) -> Delivering:
    made = Delivering(kept(person(Purpose.EMAIL_MARKETING, Purpose.PHONE_SALES,
                                  Purpose.ADVERTISING)))  # fmt: skip
    made.place["configuration_set"] = "mos"
    made.wire.failures = list(failures)
    return made


def receipt(
    action_id: str, name: str = "email.delivered", signal: str = "sig_7"
) -> ReceiptObserved:
    return ReceiptObserved(
        event_id=f"evt_{signal}", cause_id=signal, trace_id=signal, occurred_at=LATER,
        action_id=action_id, receipt=name,
    )  # fmt: skip


def silent(one: Delivering, **after: float) -> dict[str, int]:
    found = find_silent(one.room().wire.deliveries, NOON + timedelta(**after))
    return {channel: len(deliveries) for channel, deliveries in found.items()}


def test_each_channel_is_waited_for_as_long_as_it_says_and_told_of_once() -> None:
    one = layer()
    one.deliver(mailed())
    one.deliver(mailed("run_2", **TASK))

    assert silent(one, minutes=29) == {}
    assert silent(one, minutes=31) == {"email": 1}
    assert silent(one, days=4) == {}
    assert silent(one, days=6) == {"hubspot_task": 1}
    assert silent(one, days=9) == {}


def test_who_has_told_is_waited_for_no_more_and_an_audience_tells_nothing() -> None:
    one = layer()
    said, _ = one.deliver(mailed())
    one.deliver(mailed("run_2", action="retarget", channel="meta_audience"))

    observe(receipt(said.action_id, "email.sent"), one.room().wire)

    assert silent(one, days=30) == {}


def test_one_of_which_nobody_knew_is_waited_for_too() -> None:
    one = layer("lost")
    said, _ = one.deliver(mailed())

    assert said.status is DeliveryStatus.UNKNOWN
    assert silent(one, hours=1) == {"email": 1}


def test_what_never_left_is_not_waited_for() -> None:
    one = layer("unavailable")
    one.try_once(mailed())
    one.people = kept(person())

    said, _ = one.deliver(mailed(), LATER)

    assert said.status is DeliveryStatus.REFUSED
    assert silent(one, days=3) == {}


@pytest.mark.parametrize("name", plugins.names(channels))
def test_who_is_waited_for_has_receipts_to_wait_for(name: str) -> None:
    channel = plugins.load(channels, name, "CHANNEL", Channel)

    assert channel.patience is None or channel.receipts
    assert set(channel.denials) <= set(channel.receipts)


def told(one: Delivering, event: ReceiptObserved) -> list[object]:
    bus = FakeBus()
    tell_receipt(event, one.room().wire, bus)
    return list(bus.events)


def test_a_receipt_proves_that_one_of_which_nobody_knew_left_and_says_so_again() -> None:
    one = layer("lost")
    said, _ = one.deliver(mailed())

    first, again = (told(one, receipt(said.action_id)) for _ in range(2))
    other = told(one, receipt(said.action_id, signal="sig_8"))

    assert first == again
    [proved] = first
    assert isinstance(proved, DeliveryProved)
    assert (proved.action_id, proved.has_left) == (said.action_id, True)
    assert other == []


@pytest.mark.parametrize("failures", [("lost",), ()])
def test_a_denial_proves_that_it_never_left_whatever_was_known(failures: tuple[str, ...]) -> None:
    one = layer(*failures)
    said, _ = one.deliver(mailed())

    proved, unsent = told(one, receipt(said.action_id, "email.rejected"))

    assert isinstance(proved, DeliveryProved)
    assert isinstance(unsent, ActionUnsent)
    assert not proved.has_left
    assert one.stored(mailed()).status is DeliveryStatus.REFUSED
    assert len(one.wire.mails) == 1
    again, _ = one.deliver(mailed(), LATER)
    assert again.status is DeliveryStatus.REFUSED
    assert len(one.wire.mails) == 1


def test_what_is_sent_and_delivered_proves_nothing_new() -> None:
    one = layer()
    said, _ = one.deliver(mailed())

    assert told(one, receipt(said.action_id)) == []


def test_a_receipt_for_what_we_skipped_is_a_stray() -> None:
    one = Delivering(kept(person()))
    said, _ = one.deliver(mailed())

    observe(receipt(said.action_id), one.room().wire)

    [stray] = [r for r in one.actions.scan() if r.pk.startswith("STRAY#")]
    assert stray.tags["why"].startswith("we never sent it: refused")


def test_a_task_that_was_made_and_could_not_be_linked_never_counts_as_unsent() -> None:
    """HubSpot takes the task, is busy at its links, and the promise runs out meanwhile."""
    known = person(Purpose.PHONE_SALES)
    contact = known.identifiers[0].model_copy(update={"type": "hubspot_id", "value": "7"})
    linked = known.model_copy(update={"identifiers": (*known.identifiers, contact)})
    one = Delivering(kept(linked))
    one.wire.failures = ["", "503"]
    task = mailed(**TASK)
    one.try_once(task)

    said = one.try_once(task, task.expires_at + timedelta(seconds=1))

    assert isinstance(said, ActionDelivered)
    assert len(one.wire.calls) == 2
    assert said.status is DeliveryStatus.UNKNOWN
    assert tell_unsent(task, said.status, said.reason) == []


def test_a_mail_names_the_configuration_set_that_the_stage_tells_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MOS_MAIL_FROM", "hello@ours.example")
    monkeypatch.setenv("MOS_MAIL_CONFIGURATION_SET", "mos-prod-mail")
    one = layer()
    one.place = read_place()

    one.deliver(mailed())

    [call] = one.wire.calls
    said = json.loads(call.body)
    assert said["ConfigurationSetName"] == "mos-prod-mail"
    assert {tag["Name"] for tag in said["EmailTags"]} == {"action_id", "decision_id"}


def test_a_stage_to_which_ses_tells_nothing_waits_for_nothing() -> None:
    one = layer()
    del one.place["configuration_set"]

    one.deliver(mailed())

    assert silent(one, days=30) == {}


def test_a_company_may_say_that_a_provider_is_not_waited_for() -> None:
    one = layer()
    page = b"patience_hours = 0\n"
    bundle = Bundle(policy().files | {"providers/ses.toml": page})
    store().publish(bundle)

    one.deliver(mailed().model_copy(update={"bundle": bundle.digest}))

    assert silent(one, days=30) == {}
