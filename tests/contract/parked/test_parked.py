"""What is put aside can be listed, and sent again: by the data layer's own park, on real queues."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto import mock_aws

from functions.agent.tools.parked import TOOL
from functions.data.handler import park, park_signals
from mos.aws.clients import client
from mos.aws.parking import parking
from mos.aws.queue import queue
from mos.events import SignalReceived
from mos.memory.parking import FakeParking
from mos.memory.queue import FakeQueue
from mos.ports import Parking
from tests.agents import Doors
from tests.builders import signal

pytestmark = pytest.mark.integration
ENV = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "MOS_STAGE": "test",
}
CACHES = (client, queue)


@pytest.fixture
def urls() -> Iterator[dict[str, str]]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in ENV.items():
            patch.setenv(name, value)
        for cache in CACHES:
            cache.cache_clear()
        made = {}
        for name in ("signals", "parked"):
            url = client("sqs").create_queue(QueueName=f"mos-test-{name}")["QueueUrl"]
            patch.setenv(f"MOS_QUEUE_{name.upper()}", url)
            made[name] = url
        yield made
        for cache in CACHES:
            cache.cache_clear()


def ask(**arguments: Any) -> dict[str, Any]:
    said = Doors(parking=parking()).operate(TOOL.name, **arguments)
    assert said["ok"], said
    data: dict[str, Any] = said["data"]
    return data


def list_counts() -> dict[str, int]:
    return {row["reason"]: row["count"] for row in ask()["reasons"]}


def waiting(url: str) -> list[str]:
    reply = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [message["Body"] for message in reply.get("Messages", ())]


def test_what_is_put_aside_is_listed_by_reason_and_sent_again_by_its_code(
    urls: dict[str, str],
) -> None:
    one, other = signal(key="1"), signal(key="2")
    park_signals([one], "endless_redirect: the redirects of per_1 lead to nobody")
    park_signals([other], "oversized: the signal is large")

    listed = list_counts()
    redriven = ask(word="redrive", reason="endless_redirect")

    assert listed == {
        "endless_redirect: the redirects of per_1 lead to nobody": 1,
        "oversized: the signal is large": 1,
    }
    assert redriven["sent"] == 1
    (body,) = waiting(urls["signals"])
    assert SignalReceived.parse(body).signal == one
    assert list(list_counts()) == ["oversized: the signal is large"]


@pytest.mark.parametrize(
    "body",
    ["not JSON", "[" * 50_000, '{"signal":{"n":"' + '\\"' * 120_000 + '"}}', "\u00e9" * 100_000],
    ids=["no JSON", "deep", "too large with its reason around it", "many bytes"],
)
def test_whatever_was_in_the_queue_is_put_aside_and_comes_back_as_it_was(
    urls: dict[str, str], body: str
) -> None:
    park([(body, "not_json: a \x00 b \u00e9\ufffe")])

    assert list_counts() == {"not_json: a ? b ??": 1}
    ask(word="redrive", reason="not_json")

    assert waiting(urls["signals"]) == [body]
    assert waiting(urls["parked"]) == []


RUN = {"run_id": "run_1"}


@pytest.fixture(params=["memory", "sqs"])
def parked(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[Parking, Callable[[], list[Any]]]:
    """Return a queue of the parked, in memory and on SQS, and what was started again.

    In it are a run that ended badly, one whose beginning was too large to be told, and a signal.
    """
    detail = {"name": "run-1", "status": "FAILED", "error": "MalformedError"}
    ended = {"source": "aws.states", "detail": detail | {"input": json.dumps(RUN)}}
    large = {"source": "aws.states", "detail": detail | {"error": "TooMuch", "input": None}}
    told = json.dumps({"body": "{}", "reason": "oversized: large"})
    if request.param == "memory":
        lying = FakeQueue()
        for body in (ended, large):
            lying.send([json.dumps(body)])
        lying.send([told], "oversized: large")
        memory = FakeParking(lying, FakeQueue())
        return memory, lambda: [json.loads(run.given) for run in memory.restarted]
    request.getfixturevalue("urls")
    machine = client("stepfunctions").create_state_machine(
        name="again", roleArn="arn:aws:iam::123456789012:role/again",
        definition='{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
    )["stateMachineArn"]  # fmt: skip
    monkeypatch.setenv("MOS_STATE_MACHINE", machine)
    for body in (ended, large):
        queue("parked").send([json.dumps(body)])
    queue("parked").send([told], "oversized: large")

    def started() -> list[Any]:
        aws = client("stepfunctions")
        found = aws.list_executions(stateMachineArn=machine)["executions"]
        told = [aws.describe_execution(executionArn=one["executionArn"]) for one in found]
        return [json.loads(one["input"]) for one in told]

    return parking(), started


def test_a_run_is_listed_and_starts_again_from_what_it_began_with(
    parked: tuple[Parking, Callable[[], list[Any]]],
) -> None:
    doors, started = Doors(parking=parked[0]), parked[1]

    listed = doors.operate("parked")["data"]
    again = doors.operate("parked", word="redrive", reason="MalformedError")["data"]
    refused = doors.operate("parked", word="redrive", reason="TooMuch")
    sent = doors.operate("parked", word="redrive", reason="oversized")["data"]
    left = doors.operate("parked")["data"]

    assert {(r["kind"], r["reason"], r["redrivable"]) for r in listed["reasons"]} == {
        ("run", "MalformedError", 1), ("run", "TooMuch", 0), ("signal", "oversized: large", 1),
    }  # fmt: skip
    assert (again["sent"], started()) == (1, [RUN])
    assert refused["data"]["sent"] == 0
    assert "1 of this reason cannot be" in refused["text"]
    assert sent["sent"] == 1
    assert [r["reason"] for r in left["reasons"]] == ["TooMuch"]


def test_without_a_reason_nothing_is_sent_and_the_internet_never_sees_what_is_parked(
    parked: tuple[Parking, Callable[[], list[Any]]],
) -> None:
    doors = Doors(parking=parked[0])

    assert doors.operate("parked", word="redrive")["reason"] == "malformed"
    assert doors.operate("parked")["data"]["count"] == 3
    assert "parked" not in {t["name"] for t in doors.list_tools()}
