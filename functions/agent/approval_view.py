"""What waits for a word, as an operator sees it: what it touches before who may say it. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from functions.agent.paging import count_after
from mos.model.approval import ApproverWord, IgnoredWord
from mos.model.base import Instant, Noun
from mos.model.view import Block, Rows, Said


class ApproverSaid(Noun):
    """What somebody said, when and by which door; `ignored` is why it changed nothing."""

    by: str
    approved: bool
    at: Instant
    via: str
    why: str = ""
    ignored: str = ""

    @classmethod
    def of(cls, word: ApproverWord | IgnoredWord) -> Self:
        """Return a word that was kept, whether it counts or not."""
        said = {"by": word.by, "approved": word.approved, "at": word.at, "via": word.via}
        if isinstance(word, IgnoredWord):
            return cls(**said, ignored=word.reason)
        return cls(**said, why=word.why)


class ApprovalRow(Noun):
    """A decision that waits, or did: what is to be done, to whom, why, and what was said of it.

    `over` means that the run waits no more: it was answered, or its time ran out. It takes
    `needed` approvers of a `role`, by a `rule`; `count` have said yes. `requests` for the same
    action that have not run out touch so many `people` and `accounts`, `cost` so much, and are
    worth `value` if each succeeds, in US dollars. The agent `proposer` asked for it.
    """

    decision: str
    action: str
    treatment: str
    channel: str
    person_id: str | None
    who: str
    account_id: str
    reason: str
    asked_at: Instant
    until: Instant
    over: bool
    execution: str
    needed: int
    role: str
    rule: str
    proposer: str
    count: int
    requests: int
    people: int
    accounts: int
    cost: float
    value: float
    words: tuple[ApproverSaid, ...] = ()
    ignored: tuple[ApproverSaid, ...] = ()
    approved: bool | None = None
    by: str | None = None
    why: str = ""


def list_rows(rows: Sequence[ApprovalRow], count: int, now: datetime, skip: int = 0) -> list[Block]:
    """Return what waits, the oldest first, with how far each is and the time that is left."""
    plural = "decision waits" if count == 1 else "decisions wait"
    first = Said.of(f"{count} {plural} for a person", "what the workflow asked")
    table = Rows(
        title="The oldest first",
        columns=("decision", "what", "to whom", "touches", "yes", "left", "until (UTC)"),
        rows=tuple(
            (
                row.decision, row.action, row.who, tell_blast(row),
                f"{row.count} of {row.needed}", _left(row, now), f"{row.until:%m-%d %H:%M}",
            )
            for row in rows
        ),
        more=count_after(count, skip, len(rows)),
        next_skip=skip + len(rows),
    )  # fmt: skip
    return [first, table] if rows else [first]


def show_row(row: ApprovalRow) -> list[Block]:
    """Return one request: what it touches first, then what it takes and what was said."""
    asked = f"asked at {_moment(row.asked_at)}, until {_moment(row.until)}"
    what = f"{row.action} by {row.channel} to {row.who or 'nobody'}: {asked}"
    takes = f"{row.needed} approver{'' if row.needed == 1 else 's'}"
    role = f" of the role {row.role}" if row.role else ""
    view: list[Block] = [
        Said.of(f"Touches {tell_blast(row)}", row.decision),
        Said.of(what, row.decision),
        Said.of(f"Why: {row.reason}; all of it: why {row.decision}", row.decision),
        Said.of(f"Takes {takes}{role} ({row.rule}); {row.count} of {row.needed}", row.decision),
    ]
    if row.proposer:
        said = f"The agent {row.proposer} asked for it: not approved by whom it speaks for"
        view.append(Said.of(said, row.decision))
    view += [Said.of(_tell_word(word), row.decision) for word in (*row.words, *row.ignored)]
    if row.by:
        past = "Approved" if row.approved else "Refused"
        view.append(Said.of(f"{past} by {row.by}: {row.why or 'no reason given'}", row.decision))
    elif row.over:
        view.append(Said.of("Nobody answered in time: its run was parked", row.execution))
    return view


def tell_blast(row: ApprovalRow) -> str:
    """Return what a word touches: alone, or with all that ask for the same action."""
    people, accounts = _plural(row.people, "person"), _plural(row.accounts, "account")
    alone = "" if row.requests == 1 else f" in {row.requests} requests for {row.action}"
    return f"{people}, {accounts}, costs ${row.cost:,.2f}, worth up to ${row.value:,.0f}{alone}"


def _tell_word(word: ApproverSaid) -> str:
    past = "said yes" if word.approved else "said no"
    said = f"{word.by} {past} at {_moment(word.at)} by {word.via}"
    if word.ignored:
        return f"{said}, which changed nothing: {word.ignored}"
    return f"{said}: {word.why}" if word.why else said


def _left(row: ApprovalRow, now: datetime) -> str:
    hours = max(0, int((row.until - now).total_seconds() // 3600))
    return f"{hours} h" if hours else "under 1 h"


def _plural(count: int, what: str) -> str:
    many = "people" if what == "person" else f"{what}s"
    return f"{count:,} {what if count == 1 else many}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
