"""The queue of what could not be processed, on SQS."""

from typing import Any

from mos.aws.clients import client
from mos.aws.queue import SqsQueue, queue
from mos.ports import ParkedMessage

_AT_ONCE, _SECONDS = 10, 60


class SqsParking:
    """The `Parking` port on SQS: a message that is neither released nor redriven comes back."""

    def __init__(self, parked: SqsQueue, signals: SqsQueue) -> None:
        self._url, self._signals = parked.url, signals

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


def _read(message: dict[str, Any]) -> ParkedMessage:
    reason = message.get("MessageAttributes", {}).get("reason", {}).get("StringValue")
    return ParkedMessage(message["Body"], reason, message["ReceiptHandle"])


def parking() -> SqsParking:
    """Return the deployment's queue of the parked, and the queue that it came from."""
    return SqsParking(queue("parked"), queue("signals"))
