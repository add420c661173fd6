"""The fake providers answer as the real ones are documented to."""

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from functions.action.channels.hubspot_task import CHANNEL
from functions.action.setup import PartState, check_setup
from lab.fakes.server import serve
from mos.aws.exchange.address import Egress
from mos.aws.exchange.exchange import Exchange
from mos.memory.secrets import FakeSecrets
from mos.model.call import Call, CallReply

KEY = {"authorization": "Bearer secret"}
TASKS = "/hubspot/crm/objects/2026-03/tasks/batch/upsert"


def post(provider: str, url: str, headers: dict[str, str], body: object) -> CallReply:
    exchange = Exchange(Egress(frozenset(), loopback=True), FakeSecrets())
    call = Call(provider, "POST", url, headers, json.dumps(body).encode(), seconds=300)
    return exchange.exchange(call)


def post_json(provider: str, url: str, headers: dict[str, str], body: object) -> Any:
    reply = post(provider, url, headers, body)
    assert reply.status == 200, reply
    return reply.read_json(provider)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    server = serve(0, tmp_path)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def inbox(url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = urllib3.request("GET", f"{url}/_inbox", timeout=300).json()
    return found


def task() -> dict[str, object]:
    said = {"mos_action_id": "act_1", "mos_owner": "ae-olsen", "hs_task_subject": "Take over: Acme",
            "hs_timestamp": "2026-01-31T09:00:00Z"}  # fmt: skip
    return {"inputs": [{"idProperty": "mos_action_id", "id": "act_1", "properties": said}]}


def test_hubspot_upserts_naturally_and_wants_a_token(url: str) -> None:
    first = post_json("hubspot", url + TASKS, KEY, task())
    again = post_json("hubspot", url + TASKS, KEY, task())

    assert first["results"][0]["id"] == again["results"][0]["id"]
    assert inbox(url)[0]["tags"]["action_id"] == "act_1"
    assert post("hubspot", url + TASKS, {}, task()).status == 401


def test_a_fault_is_shown_as_often_as_ordered(url: str) -> None:
    post_json("us", f"{url}/_fault", {}, {"provider": "hubspot", "kind": "429", "times": 1})

    assert post("hubspot", url + TASKS, KEY, task()).status == 429
    assert post_json("hubspot", url + TASKS, KEY, task())["status"] == "COMPLETE"


def test_meta_takes_hashes_only(url: str) -> None:
    users = f"{url}/meta/v25.0/23860000000000489/users"
    hashed = hashlib.sha256(b"jane@example.com").hexdigest()

    taken = post_json(
        "meta", users, KEY, {"payload": {"schema": ["EMAIL_SHA256"], "data": [[hashed]]}}
    )

    assert taken["num_received"] == 1
    plain = {"payload": {"schema": ["EMAIL_SHA256"], "data": [["jane@example.com"]]}}
    assert post("meta", users, KEY, plain).status == 400


def test_the_model_keeps_the_link_and_says_the_same_twice(url: str) -> None:
    brief = {"template": "Hello {first_name}", "subject": "Hi", "first_name": "[[first_name]]",
             "company": "Acme", "interest": "security", "role": "unknown",
             "link": "https://x.example/go?a=act_1", "signature": "The team"}  # fmt: skip
    asked = {"model": "m", "messages": [{"role": "user", "content": json.dumps(brief)}]}

    replies = [post_json("openai", f"{url}/openai/v1/chat/completions", KEY, asked) for _ in "ab"]

    assert replies[0] == replies[1]
    assert brief["link"] in json.loads(replies[0]["choices"][0]["message"]["content"])["body"]
    assert replies[0]["usage"]["total_tokens"] > 0


def test_everything_received_is_on_disk_too(url: str, tmp_path: Path) -> None:
    post_json("hubspot", url + TASKS, KEY, task())

    lines = [line for p in tmp_path.glob("*.jsonl") for line in p.read_text().splitlines()]
    assert json.loads(lines[0])["channel"] == "hubspot_task"


def test_a_portal_told_to_lack_a_property_refuses_tasks_until_it_is_made(url: str) -> None:
    post_json("hubspot", f"{url}/_fault", {}, {"provider": "hubspot", "kind": "lacks mos_owner"})
    door = Exchange(Egress(frozenset(), loopback=True), FakeSecrets({"action/hubspot": ("token",)}))
    setup = CHANNEL.setup
    assert setup is not None
    refused = post("hubspot", url + TASKS, KEY, task())

    found = check_setup(setup, f"{url}/hubspot", door, is_create=True)

    assert refused.status == 400
    assert b"PROPERTY_DOESNT_EXIST" in refused.body
    assert {p.part.name for p in found if p.state is PartState.MADE} == {"mos_owner"}
    assert post_json("hubspot", url + TASKS, KEY, task())["results"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"name": "mos_owner"}, 409),
        ({"name": "fresh", "label": ""}, 400),
        ({"name": "Not a name"}, 400),
        ({"name": "fresh", "fieldType": "number"}, 400),
        ({"name": "fresh", "groupName": "nowhere"}, 400),
        ({"name": "fresh"}, 201),
    ],
)
def test_a_property_is_made_as_hubspot_wants_it(
    url: str, said: dict[str, str], status: int
) -> None:
    body = {"label": "Fresh", "groupName": "task", "type": "string", "fieldType": "text"} | said

    reply = post("hubspot", f"{url}/hubspot/crm/properties/2026-03/tasks", KEY, body)

    assert reply.status == status
