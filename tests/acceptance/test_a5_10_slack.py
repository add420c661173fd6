"""Row A.5.10 in Slack: a message to an owner, taken or given back with a reason, deleted again."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.action.channel import Sent
from functions.action.channels.slack import CHANNEL
from functions.action.listen import observe_provider, withdraw
from functions.action.preflight import Preflight, look_over
from functions.action.setup import PartState
from functions.data.effects.receipts import is_of_a_record, read_provider_receipt
from functions.webhook.receive import Received, receive
from functions.webhook.registry import source_named
from functions.webhook.request import request_to
from lab.bench.hands import NOON, Hands, decided, somebody
from lab.fakes.wire import ProviderWire
from mos.errors import RejectedError
from mos.events import ConsentWithdrawn, OutcomeObserved
from mos.memory.bus import FakeBus
from mos.model.consent import Purpose
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.lesson import OutcomeKind
from mos.model.signal import Signal, SignalKind
from mos.ports import Moment
from tests.acceptance.test_a9_08_slack import SECRET, URL, packed, pressed, signals


def answered(place: str, name: str, why: str = "") -> dict[str, Any]:
    channel, _, at = place.partition("/")
    values = {"mos_reason": {"mos_why": {"type": "plain_text_input", "value": why}}}
    return pressed(
        action={"action_id": name, "value": "act_1"},
        container={"type": "message", "message_ts": at, "channel_id": channel},
        state={"values": values},
    )


def delivered() -> tuple[Hands, Delivery]:
    hands = Hands()
    hands.know(somebody(1))
    said, _ = hands.deliver(decided("slack", 1), NOON)
    kept = hands.actions.get(f"ACTION#{said.action_id}", "DELIVERY")
    assert kept is not None
    return hands, Delivery.parse(kept.body)


@pytest.mark.parametrize(
    ("button", "why", "receipt", "outcome"),
    [("mos_accept", "", "task.accepted", OutcomeKind.TASK_ACCEPTED),
     ("mos_reject", "On leave until May.", "task.rejected", OutcomeKind.TASK_REJECTED)],
)  # fmt: skip
def test_a5_10_a_pressed_button_comes_home_to_its_own_action_with_its_reason(
    button: str, why: str, receipt: str, outcome: OutcomeKind
) -> None:
    hands, delivery = delivered()
    bus = FakeBus()

    [signal] = signals(answered(delivery.provider_id or "", button, why))
    assert is_of_a_record(signal)
    told = read_provider_receipt(signal)
    assert told is not None
    observe_provider(told, hands.way_out(), bus)

    kept = hands.actions.get(f"ACTION#{delivery.action_id}", "DELIVERY")
    assert kept is not None
    [heard] = Delivery.parse(kept.body).receipts
    assert (heard.name, heard.why) == (receipt, why)
    [event] = [one for one in bus.events if isinstance(one, OutcomeObserved)]
    assert (event.outcome.kind, event.outcome.action_id) == (outcome, delivery.action_id)
    assert event.outcome.person_id == "per_1"


def test_a5_10_a_button_of_a_message_that_is_not_ours_changes_nothing() -> None:
    hands, _ = delivered()
    bus = FakeBus()
    [signal] = signals(answered("C0OTHER01/1790000009.000100", "mos_accept"))

    told = read_provider_receipt(signal)
    assert told is not None
    observe_provider(told, hands.way_out(), bus)

    assert [one for one in bus.events if isinstance(one, OutcomeObserved)] == []


def test_a5_10_a_press_that_names_no_message_is_refused_and_one_elsewhere_is_unmapped() -> None:
    def knock(payload: Any) -> Any:

        body, sent = packed(payload), str(int(NOON.timestamp()))
        proof = hmac.new(SECRET.encode(), f"v0:{sent}:".encode() + body, hashlib.sha256)
        named = {"X-Slack-Request-Timestamp": sent, "X-Slack-Signature": f"v0={proof.hexdigest()}"}
        door = source_named("slack")
        return receive("slack", door, request_to("POST", URL, named, body), (SECRET,), NOON)

    nameless = pressed(action={"action_id": "mos_accept", "value": "act_1"})
    found = knock(nameless)
    assert isinstance(found, Received)
    assert found.translation.signals == ()
    assert "container must name the message" in found.translation.refused[0].reason
    [other] = signals(pressed(action={"action_id": "another_app"}))
    assert other.kind is SignalKind.UNMAPPED


def test_a5_17_who_withdraws_has_the_message_deleted() -> None:
    hands, delivery = delivered()
    told = ConsentWithdrawn(
        event_id="e", cause_id="s", trace_id="s", occurred_at=NOON, people=("per_1",),
        purposes=tuple(Purpose),
    )  # fmt: skip

    withdraw(told, Moment(NOON + timedelta(minutes=1)), hands.way_out())

    kept = hands.actions.get(f"ACTION#{delivery.action_id}", "DELIVERY")
    assert kept is not None
    undone = Delivery.parse(kept.body).undone
    assert undone is not None
    assert undone.done
    assert hands.wire.calls[-1].url.endswith("/chat.delete")


def test_a5_01_a_message_whose_answer_was_lost_is_never_posted_again() -> None:
    hands = Hands()
    hands.know(somebody(1))
    hands.wire.failures = ["lost"]

    said, at = hands.deliver(decided("slack", 1), NOON)
    hands.deliver(decided("slack", 1), at + timedelta(hours=1))

    assert said.status is DeliveryStatus.UNKNOWN
    assert len(hands.wire.inbox) == 1


def test_a5_19_the_message_names_its_decision_mentions_nobody_and_goes_to_the_owner() -> None:
    sample = replace(CHANNEL.sample, body="<!channel> <https://evil.example|click> a & b")
    body = json.loads(CHANNEL.plan(sample).body or b"")

    assert body["channel"] == "U0OLSEN001"
    assert "dec_0" in body["blocks"][-1]["elements"][0]["text"]
    assert "<" not in body["blocks"][0]["text"]["text"].replace("*", "")
    wire = ProviderWire()
    call = CHANNEL.plan(sample)
    reply = wire.exchange(replace(call, url=f"https://slack.example{call.url}"))
    assert isinstance(CHANNEL.read(reply, NOON), Sent)


def test_a5_10_without_an_owner_s_id_it_goes_to_the_default_and_without_one_nowhere() -> None:
    sample = replace(CHANNEL.sample, records={})

    assert json.loads(CHANNEL.plan(sample).body or b"")["channel"] == "C0ZZZ00001"
    with pytest.raises(RejectedError, match=r"channel\.default"):
        CHANNEL.plan(replace(sample, settings={}))


def test_a5_10_a_press_that_slack_sends_again_is_one_signal() -> None:
    payload = answered("C0MOS0001/1790000001.000200", "mos_accept")

    first, again = (signals(payload)[0] for _ in range(2))

    assert isinstance(first, Signal)
    assert first.signal_id == again.signal_id


def test_a5_10_a_check_says_whether_the_token_and_its_right_to_post_are_there() -> None:
    wire = ProviderWire()
    assert isinstance(CHANNEL.setup, Preflight)

    good = look_over(CHANNEL.setup, "https://slack.example", wire, {})
    wire.lacks = {"scope"}
    bad = look_over(CHANNEL.setup, "https://slack.example", wire, {})

    assert [(one.part.name, one.state) for one in good] == [
        ("token", PartState.THERE), ("chat:write", PartState.THERE),
    ]  # fmt: skip
    assert bad[1].state is PartState.MISSING
    assert "whoever runs the app gives it chat:write" in bad[1].says
