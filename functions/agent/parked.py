"""What a parked message is: why it lies there, and what may go back to the queue. Pure."""

import json
from dataclasses import dataclass
from typing import Any

from mos.ports import ParkedMessage

_LONGEST = 120


@dataclass(frozen=True)
class ParkedThing:
    """A parked message as it is read; without a `body` nothing of it may be sent again.

    `kind` is a signal, a run of the workflow, or what a door refused.
    """

    message: ParkedMessage
    kind: str
    reason: str
    body: str | None

    @property
    def code(self) -> str:
        """Return the reason's first word, by which many are one."""
        return self.reason.partition(":")[0]


def read_parked(message: ParkedMessage) -> ParkedThing:
    """Return what a message is, whatever wrote it."""
    told = _parse(message.body)
    said = message.reason or told.get("reason") or told.get("error") or "unknown"
    # A reason may hold what somebody typed: as far as it can be a code and a place.
    reason = str(said)[:_LONGEST]
    if "execution" in told:
        return ParkedThing(message, "run", reason, None)
    if "body" in told:
        return ParkedThing(message, "signal", reason, str(told["body"]))
    # One that was too large to be told of: it lies there as it came.
    if "signal" in told or not told:
        return ParkedThing(message, "signal", reason, message.body)
    return ParkedThing(message, "refused", reason, None)


def _parse(body: str) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
