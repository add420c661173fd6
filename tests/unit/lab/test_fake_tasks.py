"""HubSpot's fake keeps its tasks from call to call, and refuses as HubSpot does."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from lab.fakes.wire import ProviderWire
from mos.model.call import BearerAuthority, Call, CallReply

TASKS = "https://api.hubapi.com/crm/objects/2026-03/tasks"
PROPERTIES = {"hs_timestamp": "2026-01-31T09:00:00Z", "mos_action_id": "act_1"}
Ask = Callable[..., CallReply]


@pytest.fixture
def wire() -> ProviderWire:
    return ProviderWire()


@pytest.fixture
def ask(wire: ProviderWire) -> Ask:
    def call(method: str, path: str, body: object = None) -> CallReply:
        raw = json.dumps(body).encode() if body is not None else b""
        token = BearerAuthority("action/hubspot")
        return wire.exchange(Call("hubspot", method, TASKS + path, {}, raw, token))

    return call


def told(reply: CallReply) -> Any:
    return json.loads(reply.body)


def upsert(**more: str) -> dict[str, object]:
    one = {"idProperty": "mos_action_id", "id": "act_1", "properties": PROPERTIES | more}
    return {"inputs": [one]}


def test_a_task_is_made_read_changed_and_put_into_the_bin(ask: Ask) -> None:
    made = ask("POST", "", {"properties": PROPERTIES, "associations": []})
    place = f"/{told(made)['id']}"
    changed = ask("PATCH", place, {"properties": {"hs_task_status": "COMPLETED"}})
    found = ask("GET", "/act_1?idProperty=mos_action_id")
    binned = ask("DELETE", place)

    assert (made.status, changed.status, binned.status) == (201, 200, 204)
    assert told(found)["properties"]["hs_task_status"] == "COMPLETED"
    assert told(found)["properties"]["hs_timestamp"] == PROPERTIES["hs_timestamp"]
    assert ask("GET", place).status == 404
    assert ask("PATCH", place, {"properties": {"hs_task_status": "WAITING"}}).status == 404
    assert ask("DELETE", place).status == 204
    assert ask("DELETE", "/77").status == 404


def test_a_task_upserted_again_is_the_same_until_it_is_in_the_bin(
    ask: Ask, wire: ProviderWire
) -> None:
    first = told(ask("POST", "/batch/upsert", upsert()))["results"][0]
    again = told(ask("POST", "/batch/upsert", upsert(hs_task_subject="Call")))["results"][0]
    ask("DELETE", f"/{first['id']}")
    fresh = told(ask("POST", "/batch/upsert", upsert()))["results"][0]

    assert (first["new"], again["new"], fresh["new"]) == (True, False, True)
    assert first["id"] == again["id"] != fresh["id"]
    assert [kept["what"] for kept in wire.inbox] == ["task", "renewed", "binned", "task"]


def test_tasks_are_found_by_our_own_id(ask: Ask) -> None:
    made = told(ask("POST", "/batch/upsert", upsert()))["results"][0]
    both = {"idProperty": "mos_action_id", "inputs": [{"id": "act_1"}, {"id": "act_2"}]}

    found = ask("POST", "/batch/read", both)

    assert found.status == 207
    assert [one["id"] for one in told(found)["results"]] == [made["id"]]
    assert told(found)["errors"][0]["context"] == {"ids": ["act_2"]}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("POST", "", {"properties": {"mos_action_id": "act_9"}}, 400, "hs_timestamp"),
        ("POST", "", {"properties": PROPERTIES | {"odd": "1"}}, 400, "PROPERTY_DOESNT_EXIST"),
        ("POST", "", {"properties": PROPERTIES}, 409, "taken"),
        ("POST", "/batch/upsert", upsert(hs_task_status="DONE"), 400, "hs_task_status"),
        ("POST", "/batch/upsert", {"inputs": []}, 400, "between 1 and 100"),
        ("POST", "/batch/upsert", {"inputs": upsert()["inputs"] * 2}, 400, "Duplicate"),  # type: ignore[operator]
        ("PATCH", "/77", {"properties": {"hs_task_status": "WAITING"}}, 404, "OBJECT_NOT_FOUND"),
        ("PATCH", "/act_1?idProperty=mos_action_id", {"properties": {"odd": "1"}}, 400, "odd"),
    ],
)
def test_it_refuses_what_hubspot_refuses(
    ask: Ask, method: str, path: str, body: object, status: int, said: str
) -> None:
    ask("POST", "/batch/upsert", upsert())

    reply = ask(method, path, body)

    assert reply.status == status
    assert said in reply.body.decode()


def test_only_a_task_that_is_there_lies_beside_a_contact(wire: ProviderWire, ask: Ask) -> None:
    made = told(ask("POST", "/batch/upsert", upsert()))["results"][0]
    path = "https://api.hubapi.com/crm/associations/2026-03/tasks/contacts/batch/associate/default"
    pairs = [{"from": {"id": one}, "to": {"id": "101"}} for one in (made["id"], "77")]
    body = json.dumps({"inputs": pairs}).encode()

    reply = wire.exchange(
        Call("hubspot", "POST", path, {}, body, BearerAuthority("action/hubspot"))
    )

    assert reply.status == 207
    assert [one["from"]["id"] for one in told(reply)["results"]] == [made["id"]]
    assert told(reply)["errors"][0]["message"] == "77 is not a valid ID"
