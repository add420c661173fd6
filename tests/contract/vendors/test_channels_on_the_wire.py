"""Every channel through the one exchange to its fake over HTTP: sent, and taken back again."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from functions.action import channels
from functions.action.aim import aim
from functions.action.channel import Channel, Sent
from lab.fakes import providers
from lab.fakes.provider import Provider
from lab.fakes.server import Desk, serve_desk
from lab.fakes.wire import WEBHOOK_SECRET
from mos import plugins
from mos.aws.exchange.address import Egress
from mos.aws.exchange.exchange import Exchange
from mos.memory.secrets import FakeSecrets
from mos.model.call import Call, CallReply
from mos.model.delivery import Delivery, DeliveryStatus
from tests.builders import NOON

EVERY = plugins.discover(channels, "CHANNEL", Channel)
GRANT = json.dumps({"client_id": "c", "client_secret": "s", "refresh_token": "r"})
STORED = {f"action/{one.provider.name}": ("token:password",) for one in EVERY.values()}
STORED |= {"action/receiver": (WEBHOOK_SECRET,), "action/google": (GRANT,),
           "action/salesforce": (GRANT,)}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Desk, str]]:
    made = Desk(tmp_path)
    server = serve_desk(0, made)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.parametrize("name", sorted(EVERY))
def test_a_sample_is_sent_and_taken_back_over_the_wire(
    name: str, desk: tuple[Desk, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-a-test")
    channel, (made, url) = EVERY[name], desk
    fake = plugins.load(providers, channel.provider.name, "PROVIDER", Provider)
    base = f"{url}/{channel.provider.name}{fake.path}"
    door = Exchange(Egress(frozenset(), loopback=True), FakeSecrets(STORED))

    def send(call: Call) -> CallReply:
        return door.exchange(aim(call, channel.provider, "eu-central-1", base))

    found = channel.read(send(channel.plan(channel.sample)), NOON)
    assert isinstance(found, Sent), found
    assert len(made.inbox) == 1
    if channel.undo is None:
        return
    delivery = Delivery(
        action_id=channel.sample.action_id, decision_id="dec_0", group_id="g", person_id="p",
        action="a", treatment="t", channel=name, status=DeliveryStatus.SENT, reason="sent",
        at=NOON, provider_id=found.provider_id, handle=dict(channel.keep(channel.sample)),
    )  # fmt: skip
    reply = send(channel.undo(delivery))
    assert reply.status in channel.undone_by or isinstance(channel.read(reply, NOON), Sent)
    assert len(made.inbox) == 2
