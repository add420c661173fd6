"""Decisions that wait for a person: which, about whom, until when; and the person's yes or no."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from functions.agent.approvals import Approvals, write_answer
from functions.agent.subject import called, person
from functions.agent.tool import Answer, Command, Desk, Effect, Tool
from mos.errors import MalformedError, MissingError
from mos.model.approval import ApprovalRequest, ApprovalWord
from mos.model.base import Instant, Noun
from mos.model.decision import Decision
from mos.model.view import Block, Rows, Said

_OPERATOR = "operator"


class ApprovalsQuestion(Noun):
    """List what waits, show one, or answer it."""

    word: Literal["list", "show", "approve", "refuse"] = Field(
        default="list", description="What to do: list, show, approve or refuse."
    )
    decision: str = Field(default="", max_length=80, description="Which decision: dec_….")
    name: str = Field(
        default="", max_length=80, description="Who approves or refuses, as the record is to say."
    )
    why: str = Field(default="", max_length=500, description="Why.")
    most: int = Field(default=50, ge=1, le=200, description="How many to list.")


class ApprovalRow(Noun):
    """A decision that waits, or did: what is to be done, to whom, why, and what was said of it.

    `over` means that the run waits no more: it was answered, or its time ran out.
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
    approved: bool | None = None
    by: str | None = None
    why: str = ""


class ApprovalsAnswer(Noun):
    """What waits, the most urgent first; `count` is of all."""

    count: int
    approvals: tuple[ApprovalRow, ...]


def run(question: ApprovalsQuestion, desk: Desk) -> Answer:
    """Return what waits; a person's word on one is kept once, and the run goes on or ends by it.

    Raises:
        MissingError: no such decision ever waited.
        MalformedError: nobody is named, it was answered otherwise, or its time ran out.
    """
    store = Approvals(desk.tables("own"))
    if question.word == "list":
        return _list(store.list_waiting(desk.now), question.most, desk)
    request = store.find(question.decision) if question.decision else None
    if request is None:
        raise MissingError(f"approval of {question.decision or 'nothing'}: `approvals` lists them")
    word = store.word(request.decision_id)
    if question.word == "show":
        row = _row_of(request, word, desk)
        return Answer(ApprovalsAnswer(count=1, approvals=(row,)), tuple(_show(row)))
    word = _say(question, request, word, store, desk)
    row = _row_of(request, word, desk)
    verb = "approved: it goes out" if word.approved else "refused: its run ends"
    said = Said.of(f"{row.action} to {row.who or 'nobody'} is {verb}", row.decision, word.by)
    return Answer(ApprovalsAnswer(count=1, approvals=(row,)), (said,))


def _say(
    question: ApprovalsQuestion,
    request: ApprovalRequest,
    before: ApprovalWord | None,
    store: Approvals,
    desk: Desk,
) -> ApprovalWord:
    approved, name = question.word == "approve", question.name.strip()
    if not name or name.lower() == _OPERATOR:
        raise MalformedError(f"say which person {question.word}s, by name")
    if before is None and request.until <= desk.now:
        raise MalformedError(f"its time ran out at {_moment(request.until)}: its run was parked")
    said = ApprovalWord(approved=approved, by=name, at=desk.now, why=question.why)
    word = before or store.say(request.decision_id, said)
    if word.approved is not approved:
        past = "approved" if word.approved else "refused"
        raise MalformedError(f"{word.by} {past} it at {_moment(word.at)}: the first word stands")
    # Said again, it is told again: the first time may have died between the record and the run.
    if not desk.runs.answer(request.token, write_answer(word)) and before is None:
        raise MalformedError("its run waits no more: it was stopped or ran out; see its execution")
    return word


def _row_of(request: ApprovalRequest, word: ApprovalWord | None, desk: Desk) -> ApprovalRow:
    record = desk.tables("decisions").get(f"DECISION#{request.decision_id}", "DECISION")
    decision = Decision.parse(record.body) if record else None
    return ApprovalRow(
        decision=request.decision_id,
        action=decision.action if decision else "(not in the ledger)",
        treatment=decision.treatment if decision else "",
        channel=decision.channel if decision else "",
        person_id=decision.person_id if decision else None,
        who=_name(decision, desk),
        account_id=decision.account_id if decision else "",
        reason=decision.reason if decision else "",
        asked_at=request.asked_at,
        until=request.until,
        over=word is not None or request.until <= desk.now,
        execution=request.execution,
        approved=word.approved if word else None,
        by=word.by if word else None,
        why=word.why if word else "",
    )


def _name(decision: Decision | None, desk: Desk) -> str:
    if decision is None or not decision.person_id:
        return ""
    try:
        return called(person(decision.person_id, desk), desk)
    except MissingError:
        return "somebody who is forgotten"


def _list(waiting: list[ApprovalRequest], most: int, desk: Desk) -> Answer:
    rows = tuple(_row_of(one, None, desk) for one in waiting[:most])
    data = ApprovalsAnswer(count=len(waiting), approvals=rows)
    plural = "decision waits" if len(waiting) == 1 else "decisions wait"
    first = Said.of(f"{len(waiting)} {plural} for a person", "what the workflow asked")
    table = Rows(
        title="The most urgent first",
        columns=("decision", "what", "to whom", "why", "until (UTC)"),
        rows=tuple((r.decision, r.action, r.who, r.reason, f"{r.until:%m-%d %H:%M}") for r in rows),
        more=len(waiting) - len(rows),
    )
    return Answer(data, (first, table) if rows else (first,))


def _show(row: ApprovalRow) -> list[Block]:
    asked = f"asked at {_moment(row.asked_at)}, until {_moment(row.until)}"
    view: list[Block] = [
        Said.of(f"{row.action} by {row.channel} to {row.who or 'nobody'}: {asked}", row.decision),
        Said.of(f"Why: {row.reason}; all of it: why {row.decision}", row.decision),
    ]
    if row.by:
        past = "Approved" if row.approved else "Refused"
        view.append(Said.of(f"{past} by {row.by}: {row.why or 'no reason given'}", row.decision))
    elif row.over:
        view.append(Said.of("Nobody answered in time: its run was parked", row.execution))
    return view


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


TOOL = Tool(
    name="approvals",
    description="Decisions that wait for a person's word: list them, the most urgent first, show "
    "one, approve it (it is delivered) or refuse it (its run ends).",
    arguments=ApprovalsQuestion,
    answer=ApprovalsAnswer,
    run=run,
    effect=Effect.PROPOSES,
    for_operators=True,
    examples=({}, {"word": "show", "decision": "dec_0123456789abcdef0123456789abcdef"}),
    commands=(
        Command("approvals list", {"word": "list"}, "List what waits.", ("most",)),
        Command("approvals show", {"word": "show"}, "Show one, answered or not.", ("!decision",)),
        Command(
            "approvals approve",
            {"word": "approve"},
            "Approve a decision: it is delivered.",
            ("!decision", "!name", "why"),
        ),
        Command(
            "approvals refuse",
            {"word": "refuse"},
            "Refuse a decision: its run ends.",
            ("!decision", "!name", "why"),
        ),
    ),
)
