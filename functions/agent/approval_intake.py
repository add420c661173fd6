"""What comes to the operators' queue: what waits, words of doors that prove whose, the clock.

A run that asks again about what people have answered gets the same answer.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.agent.approvals import Approvals
from mos.errors import MalformedError
from mos.events import ApprovalSaid
from mos.model.approval import ApprovalRequest, ApprovalWord
from mos.ports import Runs


def take_request(
    message: Mapping[str, Any], approvals: Approvals, runs: Runs, hours: float
) -> bool:
    """Keep the decision that the workflow asks about; say whether it waits now.

    Raises:
        MalformedError: the message is none of the workflow's.
    """
    request = read_request(message, hours)
    approvals.keep(request)
    word = approvals.word(request.decision_id)
    if word is not None:
        runs.answer(request.token, write_answer(word))
    return word is None


def write_answer(word: ApprovalWord) -> dict[str, Any]:
    """Return what the run is told, which stands in its history: everybody's word, in order."""
    said = [
        {"approved": one.approved, "by": one.by, "at": one.at.isoformat(), "via": one.via}
        | ({"why": one.why} if one.why else {})
        for one in word.words
    ]
    return {"approved": word.approved, "by": word.by, "why": word.why, "words": said}


def is_tick(message: Mapping[str, Any]) -> bool:
    """Say whether a message is the clock's: it is time to look for what waits too long."""
    try:
        body = json.loads(message["body"])
    except (KeyError, ValueError, TypeError):
        return False
    return isinstance(body, Mapping) and body.get("detail-type") == "Scheduled Event"


def read_claim(message: Mapping[str, Any]) -> ApprovalSaid | None:
    """Return the word that a message of the bus brings; None where it is something else."""
    try:
        return ApprovalSaid.parse(message["body"])
    except (KeyError, ValueError, TypeError):
        return None


def read_request(message: Mapping[str, Any], hours: float) -> ApprovalRequest:
    """Return what the workflow asks about. It ends by `hours`, or when its action is too late.

    Raises:
        MalformedError: the message is none of the workflow's.
    """
    try:
        body = json.loads(message["body"])
        event: Mapping[str, Any] = body["event"]
        sent = int(message["attributes"]["SentTimestamp"]) / 1000
        asked = datetime.fromtimestamp(sent, UTC)
        until = asked + timedelta(hours=hours)
        if event.get("expires_at"):
            until = min(until, datetime.fromisoformat(event["expires_at"]))
        return ApprovalRequest(
            decision_id=event["decision_id"],
            token=body["task_token"],
            execution=body["execution"],
            asked_at=asked,
            until=until,
            **_read_action(event),
        )
    except (AttributeError, KeyError, ValueError, TypeError) as error:
        raise MalformedError(f"not a decision that waits: {type(error).__name__}") from None


def _read_action(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is decided, as far as the message says."""
    action: Mapping[str, Any] = event.get("action") or {}
    return {
        "action": action.get("name", ""),
        "action_group": action.get("group", ""),
        "channel": event.get("channel", ""),
        "person_id": event.get("person_id"),
        "account_id": event.get("account_id", ""),
        "cost": action.get("cost", 0.0),
        "value": action.get("value", 0.0),
    }
