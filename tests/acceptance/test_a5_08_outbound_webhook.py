"""Rows A.5.1 and A.5.17 over a webhook of our own: told once, signed, held, and taken back."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from functions.action.channel import Busy, Refused, Sent, Unsure
from functions.action.channels.outbound_webhook import CHANNEL
from functions.action.listen import withdraw
from functions.webhook.registry import source_named
from functions.webhook.request import request_to
from lab.bench.hands import NOON, Hands, decided, somebody
from lab.fakes.wire import WEBHOOK_SECRET
from mos.aws.exchange.address import Egress
from mos.aws.exchange.exchange import Exchange
from mos.aws.exchange.standard_webhook import UnusableKeyError, sign_webhook
from mos.events import ActionHeld, ConsentWithdrawn
from mos.memory.secrets import FakeSecrets
from mos.model.call import CallReply, WebhookAuthority
from mos.model.consent import Purpose
from mos.model.delivery import Delivery, DeliveryStatus
from mos.ports import Moment
from tests.cases.doors import BODIES

PUBLISHED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEXT = "whsec_" + "c2VjcmV0LW9mLW5leHQtbW9udGgtMzItYnl0ZXMh"
CHANNEL_NAME = "outbound_webhook"


@pytest.mark.parametrize(
    ("message_id", "at", "name", "proof"),
    [
        ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, None,
         "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "vec-empty-body",
         "v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A="),
        ("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", 1674087231, "vec-thin-contact-created",
         "v1,ARw42xaAApl/nxRo+iPGYwSaMQaOwMo2eyH5JBRA+bQ="),
        ("msg_utf8", 1674087231, "vec-utf8-body",
         "v1,tdzG5QReJPOu8jmgUz0H62mR74y8ZLeo1kGpuktvi9k="),
    ],
)  # fmt: skip
def test_a5_08_a_signature_is_the_published_one(
    message_id: str, at: int, name: str | None, proof: str
) -> None:
    folder = BODIES / "standard-webhooks"
    body = (folder / f"{name}.raw").read_bytes() if name else b'{"test": 2432232314}'

    headers = sign_webhook(message_id, at, body, (PUBLISHED,), "action/receiver")

    assert headers["webhook-signature"] == proof


def test_a5_08_while_its_secret_is_changed_a_message_has_two_signatures_and_either_opens() -> None:
    at, body = datetime(2026, 11, 2, 12, tzinfo=UTC), b'{"type":"tour.due","data":{}}'
    headers = sign_webhook("act_1", int(at.timestamp()), body, (NEXT, PUBLISHED), "x")
    door = source_named("standard-webhooks")

    assert len(headers["webhook-signature"].split()) == 2
    for secret in (PUBLISHED, NEXT):
        door.verify(request_to("POST", "https://app.example/x", headers, body), (secret,), at)


@pytest.mark.parametrize("secret", ["plain text", "whsec_c2hvcnQ=", "whsec_!!", ""])
def test_a5_08_what_is_no_key_signs_nothing_and_says_what_to_store(secret: str) -> None:
    with pytest.raises(UnusableKeyError, match="/mos/<stage>/action/receiver: expected whsec_"):
        sign_webhook("act_1", 1, b"", (secret,), "action/receiver")


def test_a5_01_asked_for_again_after_a_lost_answer_it_has_the_same_id_and_body() -> None:
    hands = Hands()
    hands.know(somebody(1))
    hands.wire.failures = ["lost", "503", "429"]

    said, _ = hands.deliver(decided(CHANNEL_NAME, 1), NOON)

    ids = {call.authority.message_id for call in hands.wire.calls
           if isinstance(call.authority, WebhookAuthority)}  # fmt: skip
    assert said.status is DeliveryStatus.SENT
    assert ids == {said.action_id}
    assert len({call.body for call in hands.wire.calls}) == 1
    assert len(hands.wire.inbox) == 1


def test_a5_19_the_message_names_its_decision_and_no_mailbox() -> None:
    hands = Hands()
    hands.know(somebody(1))

    said, _ = hands.deliver(decided(CHANNEL_NAME, 1), NOON)

    body = hands.wire.calls[0].body or b""
    told = json.loads(body)
    assert told["data"]["decision_id"] == decided(CHANNEL_NAME, 1).decision_id
    assert told["data"]["user"] == "u-1"
    assert told["timestamp"] == "2026-11-02T12:00:00Z"
    assert b"@acme.example" not in body
    assert said.status is DeliveryStatus.SENT


def test_a5_20_a_receiver_that_is_gone_pauses_the_channel_and_says_who_must_do_what() -> None:
    hands = Hands()
    for number in (1, 2):
        hands.know(somebody(number))
    hands.wire.lacks = {"receiver"}

    said = hands.ask(decided(CHANNEL_NAME, 1), NOON, "one")
    later = hands.ask(decided(CHANNEL_NAME, 2), NOON + timedelta(hours=1), "two")

    assert isinstance(said, ActionHeld)
    assert "whoever runs the receiver says in own_urls where it is now" in said.held_why
    assert isinstance(later, ActionHeld)
    switch = hands.way_out().switches.find(
        channel=CHANNEL_NAME, provider="receiver", action="x", segment="y"
    )
    assert switch is not None
    assert len(hands.wire.calls) == 1


def test_a5_17_who_withdraws_has_it_taken_back_and_the_proof_is_kept() -> None:
    hands = Hands()
    hands.know(somebody(1))
    event = decided(CHANNEL_NAME, 1)
    said, at = hands.deliver(event, NOON)
    told = ConsentWithdrawn(
        event_id="e", cause_id="s", trace_id="s", occurred_at=at, people=("per_1",),
        purposes=tuple(Purpose),
    )  # fmt: skip
    withdraw(told, Moment(at), hands.way_out())

    kept = hands.actions.get(f"ACTION#{said.action_id}", "DELIVERY")
    assert kept is not None
    undone = Delivery.parse(kept.body).undone
    assert undone is not None
    assert undone.done
    last = json.loads(hands.wire.calls[-1].body or b"")
    assert last["type"].endswith(".recalled")
    assert last["data"]["action_id"] == said.action_id


@pytest.mark.parametrize(
    ("status", "means"),
    [(200, Sent), (204, Sent), (301, Busy), (400, Refused), (401, Busy), (404, Busy),
     (409, Refused), (410, Busy), (422, Refused), (429, Busy), (500, Unsure), (502, Unsure),
     (503, Busy)],
)  # fmt: skip
def test_a5_08_what_an_answer_means(status: int, means: type) -> None:
    assert isinstance(CHANNEL.read(CallReply(status), NOON), means)


def test_a5_08_without_a_receiver_it_waits_and_says_who_must_name_one() -> None:
    hands = Hands()
    hands.know(somebody(1))
    event = decided(CHANNEL_NAME, 1)
    wire = hands.way_out()
    object.__setattr__(wire, "bases", ())
    hands.way_out = lambda: wire  # type: ignore[method-assign]

    said = hands.ask(event, NOON, "one")

    assert isinstance(said, ActionHeld)
    assert said.held_why == "say where receiver is: own_urls of the stage's settings"
    assert WEBHOOK_SECRET not in str(said)


def test_a5_08_a_receiver_inside_the_network_is_not_called_and_what_waits_says_so() -> None:
    hands = Hands()
    hands.know(somebody(1))
    egress = Egress(frozenset({"receiver.example"}))
    stored = FakeSecrets({"action/receiver": (WEBHOOK_SECRET,)})
    hands.exchange = Exchange(egress, stored, resolve=lambda _host, _port: ["10.0.0.7"])

    said = hands.ask(decided(CHANNEL_NAME, 1), NOON, "one")

    assert isinstance(said, ActionHeld)
    assert said.held_why == "receiver.example: resolves to an address that is not public"
