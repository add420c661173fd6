"""Decisions that wait for a person: kept as they come, answered once.

The operators' own table: `APPROVAL#<decision>/WAITS` with `APPROVALS/<until>#<decision>` to list
them by, and under the same key `ANSWER`, written once. All of it is forgotten after a month.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from mos.errors import MalformedError
from mos.model.approval import ApprovalRequest, ApprovalWord
from mos.ports import Record, Runs, Table

_LIST, _MONTH = "APPROVALS", timedelta(days=31)


class Approvals:
    """The decisions that wait, in one table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def keep(self, request: ApprovalRequest) -> None:
        """Keep that a decision waits. One that is asked for again waits on its newest token."""
        key = f"APPROVAL#{request.decision_id}"
        ends = int((request.until + _MONTH).timestamp())
        before = self._table.get(key, "WAITS")
        version = before.version if before else 0
        self._table.save(Record(key, "WAITS", request.canonical(), version, expires_at=ends))
        at = f"{request.until.isoformat()}#{request.decision_id}"
        tags = {"decision": request.decision_id}
        self._table.put_new(Record(_LIST, at, "", tags=tags, expires_at=ends))

    def find(self, decision_id: str) -> ApprovalRequest | None:
        """Return what was asked about a decision, answered or not."""
        record = self._table.get(f"APPROVAL#{decision_id}", "WAITS")
        return ApprovalRequest.parse(record.body) if record else None

    def word(self, decision_id: str) -> ApprovalWord | None:
        """Return what somebody said of a decision."""
        record = self._table.get(f"APPROVAL#{decision_id}", "ANSWER")
        return ApprovalWord.parse(record.body) if record else None

    def list_waiting(self, now: datetime) -> list[ApprovalRequest]:
        """Return what nobody has answered and what has not run out, the most urgent first."""
        listed = self._table.between(_LIST, now.isoformat(), "~")
        ids = list(dict.fromkeys(record.tags["decision"] for record in listed))
        answers = [(f"APPROVAL#{one}", "ANSWER") for one in ids]
        said = self._table.get_many(answers) if answers else {}
        open_ = [one for one, key in zip(ids, answers, strict=True) if key not in said]
        found = [request for one in open_ if (request := self.find(one))]
        return sorted(found, key=lambda r: (r.until, r.decision_id))

    def say(self, decision_id: str, word: ApprovalWord) -> ApprovalWord:
        """Keep somebody's word, and return the one that stands: the first."""
        request = self.find(decision_id)
        ends = int(((request.until if request else word.at) + _MONTH).timestamp())
        key = f"APPROVAL#{decision_id}"
        if self._table.put_new(Record(key, "ANSWER", word.canonical(), expires_at=ends)):
            return word
        return self.word(decision_id) or word


def take_requests(
    messages: Iterable[Mapping[str, Any]], approvals: Approvals, runs: Runs, hours: float
) -> int:
    """Keep each decision that the workflow asks about; return how many wait now.

    A run that asks again about what somebody has answered gets the same answer.

    Raises:
        MalformedError: a message is none of the workflow's.
    """
    count = 0
    for message in messages:
        request = _read_request(message, hours)
        approvals.keep(request)
        if word := approvals.word(request.decision_id):
            runs.answer(request.token, write_answer(word))
        else:
            count += 1
    return count


def write_answer(word: ApprovalWord) -> dict[str, Any]:
    """Return what the run is told, which stands in its history."""
    return {"approved": word.approved, "by": word.by, "why": word.why}


def _read_request(message: Mapping[str, Any], hours: float) -> ApprovalRequest:
    try:
        body = json.loads(message["body"])
        sent = int(message["attributes"]["SentTimestamp"]) / 1000
        asked = datetime.fromtimestamp(sent, UTC)
        return ApprovalRequest(
            decision_id=body["event"]["decision_id"],
            token=body["task_token"],
            execution=body["execution"],
            asked_at=asked,
            until=asked + timedelta(hours=hours),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise MalformedError(f"not a decision that waits: {type(error).__name__}") from None
