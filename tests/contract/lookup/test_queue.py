"""On real queues: a question that must wait is not seen before, and what was refused asks again."""

import json
from collections.abc import Iterator

import pytest
from moto import mock_aws

from functions.lookup.handler import step
from functions.webhook.handler import handler as webhook
from mos.aws.bucket import bucket
from mos.aws.clients import client
from mos.aws.parking import parking
from mos.aws.queue import queue
from mos.events import ReadNeeded, SignalReceived
from mos.model.base import canonical
from mos.model.call import Call, CallReply
from mos.model.lookup import ReadReason, RecordName, read_need
from mos.ports import Moment
from tests.agents import Doors
from tests.builders import NOON, signal, starter

pytestmark = pytest.mark.integration
ENV = {
    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1", "MOS_STAGE": "test", "MOS_BUCKET_SIGNALS": "signals",
}  # fmt: skip
CACHES = (client, queue)
DEAL = RecordName(system="hubspot", object="deal", record_id="1", tenant="9")


@pytest.fixture(autouse=True)
def queues() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in ENV.items():
            patch.setenv(name, value)
        for cache in CACHES:
            cache.cache_clear()
        where = {"LocationConstraint": "eu-central-1"}
        client("s3").create_bucket(Bucket="signals", CreateBucketConfiguration=where)
        for name in ("signals", "parked", "lookups", "answers"):
            url = client("sqs").create_queue(QueueName=f"mos-test-{name}")["QueueUrl"]
            patch.setenv(f"MOS_QUEUE_{name.upper()}", url)
        yield
        for cache in CACHES:
            cache.cache_clear()


def received(name: str) -> list[dict[str, str]]:
    reply = client("sqs").receive_message(QueueUrl=queue(name).url, MaxNumberOfMessages=10)
    return list(reply.get("Messages", ()))


def asked() -> ReadNeeded:
    return ReadNeeded.following(SignalReceived.of(signal()), record=DEAL, why=ReadReason.NEW_RECORD)


def ask(reply: CallReply) -> dict[str, float]:
    def exchange(call: Call) -> CallReply:
        return reply if "/objects/" in call.url else CallReply(200, {}, b'{"results": []}')

    def park(body: str, why: str) -> None:
        queue("parked").send([body], why)

    answers = queue("answers")
    waits = step(
        {"m": asked()}, Moment(NOON), starter(), exchange, answers, park, lambda _name: None
    )
    return dict(waits)


def test_a_question_that_is_put_off_is_seen_again_when_its_time_has_come() -> None:
    queue("lookups").send(["a", "b"])
    later, now = received("lookups")

    queue("lookups").postpone(later["ReceiptHandle"], 3600)
    queue("lookups").postpone(now["ReceiptHandle"], 0)

    assert [one["Body"] for one in received("lookups")] == [now["Body"]]


def test_what_was_refused_is_parked_with_who_must_act_and_asks_again_when_redriven() -> None:
    assert ask(CallReply(403, {}, b'{"category": "MISSING_SCOPES"}')) == {}

    desk = Doors(parking=parking())
    listed = desk.operate("parked")["data"]["reasons"]
    desk.operate("parked", word="redrive", reason="read_refused")

    (message,) = received("signals")
    again = read_need(SignalReceived.model_validate_json(message["Body"]).signal)
    assert "lookup/hubspot" in listed[0]["reason"]
    assert again
    assert again.record == DEAL


def test_an_answer_goes_by_its_queue_to_the_doors_and_becomes_a_signal() -> None:
    record = {"id": "1", "updatedAt": "2026-03-02T09:00:00Z", "properties": {"amount": "5"}}
    assert ask(CallReply(200, {}, canonical({"results": [record]}).encode())) == {}
    (answer,) = received("answers")
    message = {"messageId": "1", "body": answer["Body"]}

    reply = webhook({"Records": [message]}, None)

    made = SignalReceived.model_validate_json(received("signals")[0]["Body"]).signal
    assert reply == {"batchItemFailures": []}
    assert (made.properties["deal_id"], made.properties["amount"]) == ("1", "5")
    assert json.loads(bucket("signals").get(str(made.raw_key)) or b"") == json.loads(
        json.loads(answer["Body"])["body"]
    )
