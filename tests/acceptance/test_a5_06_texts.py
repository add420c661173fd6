"""Rows A.5.1, A.5.4, A.5.6 and A.5.16 for texts: sent once, stopped by any word, told of later."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.action.channel import Sent
from functions.action.channels.sms import CHANNEL
from functions.action.listen import observe
from functions.data.effects.receipts import read_receipt
from functions.webhook.request import request_to
from functions.webhook.sms_words import stops_texts
from lab.bench.hands import NOON, Hands, decided, somebody
from lab.fakes.wire import ProviderWire
from mos.errors import RejectedError
from mos.events import ActionHeld, ConsentWithdrawn
from mos.model.consent import ConsentGrant, Purpose
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.signal import Identifier, Signal, SignalKind
from tests.builders import signal
from tests.cases.doors import BODIES, pass_door
from tests.cases.doors import body_of as body_in
from tests.system_in_process import System

KEY = "shared-with-the-topic-01"
AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
EVENTS = sorted(path.stem for path in (BODIES / "sms").glob("sms-eb-*.json"))


def signal_of(body: Any, at: datetime = AT) -> Signal:
    url = "https://hooks.example.com/hooks/sms"
    sent = request_to("POST", url, {"x-api-key": KEY}, json.dumps(body).encode())
    [signal] = pass_door("sms", sent, (KEY,), at).signals
    return signal


@pytest.mark.parametrize(
    "said",
    ["STOP", "stop", " Stop. ", "STOP!!!", "stop please", "Please stop texting me",
     "Stop \U0001f620", "\uff33\uff34\uff2f\uff30", "QUIT", "End", "REVOKE", "opt out",
     "Opt-Out", "CANCEL", "unsubscribe me please",
     "STOPALL", "stop all", "NO MÁS", "no mas por favor", "Arrêt", "Abmelden", "bitte abmelden",
     "don't text me", "Do not text me", "remove me"],
)  # fmt: skip
def test_a5_06_a_stop_word_in_any_form_withdraws_consent_to_texts(said: str) -> None:
    body = body_in("sms", "sms-inbound-stop-sns")
    reply = json.loads(body["Message"]) | {"messageBody": said}

    signal = signal_of(body | {"Message": json.dumps(reply)})

    assert signal.kind is SignalKind.CONSENT_CHANGED
    assert [(c.purpose, c.granted) for c in signal.consent] == [(Purpose.SMS_MARKETING, False)]
    assert [i.value for i in signal.identifiers] == ["+14255550182"]
    assert said.strip() not in json.dumps(dict(signal.properties), ensure_ascii=False)


@pytest.mark.parametrize(
    "said",
    ["Can you stop by on Tuesday?", "The end of the month suits", "Cancel my meeting on Monday",
     "We don't want to quit now, send the offer", "start", "YES", "help", "JOIN", "thanks",
     "Please text me the link", "unstoppable!", "", "   "],
)  # fmt: skip
def test_a5_06_what_is_said_of_something_else_stops_nothing(said: str) -> None:
    assert not stops_texts(said)


@pytest.mark.parametrize("name", EVENTS)
def test_a5_16_every_event_of_aws_is_read_and_its_receipt_is_our_actions(name: str) -> None:
    body = body_in("sms", name)
    body["detail"]["context"] = {"action_id": "act_1", "decision_id": "dec_1"}

    signal = signal_of(body)
    told = read_receipt(signal)

    wanted = {
        "sms-eb-delivered": "sms.delivered", "sms-eb-successful": "sms.sent",
        "sms-eb-blocked": "sms.rejected", "sms-eb-invalid": "sms.rejected",
        "sms-eb-protect-blocked": "sms.rejected", "sms-eb-carrier-blocked": "sms.failed",
        "sms-eb-ttl-expired": "sms.failed", "sms-eb-unknown-72h": None,
    }  # fmt: skip
    assert (told.receipt if told else None) == wanted[name]
    assert told is None or told.action_id == "act_1"
    withdraws = signal.kind is SignalKind.CONSENT_CHANGED
    assert withdraws is (name == "sms-eb-blocked")


def test_a5_16_a_source_tells_of_its_own_channels_messages_alone() -> None:
    body = body_in("sms", "sms-eb-delivered")
    body["detail"]["context"] = {"action_id": "act_1"}
    signal = signal_of(body)

    assert read_receipt(signal.model_copy(update={"source": "segment"})) is None
    assert read_receipt(signal) is not None


def test_a5_01_a_text_whose_answer_was_lost_is_never_sent_again_and_an_event_tells() -> None:
    hands = Hands()
    hands.know(somebody(1))
    hands.wire.failures = ["lost"]
    event = decided("sms", 1)

    said, at = hands.deliver(event, NOON)
    again, _ = hands.deliver(event, at + timedelta(hours=1))
    body = body_in("sms", "sms-eb-delivered")
    body["detail"]["context"] = {"action_id": said.action_id}
    told = read_receipt(signal_of(body))
    assert told is not None
    observe(told, hands.way_out())

    assert said.status is again.status is DeliveryStatus.UNKNOWN
    assert len(hands.wire.calls) == 1
    kept = hands.actions.get(f"ACTION#{said.action_id}", "DELIVERY")
    assert kept is not None
    assert Delivery.parse(kept.body).status is DeliveryStatus.SENT


def test_a5_04_at_night_where_they_are_a_text_waits_for_the_morning() -> None:
    hands = Hands()
    hands.know(somebody(1))
    night = NOON.replace(hour=23)

    said = hands.ask(decided("sms", 1), night, "one")

    assert isinstance(said, ActionHeld)
    assert "quiet hours" in said.held_why
    assert hands.wire.calls == []


def test_a5_06_it_goes_to_the_number_with_which_they_agreed_or_to_none() -> None:
    person = somebody(1)
    for agreed, sent in (("+14255550001", 1), ("+14255559999", 0)):
        hands = Hands()
        consents = tuple(
            c.model_copy(update={"address": agreed}) if c.purpose is Purpose.SMS_MARKETING else c
            for c in person.consents
        )
        hands.know(person.model_copy(update={"consents": consents}))
        event = decided("sms", 1)
        action = event.action.model_copy(update={"purpose": Purpose.SMS_MARKETING})

        said, _ = hands.deliver(event.model_copy(update={"action": action}), NOON)

        assert len(hands.wire.inbox) == sent
        assert (said.status is DeliveryStatus.SENT) is bool(sent)


def test_a5_06_a_promotional_text_says_how_it_is_stopped_and_each_has_a_cap_and_a_context() -> None:
    sample = CHANNEL.sample
    promotion = json.loads(CHANNEL.plan(sample).body or b"")
    service = replace(sample, params={"message_type": "transactional"})
    reminder = json.loads(CHANNEL.plan(service).body or b"")

    assert promotion["MessageBody"].endswith("Reply STOP to end.")
    assert reminder["MessageBody"] == sample.body
    assert (promotion["MessageType"], reminder["MessageType"]) == ("PROMOTIONAL", "TRANSACTIONAL")
    assert promotion["MaxPrice"] == "0.10"
    assert promotion["ProtectConfigurationId"] == "protect-0a1b"
    assert promotion["Context"] == {"action_id": "act_0", "decision_id": "dec_0"}


@pytest.mark.parametrize(
    "changed",
    [{"phone": None}, {"phone": "07911 123456"}, {"body": " ", "params":
     {"message_type": "transactional"}}, {"body": "x" * 1601}, {"settings": {}}],
)  # fmt: skip
def test_a5_06_what_cannot_be_texted_is_refused_before_anybody_is_called(changed: Any) -> None:
    with pytest.raises(RejectedError):
        CHANNEL.plan(replace(CHANNEL.sample, **changed))


def test_a5_01_the_call_is_one_that_awss_own_model_takes() -> None:
    wire = ProviderWire()
    call = CHANNEL.plan(CHANNEL.sample)

    reply = wire.exchange(replace(call, url=f"https://sms.example{call.url}"))

    assert isinstance(CHANNEL.read(reply, NOON), Sent)
    assert wire.inbox[0]["tags"]["action_id"] == "act_0"


def test_a5_06_a_stop_at_the_door_ends_what_was_agreed_and_tells_the_hands() -> None:
    system = System()
    agreed = (ConsentGrant(purpose=Purpose.SMS_MARKETING, granted=True),)
    who = (Identifier(type="phone", value="+14255550182"),)
    system.play(signal(SignalKind.CONSENT_CHANGED, identifiers=who, consent=agreed))
    body = body_in("sms", "sms-inbound-stop-sns") | {"Timestamp": "2026-11-03T09:00:00Z"}

    stopped = signal_of(body, datetime(2026, 11, 3, 9, 0, 5, tzinfo=UTC))
    assert system.receive([stopped]) == set()
    told = [one for one in system.drain() if isinstance(one, ConsentWithdrawn)]

    [person] = system.people().values()
    [state] = [one for one in person.consents if one.purpose is Purpose.SMS_MARKETING]
    assert state.is_withdrawn
    assert [one.purposes for one in told] == [(Purpose.SMS_MARKETING,)]
