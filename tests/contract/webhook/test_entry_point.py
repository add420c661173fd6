"""The Lambda's entry point on the real adapters, against moto."""

import json
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from functions.webhook.handler import handler
from mos.aws import bucket, clients, queue, secrets
from mos.events import SignalReceived
from tests.unit.webhook.gate import SAMPLES, event_of

pytestmark = [
    pytest.mark.integration,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


class Context:
    function_name = "webhook"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:webhook"
    aws_request_id = "r-1"


def _forget() -> None:
    for cached in (clients.client, bucket.bucket, queue.queue):
        cached.cache_clear()
    secrets._SECRETS.clear()  # noqa: SLF001  one cache per container, and this is a new one


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name, value in {
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "MOS_STAGE": "test",
        "MOS_BUCKET_SIGNALS": "signals",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        _forget()
        boto3.client("s3").create_bucket(
            Bucket="signals", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        sqs = boto3.client("sqs")
        for name in ("signals", "parked"):
            made = sqs.create_queue(QueueName=name)["QueueUrl"]
            monkeypatch.setenv(f"MOS_QUEUE_{name.upper()}", made)
        secret = SAMPLES["segment-1"][1].secret
        boto3.client("ssm").put_parameter(
            Name="/mos/test/webhook/segment", Value=f"newer\n{secret}\n", Type="SecureString"
        )
        yield sqs.get_queue_url(QueueName="signals")["QueueUrl"]
        _forget()


def test_a_delivery_is_queued_kept_and_recognised_when_it_comes_again(url: str) -> None:
    _, sample = SAMPLES["segment-1"]

    first = handler(event_of(sample), Context())
    second = handler(event_of(sample), Context())

    assert first["statusCode"] == 200
    assert json.loads(first["body"])["signals"] == len(sample.kinds)
    assert json.loads(second["body"])["status"] == "duplicate"
    sqs = boto3.client("sqs")
    got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert {SignalReceived.parse(m["Body"]).signal.kind for m in got} <= set(sample.kinds)
    (kept,) = boto3.client("s3").list_objects_v2(Bucket="signals")["Contents"]
    assert kept["Key"].startswith("raw/segment/")


@pytest.mark.usefixtures("url")
def test_an_unknown_door_is_answered_in_the_gateways_form() -> None:
    event = event_of(SAMPLES["segment-0"][1]) | {"rawPath": "/hooks/nobody"}

    said = handler(event, Context())

    assert (said["statusCode"], said["headers"]["content-type"]) == (404, "application/json")
