"""What we rely on when ministack runs functions."""

import json
from typing import Any

from tests.contract.engine.conftest import Probe
from tests.waiting import until


def test_an_error_keeps_its_class_and_the_process_lives_on(probe: Probe) -> None:
    probe.function("fails", probe.role("fails"), "fails")

    _, first = probe.call("fails", {"fail": False})
    failed, said = probe.call("fails", {})
    _, second = probe.call("fails", {"fail": False})

    assert failed
    assert (said["errorType"], said["errorMessage"]) == ("ConflictError", "somebody was first")
    assert first == second


def waiting(probe: Probe, url: str) -> int:
    """Return how many messages are in a queue, those that somebody works on included."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    reply: dict[str, Any] = probe.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)
    return sum(int(number) for number in reply["Attributes"].values())


def test_only_the_failed_message_of_a_batch_comes_again(probe: Probe) -> None:
    """The function shows what failed again at once: what was done would come back in an hour."""
    dead, dead_arn = probe.queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, arn = probe.queue("source", VisibilityTimeout="3600", RedrivePolicy=redrive)
    consume = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes",
               "sqs:ChangeMessageVisibility"]  # fmt: skip
    role = probe.role("batch", {"Effect": "Allow", "Action": consume, "Resource": arn})
    probe.function("batch", role, "batch", QUEUE=url)
    probe.functions.create_event_source_mapping(
        FunctionName="batch", EventSourceArn=arn, BatchSize=10,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )  # fmt: skip

    for body in ({"good": 1}, {"poison": True}, {"good": 2}):
        probe.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))
    found = until(lambda: probe.sqs.receive_message(QueueUrl=dead).get("Messages"))

    assert [json.loads(message["Body"]) for message in found] == [{"poison": True}]
    assert until(lambda: waiting(probe, url) == 0)


def test_a_function_may_do_only_what_its_role_says(probe: Probe) -> None:
    for name in ("mine", "theirs"):
        probe.dynamodb.create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")
            ],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
        )  # fmt: skip
    arn = probe.dynamodb.describe_table(TableName="mine")["Table"]["TableArn"]
    put = {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": arn}
    probe.function("writes", probe.role("writes", put), "writes")

    allowed = probe.call("writes", {"table": "mine"})
    failed, said = probe.call("writes", {"table": "theirs"})

    assert allowed == (False, {"written": True})
    assert failed
    assert "AccessDenied" in said["errorMessage"]


def test_a_batch_is_sent_by_the_permission_to_send(probe: Probe) -> None:
    url, arn = probe.queue("sent")
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn}
    probe.function("sends", probe.role("sends", send), "sends")

    assert probe.call("sends", {"queue": url}) == (False, {"sent": 1})
