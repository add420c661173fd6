"""What is put aside can be listed, and sent again: by the data layer's own park, on real queues."""

import json
from collections.abc import Iterator

import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from cli.commands.parked import app
from cli.deployment import deployment
from functions.data.handler import park, park_signals
from mos.aws.clients import client
from mos.aws.queue import queue
from mos.events import SignalReceived
from tests.builders import signal

pytestmark = pytest.mark.integration
ENV = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "MOS_STAGE": "test",
}
CACHES = (client, queue, deployment)


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


def run(*words: str) -> Result:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done


def waiting(url: str) -> list[str]:
    reply = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [message["Body"] for message in reply.get("Messages", ())]


def test_what_is_put_aside_is_listed_by_reason_and_sent_again_by_its_code(
    urls: dict[str, str],
) -> None:
    one, other = signal(key="1"), signal(key="2")
    park_signals([one], "endless_redirect: the redirects of per_1 lead to nobody")
    park_signals([other], "oversized: the signal is large")

    listed = json.loads(run("list", "--json").stdout)
    run("redrive", "endless_redirect")

    assert listed == {
        "endless_redirect: the redirects of per_1 lead to nobody": 1,
        "oversized: the signal is large": 1,
    }
    (body,) = waiting(urls["signals"])
    assert SignalReceived.parse(body).signal == one
    assert list(json.loads(run("list", "--json").stdout)) == ["oversized: the signal is large"]


@pytest.mark.parametrize(
    "body",
    ["not JSON", "[" * 50_000, '{"signal":{"n":"' + '\\"' * 120_000 + '"}}', "\u00e9" * 100_000],
    ids=["no JSON", "deep", "too large with its reason around it", "many bytes"],
)
def test_whatever_was_in_the_queue_is_put_aside_and_comes_back_as_it_was(
    urls: dict[str, str], body: str
) -> None:
    park([(body, "not_json: a \x00 b \u00e9\ufffe")])

    assert json.loads(run("list", "--json").stdout) == {"not_json: a ? b ??": 1}
    run("redrive", "not_json")

    assert waiting(urls["signals"]) == [body]
    assert waiting(urls["parked"]) == []
