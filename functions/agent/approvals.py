"""Decisions that wait for people: kept as they come, each word kept once, and how each ended.

The operators' own table: `APPROVAL#<decision>/WAITS` with `APPROVALS/<until>#<decision>` to list
them by; under the same key `WORD#<name>`, one for each approver, `ANSWER`, written once, and
`IGNORED#<what>` for words that changed nothing. All of it is forgotten after a month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mos.model.approval import ApprovalRequest, ApprovalWord, ApproverWord, IgnoredWord
from mos.model.base import derive_id
from mos.ports import Record, Table

_LIST, _MONTH = "APPROVALS", timedelta(days=31)
_MOST_IGNORED = 50


@dataclass(frozen=True)
class BlastRadius:
    """What one word, and all like it in the same hours, touch: people, accounts, US dollars.

    It counts the requests for the same action that have not run out, answered or not: who approves
    one by one approves a campaign. `cost` is what the attempts cost, `value` what it is worth if
    each succeeds.
    """

    requests: int
    people: int
    accounts: int
    cost: float
    value: float


class Approvals:
    """The decisions that wait, in one table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def keep(self, request: ApprovalRequest) -> None:
        """Keep that a decision waits. One that is asked for again waits on its newest token."""
        key = _key(request.decision_id)
        before = self._table.get(key, "WAITS")
        version = before.version if before else 0
        ends = _ends(request.until)
        self._table.save(Record(key, "WAITS", request.canonical(), version, expires_at=ends))
        at = f"{request.until.isoformat()}#{request.decision_id}"
        tags = {"decision": request.decision_id}
        self._table.put_new(Record(_LIST, at, "", tags=tags, expires_at=ends))

    def find(self, decision_id: str) -> ApprovalRequest | None:
        """Return what was asked about a decision, answered or not."""
        record = self._table.get(_key(decision_id), "WAITS")
        return ApprovalRequest.parse(record.body) if record else None

    def word(self, decision_id: str) -> ApprovalWord | None:
        """Return how a request ended; None while it waits."""
        record = self._table.get(_key(decision_id), "ANSWER")
        return ApprovalWord.parse(record.body) if record else None

    def words(self, decision_id: str) -> tuple[ApproverWord, ...]:
        """Return what approvers have said so far, the first word first."""
        found = self._table.query(_key(decision_id), prefix="WORD#")
        said = [ApproverWord.parse(record.body) for record in found]
        return tuple(sorted(said, key=lambda one: (one.at, one.by)))

    def ignored(self, decision_id: str) -> tuple[IgnoredWord, ...]:
        """Return the words that changed nothing, the first one first."""
        found = self._table.query(_key(decision_id), prefix="IGNORED#", limit=_MOST_IGNORED)
        said = [IgnoredWord.parse(record.body) for record in found]
        return tuple(sorted(said, key=lambda one: (one.at, one.by)))

    def list_open(self, now: datetime) -> list[ApprovalRequest]:
        """Return what has not run out, answered or not."""
        listed = self._table.between(_LIST, now.isoformat(), "~")
        ids = dict.fromkeys(record.tags["decision"] for record in listed)
        keys = [(_key(one), "WAITS") for one in ids]
        found = self._table.get_many(keys) if keys else {}
        return [ApprovalRequest.parse(found[key].body) for key in keys if key in found]

    def list_waiting(self, now: datetime) -> list[ApprovalRequest]:
        """Return what nobody has ended and what has not run out, the oldest first."""
        found = self.list_open(now)
        answers = [(_key(one.decision_id), "ANSWER") for one in found]
        said = self._table.get_many(answers) if answers else {}
        waits = [one for one in found if (_key(one.decision_id), "ANSWER") not in said]
        return sorted(waits, key=lambda one: (one.asked_at, one.decision_id))

    def say(self, request: ApprovalRequest, word: ApproverWord) -> bool:
        """Keep an approver's word; false where they have said one already: the first stands."""
        sk, ends = f"WORD#{word.by}", _ends(request.until)
        key = _key(request.decision_id)
        return self._table.put_new(Record(key, sk, word.canonical(), expires_at=ends))

    def end(self, request: ApprovalRequest, word: ApprovalWord) -> ApprovalWord:
        """Keep how a request ended, and return the end that stands: the first."""
        key, ends = _key(request.decision_id), _ends(request.until)
        if self._table.put_new(Record(key, "ANSWER", word.canonical(), expires_at=ends)):
            return word
        return self.word(request.decision_id) or word

    def ignore(self, decision_id: str, word: IgnoredWord, cause: str = "") -> None:
        """Keep a word that changed nothing, with why; the same cause is kept once."""
        name = derive_id("ign", cause or word.canonical())
        ends = _ends(word.at)
        record = Record(_key(decision_id), f"IGNORED#{name}", word.canonical(), expires_at=ends)
        self._table.put_new(record)


def measure_blast(request: ApprovalRequest, others: Sequence[ApprovalRequest]) -> BlastRadius:
    """Return what a request touches together with those like it that have not run out. Pure."""
    alike = {one.decision_id: one for one in others if one.action == request.action}
    alike = (alike if request.action else {}) | {request.decision_id: request}
    return BlastRadius(
        requests=len(alike),
        people=len({one.person_id for one in alike.values() if one.person_id}),
        accounts=len({one.account_id for one in alike.values() if one.account_id}),
        cost=round(sum(one.cost for one in alike.values()), 2),
        value=round(sum(one.value for one in alike.values()), 2),
    )


def list_late(
    waiting: Sequence[ApprovalRequest], now: datetime, hours: float
) -> list[ApprovalRequest]:
    """Return what has waited for longer than so many hours, the oldest first. Pure."""
    return [one for one in waiting if now - one.asked_at > timedelta(hours=hours)]


def _key(decision_id: str) -> str:
    return f"APPROVAL#{decision_id}"


def _ends(until: datetime) -> int:
    return int((until + _MONTH).timestamp())
