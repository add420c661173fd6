"""Decisions that wait for people: which, what they touch, until when; and each person's word."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from functions.agent.approval_desk import ApprovalDesk, Utterance, Weighed
from functions.agent.approval_view import ApprovalRow, ApproverSaid, list_rows, show_row
from functions.agent.approvals import Approvals
from functions.agent.paging import Skip, cut_page
from functions.agent.subject import called, person
from functions.agent.tool import Answer, Command, Desk, Effect, Tool
from mos.errors import MalformedError, MissingError
from mos.model.approval import ApprovalRequest, ApprovalWord
from mos.model.base import Noun
from mos.model.decision import Decision
from mos.model.view import Said

_OPERATOR = "operator"


class ApprovalsQuestion(Noun):
    """List what waits, show one, or answer it."""

    word: Literal["list", "show", "approve", "refuse"] = Field(
        default="list", description="What to do: list, show, approve or refuse."
    )
    decision: str = Field(default="", max_length=80, description="Which decision: dec_….")
    name: str = Field(
        default="",
        max_length=160,
        description="Who approves or refuses: a name, a row or an id of approvals/approvers.",
    )
    by: str = Field(default="", max_length=160, description="The same as name.")
    why: str = Field(default="", max_length=500, description="Why.")
    most: int = Field(default=50, ge=1, le=200, description="How many to list.")
    skip: Skip = 0


class ApprovalsAnswer(Noun):
    """What waits, the oldest first; `count` is of all."""

    count: int
    approvals: tuple[ApprovalRow, ...]


def run(question: ApprovalsQuestion, desk: Desk) -> Answer:
    """Return what waits; each approver's word is kept once, and enough of them end it.

    Raises:
        MissingError: no such decision ever waited.
        MalformedError: the word does not count: of nobody who may say it, of who asked for it, a
            second one of the same person, or too late. It is kept with why.
    """
    approving = ApprovalDesk(
        desk.tables, Approvals(desk.tables("own")), desk.bundle(None), desk.runs, desk.now
    )
    if question.word == "list":
        return _list(question, approving, desk)
    request = approving.find_request(question.decision)
    word = approving.store.word(request.decision_id)
    if question.word != "show":
        word = _say(question, request, approving)
    row = _rows([(request, word)], approving, desk)[0]
    if question.word == "show":
        return Answer(ApprovalsAnswer(count=1, approvals=(row,)), tuple(show_row(row)))
    said = Said.of(f"{row.action} to {row.who or 'nobody'}{_tell(row)}", row.decision)
    return Answer(ApprovalsAnswer(count=1, approvals=(row,)), (said,))


def _say(
    question: ApprovalsQuestion, request: ApprovalRequest, approving: ApprovalDesk
) -> ApprovalWord | None:
    name = question.by.strip() or question.name.strip()
    if not name or name.lower() == _OPERATOR:
        raise MalformedError(f"say which person {question.word}s, by name")
    said = Utterance(question.word == "approve", name, question.why)
    return approving.say(request, said)


def _tell(row: ApprovalRow) -> str:
    if row.approved is None:
        return f": {row.count} of {row.needed} have approved; it waits for another approver"
    verb = "approved" if row.approved else "refused"
    return f" is {verb} by {row.by}: {'it goes out' if row.approved else 'its run ends'}"


def _list(question: ApprovalsQuestion, approving: ApprovalDesk, desk: Desk) -> Answer:
    waiting = approving.store.list_waiting(desk.now)
    rows = _rows(
        [(one, None) for one in cut_page(waiting, question.skip, question.most)], approving, desk
    )
    data = ApprovalsAnswer(count=len(waiting), approvals=tuple(rows))
    return Answer(data, tuple(list_rows(rows, len(waiting), desk.now, question.skip)))


def _rows(
    found: Sequence[tuple[ApprovalRequest, ApprovalWord | None]],
    approving: ApprovalDesk,
    desk: Desk,
) -> list[ApprovalRow]:
    others = approving.store.list_open(desk.now) if found else []
    return [
        _row_of(request, word, approving.weigh(request, others), approving, desk)
        for request, word in found
    ]


def _row_of(
    request: ApprovalRequest,
    word: ApprovalWord | None,
    weighed: Weighed,
    approving: ApprovalDesk,
    desk: Desk,
) -> ApprovalRow:
    decision, need = weighed.decision, weighed.standing.need
    words = word.words if word else weighed.standing.words
    return ApprovalRow(
        decision=request.decision_id,
        action=decision.action if decision else request.action or "(not in the ledger)",
        treatment=decision.treatment if decision else "",
        channel=decision.channel if decision else request.channel,
        person_id=decision.person_id if decision else request.person_id,
        who=_name(decision, desk),
        account_id=decision.account_id if decision else request.account_id,
        reason=decision.reason if decision else "",
        asked_at=request.asked_at,
        until=request.until,
        over=word is not None or request.until <= desk.now,
        execution=request.execution,
        needed=need.approvers,
        role=need.role,
        rule=f"{need.row}: {need.why}",
        proposer=weighed.standing.proposer,
        count=weighed.count,
        requests=weighed.blast.requests,
        people=weighed.blast.people,
        accounts=weighed.blast.accounts,
        cost=weighed.blast.cost,
        value=weighed.blast.value,
        words=tuple(ApproverSaid.of(one) for one in words),
        ignored=tuple(map(ApproverSaid.of, approving.store.ignored(request.decision_id))),
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


TOOL = Tool(
    name="approvals",
    description="Decisions that wait for people's words: list them, the oldest first, with what "
    "each touches; show one, approve it (delivered once as many as its rule asks for have) or "
    "refuse it (its run ends).",
    arguments=ApprovalsQuestion,
    answer=ApprovalsAnswer,
    run=run,
    effect=Effect.ACTS,
    for_operators=True,
    examples=({}, {"word": "show", "decision": "dec_0123456789abcdef0123456789abcdef"}),
    commands=(
        Command("approvals list", {"word": "list"}, "List what waits.", ("most", "skip")),
        Command("approvals show", {"word": "show"}, "Show one, answered or not.", ("!decision",)),
        Command(
            "approvals approve",
            {"word": "approve"},
            "Approve a decision: delivered once enough approvers have.",
            ("!decision", "?name", "by", "why"),
        ),
        Command(
            "approvals refuse",
            {"word": "refuse"},
            "Refuse a decision: its run ends.",
            ("!decision", "?name", "by", "why"),
        ),
    ),
)
