"""Look through what waits in one of the deployment's queues, and leave it there."""

from typing import Any

from mos.deployment.deployment import Deployment

_LOOKS = 100
_SECONDS = 60


class QueueViewer:
    """The messages of a queue, taken for a minute: each is released or removed."""

    def __init__(self, where: Deployment, name: str) -> None:
        self._sqs = where.client("sqs")
        self._url: str = self._sqs.get_queue_url(QueueName=where.name(name))["QueueUrl"]

    def messages(self) -> list[dict[str, Any]]:
        """Return what waits, up to a thousand messages."""
        found: dict[str, dict[str, Any]] = {}
        for _ in range(_LOOKS):
            reply = self._sqs.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=_SECONDS,
                MessageAttributeNames=["reason"],
            )
            if not reply.get("Messages"):
                break
            found |= {message["MessageId"]: message for message in reply["Messages"]}
        return list(found.values())

    def release(self, message: dict[str, Any]) -> None:
        """Make a message visible again at once."""
        self._sqs.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )

    def remove(self, message: dict[str, Any]) -> None:
        """Take a message out for good."""
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])

    def send(self, body: str) -> None:
        """Put a message in."""
        self._sqs.send_message(QueueUrl=self._url, MessageBody=body)
