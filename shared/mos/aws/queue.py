"""An SQS queue: sends in batches and checks what was refused."""

from collections.abc import Sequence
from functools import cache

from mos.aws.clients import client, setting
from mos.errors import UnavailableError

_BATCH = 10
_BYTES = 250_000
_TRIES = 3
_LONGEST = 39_600


class SqsQueue:
    """The `Queue` port on SQS."""

    def __init__(self, url: str) -> None:
        self.url = url

    def send(self, bodies: Sequence[str], reason: str | None = None) -> None:
        for batch in _batches(bodies):
            self._send(batch, reason)

    def postpone(self, receipt: str, seconds: float) -> None:
        """Let a message that was received be seen again after a while: at most eleven hours.

        SQS counts twelve from when it was received.
        """
        wait = int(min(max(seconds, 0), _LONGEST))
        client("sqs").change_message_visibility(
            QueueUrl=self.url, ReceiptHandle=receipt, VisibilityTimeout=wait
        )

    def _send(self, batch: list[str], reason: str | None) -> None:
        entries = [_entry(index, body, reason) for index, body in enumerate(batch)]
        for _ in range(_TRIES):
            reply = client("sqs").send_message_batch(QueueUrl=self.url, Entries=entries)
            refused = {failure["Id"] for failure in reply.get("Failed", ())}
            if not refused:
                return
            entries = [entry for entry in entries if entry["Id"] in refused]
        raise UnavailableError("sqs", f"{len(entries)} messages were refused")


def _entry(index: int, body: str, reason: str | None) -> dict[str, object]:
    entry: dict[str, object] = {"Id": str(index), "MessageBody": body}
    if reason:
        entry["MessageAttributes"] = {"reason": {"DataType": "String", "StringValue": reason}}
    return entry


def _batches(bodies: Sequence[str]) -> list[list[str]]:
    batches: list[list[str]] = []
    size = _BYTES + 1
    for body in bodies:
        length = len(body.encode())
        if size + length > _BYTES or len(batches[-1]) == _BATCH:
            batches.append([])
            size = 0
        batches[-1].append(body)
        size += length
    return batches


@cache
def queue(name: str) -> SqsQueue:
    """Return the queue that the deployment calls `name`, such as `signals`."""
    return SqsQueue(setting(f"QUEUE_{name.upper()}"))
