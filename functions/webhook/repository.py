"""The evidence: raw bodies under the replay keys of their requests."""

import json
from collections.abc import Sequence

from functions.webhook.draft import message
from functions.webhook.fields import Json
from functions.webhook.receive import Received
from functions.webhook.source import Refused
from mos.model.base import canonical
from mos.ports import Bucket, Queue

_ELEMENT = 30_000
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
        self.park(source, received.translation.refused, received.key)
        self._evidence.put_new(received.key, raw, {"source": source})

    def park(self, source: str, refused: Sequence[Refused], raw_key: str | None = None) -> None:
        """Put elements aside with their reasons."""
        by_reason: dict[str, list[str]] = {}
        for found in refused:
            body = {
                "source": source,
                "reason": found.reason[:_REASON],
                "raw_key": raw_key,
                "element": _kept(found),
            }
            # Message attributes and bodies in ASCII: SQS refuses some characters.
            reason = found.reason.encode("ascii", "replace").decode()[:_REASON]
            by_reason.setdefault(reason, []).append(json.dumps(body))
        for reason, bodies in by_reason.items():
            self._parked.send(bodies, reason)


def _kept(refused: Refused) -> Json:
    """Return the element, or the start of a very large one: the bucket has the whole."""
    element = canonical(refused.element)
    return refused.element if len(element) <= _ELEMENT else element[:1000]
