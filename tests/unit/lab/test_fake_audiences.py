"""Meta's fake takes people for audiences that exist; the channel says who must mend the others."""

import json
from dataclasses import replace
from typing import Any

import pytest

from functions.action.channel import Busy, Refused, Sent
from functions.action.channels.meta_audience import CHANNEL
from lab.bench.hands import NOON
from lab.fakes.wire import ProviderWire
from mos.model.call import BearerAuthority, Call, CallReply

KNOWN = "23860000000000489"
BASE = "https://graph.facebook.com"


def ask(wire: ProviderWire, method: str, path: str, body: object) -> CallReply:
    token = BearerAuthority("action/meta")
    return wire.exchange(Call("meta", method, BASE + path, {}, json.dumps(body).encode(), token))


def upload(*values: str, schema: str = "EMAIL_SHA256") -> dict[str, Any]:
    return {"payload": {"schema": [schema], "data": [[value] for value in values]}}


def add(wire: ProviderWire, audience: str) -> CallReply:
    settings = {"audience.mos_engaged": audience}
    call = CHANNEL.plan(replace(CHANNEL.sample, settings=settings))
    return wire.exchange(replace(call, url=BASE + call.url))


def test_only_an_audience_that_exists_takes_people() -> None:
    wire = ProviderWire()

    taken, unknown = add(wire, KNOWN), add(wire, "23860000000000999")
    alias = ask(wire, "POST", "/v25.0/mos_engaged/users", upload("a" * 64))

    assert isinstance(CHANNEL.read(taken, NOON), Sent)
    error = json.loads(unknown.body)["error"]
    assert (unknown.status, error["code"], error["error_subcode"]) == (400, 100, 33)
    assert (alias.status, json.loads(alias.body)["error"]["code"]) == (404, 803)
    assert [kept["to"] for kept in wire.inbox] == [KNOWN]


@pytest.mark.parametrize("audience", ["23860000000000999", "mos_engaged"])
def test_a_wrong_audience_waits_to_be_mended_and_stops_no_other(audience: str) -> None:
    wire = ProviderWire()

    said = CHANNEL.read(ask(wire, "POST", f"/v25.0/{audience}/users", upload("a" * 64)), NOON)

    assert isinstance(said, Busy)
    assert said.until is not None
    assert not said.whole
    assert "providers/meta.toml" in said.why


def test_an_audience_that_is_made_takes_people_and_gives_them_back() -> None:
    wire = ProviderWire()
    made = ask(wire, "POST", "/v25.0/act_1/customaudiences", {"name": "A", "subtype": "CUSTOM"})
    place = f"/v25.0/{json.loads(made.body)['id']}/users"

    replies = [ask(wire, method, place, upload("a" * 64)) for method in ("POST", "DELETE")]

    assert [reply.status for reply in replies] == [200, 200]
    assert json.loads(replies[0].body)["invalid_entry_samples"] == {}


@pytest.mark.parametrize(
    "body", [upload("jane@example.com"), upload(), upload("a" * 64, schema="EMAIL"), {}]
)
def test_what_is_not_hashed_or_not_said_to_be_is_refused(body: dict[str, Any]) -> None:
    reply = ask(ProviderWire(), "POST", f"/v25.0/{KNOWN}/users", body)

    assert reply.status == 400
    assert isinstance(CHANNEL.read(reply, NOON), Refused)
