"""The evidence: raw bodies under the replay keys of their requests."""

import json

from functions.webhook.draft import message
from functions.webhook.receive import Received
from functions.webhook.source import Refused
from mos.model.base import canonical
from mos.ports import Bucket, Queue

_ELEMENT = 100_000
_REASON = 500


class Inbox:
    """Where received requests go: signals to one queue, refused elements to another."""

    def __init__(self, evidence: Bucket, signals: Queue, parked: Queue) -> None:
        self._evidence = evidence
        self._signals = signals
        self._parked = parked

    def holds(self, received: Received) -> bool:
        """Say whether this request has come in before."""
        return self._evidence.exists(received.key)

    def take(self, source: str, received: Received, raw: bytes) -> None:
        """Queue what the request meant, then keep its bytes.

        In this order: a crash in between makes the sender try again, and the signal log absorbs
        the repeat by its signal ids. The other way round, the retry would look like a replay and
        an acknowledged signal would be lost.
        """
        if received.translation.signals:
            self._signals.send([message(signal) for signal in received.translation.signals])
        for refused in received.translation.refused:
            self.park(source, refused, received.key)
        self._evidence.put_new(received.key, raw, {"source": source})

    def park(self, source: str, refused: Refused, raw_key: str | None = None) -> None:
        """Put an element aside with its reason; a very large one stays in the bucket only."""
        element = canonical(refused.element)
        body = {
            "source": source,
            "reason": refused.reason[:_REASON],
            "raw_key": raw_key,
            "element": refused.element if len(element) <= _ELEMENT else element[:1000],
        }
        reason = refused.reason.encode("ascii", "replace").decode()[:_REASON]
        self._parked.send([json.dumps(body)], reason)
