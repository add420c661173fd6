"""Our calls, and the answers of HubSpot's fake, are as HubSpot's own OpenAPI files say."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from functions.action.channel import Message
from functions.action.channels.hubspot_task import CHANNEL
from lab.fakes.wire import ProviderWire
from mos.model.call import BearerAuthority, Call, CallReply
from mos.model.delivery import Delivery, DeliveryStatus
from tests.builders import NOON
from tests.cases.doors import body_of

SAID: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "data" / "vendors" / "hubspot.json").read_text("utf-8")
)
BASE = "https://api.hubapi.com"
SAMPLE = CHANNEL.sample
MESSAGES = [
    SAMPLE,
    replace(SAMPLE, action="bdr_call", phone=None, address=None, owner=None, records={}),
    replace(SAMPLE, subject="", body="", records={"deal": "9", "company": "77"}),
]


def faults(name: str | None, body: object) -> list[str]:
    """Return what is wrong with a body; none is wanted where no form is said."""
    if name is None:
        return [] if body in ({}, None) else ["a body where there is none"]
    form = {"$ref": f"#/schemas/{name}", "schemas": SAID["schemas"]}
    checker = Draft202012Validator(form, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(body)]


def operation(call: Call) -> dict[str, Any]:
    """Return what HubSpot says of a call: fails where it has none such."""
    path = urlsplit(call.url).path
    for said, methods in SAID["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", said), path) and call.method in methods:
            found: dict[str, Any] = methods[call.method]
            if "{id}" not in said or path.rpartition("/")[2].isalnum():
                return found
    raise AssertionError(f"HubSpot has no {call.method} {path}")


def check_answer(call: Call, reply: CallReply) -> None:
    told = json.loads(reply.body or b"{}")
    name = operation(call)["told"].get(str(reply.status), SAID["refusal"])
    assert faults(name, told) == [], (call.url, reply.status)


def ask(wire: ProviderWire, call: Call) -> CallReply:
    """Return the fake's answer to a call that HubSpot has, after both were checked."""
    if "asked" in operation(call):
        assert faults(operation(call)["asked"], json.loads(call.body)) == []
    reply = wire.exchange(replace(call, url=BASE + call.url))
    check_answer(call, reply)
    return reply


def delivered(provider_id: str | None) -> Delivery:
    return Delivery(
        action_id=SAMPLE.action_id, decision_id="dec_0", group_id="grp_1", person_id="per_1",
        action="ae_handoff", treatment="t", channel="hubspot_task", status=DeliveryStatus.SENT,
        reason="sent", at=NOON, provider_id=provider_id,
    )  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES, ids=["whole", "bare", "deal"])
def test_every_call_of_a_task_and_every_answer_is_as_hubspot_says(message: Message) -> None:
    wire = ProviderWire()
    assert CHANNEL.undo is not None
    assert CHANNEL.find is not None

    made = json.loads(ask(wire, CHANNEL.plan(message)).body)["results"][0]
    again = ask(wire, CHANNEL.plan(message))
    beside = [ask(wire, call) for call in CHANNEL.follow(message, made["id"])]
    found = ask(wire, CHANNEL.find.plan(delivered(None)))
    binned = ask(wire, CHANNEL.undo(delivered(made["id"])))
    gone = ask(wire, CHANNEL.find.plan(delivered(None)))

    assert [reply.status for reply in (again, found, binned, gone)] == [200, 200, 204, 207]
    assert [reply.status for reply in beside] == [200] * len(set(message.records) - {"owner"})


PROPERTIES = {"hs_timestamp": "2026-01-31T09:00:00Z", "mos_action_id": "act_1"}
UPSERT = "/crm/objects/2026-03/tasks/batch/upsert"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (UPSERT, {"inputs": [{"id": "act_1", "idProperty": "x", "properties": PROPERTIES}]}),
        (UPSERT, {"inputs": []}),
        (
            UPSERT,
            {"inputs": [{"id": "a", "idProperty": "mos_action_id", "properties": {"odd": "1"}}]},
        ),
        (UPSERT, {"inputs": [{"id": "a", "idProperty": "mos_action_id", "properties": {}}]}),
        ("/crm/objects/2026-03/tasks", {"properties": PROPERTIES, "associations": []}),
        ("/crm/objects/2026-03/tasks", {"properties": {}, "associations": []}),
    ],
)
def test_every_refusal_of_the_fake_is_of_hubspots_form(path: str, body: object) -> None:
    raw = json.dumps(body).encode()
    call = Call("hubspot", "POST", path, {}, raw, BearerAuthority("action/hubspot"))

    ask(ProviderWire(), call)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("er-400-unknown-property", "Refusal"),
        ("er-400-duplicate-ids-in-batch", "Refusal"),
        ("rd-batch-read-companies-207", "TaskBatch"),
    ],
)
def test_what_hubspot_was_recorded_to_answer_is_of_the_form_too(name: str, form: str) -> None:
    assert faults(form, body_of("hubspot", name)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"associations": []},
        {"properties": {"hs_timestamp": 5}},
        {"id": 5},
    ],
)
def test_a_call_that_hubspot_does_not_know_is_noticed(change: dict[str, object]) -> None:
    body = json.loads(CHANNEL.plan(SAMPLE).body)

    body["inputs"][0] |= change

    assert faults("UpsertBatch", body)
