"""Send samples through the Lambda's step, with everything around it in memory."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from functions.webhook import sources
from functions.webhook.handler import step
from functions.webhook.repository import Inbox
from functions.webhook.request import Reply
from functions.webhook.sample import Sample
from mos.events import SignalReceived
from mos.memory.bucket import FakeBucket
from mos.memory.queue import FakeQueue
from mos.memory.secrets import FakeSecrets
from mos.plugins import load, names

SAMPLES = {
    f"{name}-{index}": (name, sample)
    for name in names(sources)
    for index, sample in enumerate(load(sources, name, "SAMPLES", tuple))
}


@dataclass
class Gate:
    """One deployment in memory."""

    secrets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bucket: FakeBucket = field(default_factory=FakeBucket)
    queue: FakeQueue = field(default_factory=FakeQueue)
    parked: FakeQueue = field(default_factory=FakeQueue)

    def send(self, event: Mapping[str, Any], now: datetime) -> Reply:
        known = FakeSecrets({f"webhook/{name}": held for name, held in self.secrets.items()})
        return step(event, Inbox(self.bucket, self.queue, self.parked), known, now)

    def signals(self) -> list[Any]:
        return [SignalReceived.parse(body).signal for body in self.queue.bodies]

    def is_untouched(self) -> bool:
        return not (self.queue.bodies or self.parked.bodies or self.bucket.objects)


def gate_for(name: str, *secrets: str) -> Gate:
    return Gate({name: secrets})


def event_of(sample: Sample, *, is_base64: bool = False, **changes: Any) -> dict[str, Any]:
    """Return the gateway's event of a sample, with some of the sample's fields changed."""
    fields = {"headers": sample.headers, "body": sample.body, "method": sample.method} | changes
    made = gateway_event(fields["method"], sample.url, fields["headers"], fields["body"])
    return made if is_base64 else made | {"body": fields["body"].decode(), "isBase64Encoded": False}


def gateway_event(method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """Return what an HTTP API makes of a request."""
    parts = urlsplit(url)
    return {
        "version": "2.0",
        "rawPath": parts.path,
        "rawQueryString": parts.query,
        "headers": {name.lower(): value for name, value in headers.items()},
        "requestContext": {
            "domainName": parts.netloc,
            "stage": "$default",
            "http": {"method": method, "path": parts.path},
        },
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
