"""What a parked message is: why it lies there, and what may go back to the queue. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mos.ports import ParkedMessage, ParkedRun

_LONGEST = 120


@dataclass(frozen=True)
class ParkedThing:
    """A parked message as it is read; without a `body` or a `run` nothing of it can be sent again.

    `kind` is a signal, a run of the workflow, or what a door refused.
    """

    message: ParkedMessage
    kind: str
    reason: str
    body: str | None = None
    run: ParkedRun | None = None

    @property
    def is_redrivable(self) -> bool:
        """Say whether it can be sent again."""
        return self.body is not None or self.run is not None

    @property
    def code(self) -> str:
        """Return the reason's first word, by which many are one."""
        return self.reason.partition(":")[0]


def read_parked(message: ParkedMessage) -> ParkedThing:
    """Return what a message is, whatever wrote it."""
    told = _parse(message.body)
    if told.get("source") == "aws.states" and isinstance(told.get("detail"), dict):
        return _read_ended(message, told["detail"])
    said = message.reason or told.get("reason") or told.get("error") or "unknown"
    # A reason may hold what somebody typed: as far as it can be a code and a place.
    reason = str(said)[:_LONGEST]
    if "execution" in told:
        given = told.get("input")
        name = str(told["execution"]).rpartition(":")[2]
        machine = str(told.get("machine", ""))
        run = ParkedRun(name, json.dumps(given), machine) if isinstance(given, dict) else None
        return ParkedThing(message, "run", reason, run=run)
    if "body" in told:
        return ParkedThing(message, "signal", reason, str(told["body"]))
    # One that was too large to be told of: it lies there as it came.
    if "signal" in told or not told:
        return ParkedThing(message, "signal", reason, message.body)
    return ParkedThing(message, "refused", reason)


def _read_ended(message: ParkedMessage, detail: Mapping[str, Any]) -> ParkedThing:
    """Return a run that ended otherwise than well, as Step Functions tells of it."""
    reason = str(detail.get("error") or str(detail.get("status", "unknown")).lower())
    given = detail.get("input")
    # By its alias it goes on as the version that is live now.
    machine = detail.get("stateMachineAliasArn") or detail.get("stateMachineArn")
    run = (
        ParkedRun(str(detail.get("name", "")), given, str(machine or ""))
        if isinstance(given, str) and given
        else None
    )
    return ParkedThing(message, "run", reason[:_LONGEST], run=run)


def _parse(body: str) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
