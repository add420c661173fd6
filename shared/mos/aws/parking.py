"""The queue of what could not be processed, on SQS."""

import hashlib
import os
from typing import Any

from botocore.exceptions import ClientError

from mos.aws.clients import client
from mos.aws.queue import SqsQueue, queue
from mos.errors import UnavailableError
from mos.ports import ParkedMessage, ParkedRun

_AT_ONCE, _SECONDS = 10, 60


class SqsParking:
    """The `Parking` port on SQS: a message that is neither released nor redriven comes back."""

    def __init__(self, parked: SqsQueue, signals: SqsQueue, machine: str = "") -> None:
        self._url, self._signals, self._machine = parked.url, signals, machine

    def take(self, most: int) -> list[ParkedMessage]:
        found: dict[str, ParkedMessage] = {}
        # A queue gives out what it likes: one that is asked often enough has been looked through.
        while len(found) < most:
            before = len(found)
            reply = client("sqs").receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=min(_AT_ONCE, most - before),
                VisibilityTimeout=_SECONDS,
                MessageAttributeNames=["reason"],
            )
            found |= {one["MessageId"]: _read(one) for one in reply.get("Messages", ())}
            if len(found) == before:
                break
        return list(found.values())

    def release(self, message: ParkedMessage) -> None:
        client("sqs").change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=message.handle, VisibilityTimeout=0
        )

    def redrive(self, message: ParkedMessage, body: str) -> None:
        self._signals.send([body])
        client("sqs").delete_message(QueueUrl=self._url, ReceiptHandle=message.handle)

    def restart(self, message: ParkedMessage, run: ParkedRun) -> None:
        # Named by the message: one that comes a second time starts nothing anew.
        again = hashlib.sha256(message.body.encode()).hexdigest()[:12]
        try:
            client("stepfunctions").start_execution(
                stateMachineArn=run.machine or self._machine,
                name=f"{run.name[:60]}-{again}",
                input=run.given,
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code != "ExecutionAlreadyExists":
                raise UnavailableError("stepfunctions", code) from error
        client("sqs").delete_message(QueueUrl=self._url, ReceiptHandle=message.handle)


def _read(message: dict[str, Any]) -> ParkedMessage:
    reason = message.get("MessageAttributes", {}).get("reason", {}).get("StringValue")
    return ParkedMessage(message["Body"], reason, message["ReceiptHandle"])


def parking() -> SqsParking:
    """Return the deployment's queue of the parked, and the queue that it came from."""
    return SqsParking(queue("parked"), queue("signals"), os.environ.get("MOS_STATE_MACHINE", ""))
