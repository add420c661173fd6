"""The real templates, the real CDK command line and the real functions, on the local engine."""

import base64
import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from segment.analytics.client import Client

from lab.engine import system
from lab.engine.deploy import destroy
from lab.engine.engine import Engine
from lab.engine.finish import client
from lab.engine.status import Status
from mos.aws.bucket import S3Bucket
from mos.aws.bundles import BundleStore
from mos.policy.bundle.bundle import read_folder
from tests.waiting import until

pytestmark = pytest.mark.system
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("system")
    yield folder
    system.down(folder=folder)


@pytest.fixture(scope="module")
def deployed(folder: Path) -> Status:
    lines: list[str] = []
    status = system.up(folder=folder, say=lines.append)
    assert any("mos-local-watch" in line for line in lines)
    _equip(folder, status)
    return status


def _equip(folder: Path, status: Status) -> None:
    """Activate the starter policies and give the Segment source its key."""
    bundle = read_folder(ROOT / "policies")
    s3, ssm = _client(folder, "s3"), _client(folder, "ssm")
    bucket = status.outputs["BucketBundles"]
    store = BundleStore(S3Bucket(bucket, s3))
    store.publish(bundle)
    store.activate(bundle.digest, "test")
    for name, secret in {"webhook/segment": "key", "agent/assistant": "right"}.items():
        ssm.put_parameter(Name=f"/mos/local/{name}", Value=secret, Type="SecureString")


def _client(folder: Path, service: str) -> Any:
    running = Engine(folder).running()
    assert running
    return client(running, service)


def _post(status: Status, path: str, body: dict[str, Any], key: str = "key") -> int:
    link = http.client.HTTPConnection(urlsplit(status.webhook_url).netloc, timeout=240)
    credential = base64.b64encode(f"{key}:".encode()).decode()
    headers = {"content-type": "application/json", "authorization": f"Basic {credential}"}
    try:
        link.request("POST", path, json.dumps(body), headers)
        return link.getresponse().status
    finally:
        link.close()


def _ended(folder: Path, status: Status) -> list[dict[str, Any]]:
    machine = status.outputs["StateMachine"]
    found = _client(folder, "stepfunctions").list_executions(stateMachineArn=machine)
    return [run for run in found["executions"] if run["status"] != "RUNNING"]


def test_segments_own_library_needs_nothing_but_our_host(deployed: Status) -> None:
    failed: list[Any] = []
    for key in ("key", "wrong"):
        library = Client(
            key, host=deployed.webhook_url, gzip=True, upload_interval=0.1, max_retries=1,
            on_error=lambda error, _items: failed.append(error.status),
        )  # fmt: skip
        library.page("lib-1", "docs", "Pricing", {"path": "/pricing"})
        library.shutdown()

    assert failed == [401]


def test_a_page_may_ask_whether_it_may_call(deployed: Status) -> None:
    link = http.client.HTTPConnection(urlsplit(deployed.webhook_url).netloc, timeout=240)
    answers = []
    for method, body in (("OPTIONS", None), ("POST", '{"writeKey":"wrong"}')):
        link.request(method, "/v1/t", body, headers={"origin": "https://acme.com"})
        reply = link.getresponse()
        reply.read()
        answers.append((reply.status, reply.getheader("access-control-allow-origin")))
    link.close()

    assert answers == [(204, "*"), (401, "*")]


def test_a_stranger_is_refused(deployed: Status) -> None:
    assert _post(deployed, "/v1/track", {"userId": "u"}, key="wrong") == 401


def test_a_signal_becomes_a_decision_under_least_privilege(folder: Path, deployed: Status) -> None:
    person = {
        "messageId": "m1", "userId": "u1", "timestamp": "2026-11-23T10:00:00Z",
        "traits": {
            "email": "ann@acme-robots.com", "name": "Ann", "title": "VP Marketing",
            "company": {"name": "Acme Robots", "employees": 300},
        },
    }  # fmt: skip
    asks = {
        "messageId": "m2", "userId": "u1", "timestamp": "2026-11-23T10:00:01Z",
        "event": "Demo Requested", "properties": {},
    }  # fmt: skip

    assert _post(deployed, "/v1/identify", person) == 200
    assert _post(deployed, "/v1/track", asks) == 200
    runs = until(lambda: _ended(folder, deployed))

    assert {run["status"] for run in runs} == {"SUCCEEDED"}  # one a window, or two
    table = deployed.outputs["TableDecisions"]
    assert _client(folder, "dynamodb").scan(TableName=table)["Count"] > 0
    timers = _client(folder, "scheduler").list_schedules(GroupName="mos-local-timers")
    assert timers["Schedules"]
    assert _waiting(folder, deployed, "QueueParked") == 0
    assert _waiting(folder, deployed, "QueueUndelivered") == 0


def test_an_operator_asks_the_operators_function(folder: Path, deployed: Status) -> None:
    name = deployed.outputs["FunctionOperator"]

    reply = _client(folder, "lambda").invoke(FunctionName=name, Payload=b'{"tool": "nothing"}')

    assert json.loads(reply["Payload"].read())["reason"] == "unknown_tool"


def _ask_mcp(status: Status, method: str, path: str = "/mcp", token: str = "right") -> Any:  # noqa: S107  a fake
    link = http.client.HTTPConnection(urlsplit(status.mcp_url).netloc, timeout=240)
    headers = {
        "content-type": "application/json",
        "accept": "application/json, text/event-stream",
        "authorization": f"Bearer assistant.{token}",
    }
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    try:
        link.request(method, path, json.dumps(body) if method == "POST" else None, headers)
        reply = link.getresponse()
        return reply.status, reply.read().decode()
    finally:
        link.close()


def test_an_agent_comes_in_by_the_internets_door(deployed: Status) -> None:
    status, body = _ask_mcp(deployed, "POST")

    assert status == 200, body
    assert "find" in {tool["name"] for tool in json.loads(body)["result"]["tools"]}
    assert _ask_mcp(deployed, "POST", token="wrong")[0] == 401
    assert [_ask_mcp(deployed, method)[0] for method in ("GET", "DELETE")] == [405, 405]
    assert _ask_mcp(deployed, "GET", "/.well-known/oauth-protected-resource/mcp")[0] == 404


def test_old_items_go_and_events_are_archived(folder: Path, deployed: Status) -> None:
    dynamodb, events = _client(folder, "dynamodb"), _client(folder, "events")

    table = deployed.outputs["TableActions"]
    said = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert said == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    assert [a["ArchiveName"] for a in events.list_archives()["Archives"]] == ["mos-local-archive"]


def test_what_was_decided_survives_a_restart(folder: Path, deployed: Status) -> None:
    Engine(folder, keep=True).stop()
    Engine(folder, keep=True).start()

    table = deployed.outputs["TableDecisions"]
    assert _client(folder, "dynamodb").scan(TableName=table)["Count"] > 0
    assert _post(deployed, "/v1/track", {"userId": "u"}, key="wrong") == 401


def test_everything_can_be_removed(folder: Path, deployed: Status) -> None:
    engine = Engine(folder)
    running = engine.running()
    assert running

    destroy(engine, running, say=lambda _line: None)

    assert _client(folder, "dynamodb").list_tables()["TableNames"] == []
    assert _client(folder, "lambda").list_functions()["Functions"] == []


def _waiting(folder: Path, status: Status, queue: str) -> int:
    reply = _client(folder, "sqs").get_queue_attributes(
        QueueUrl=status.outputs[queue], AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(reply["Attributes"]["ApproximateNumberOfMessages"])
