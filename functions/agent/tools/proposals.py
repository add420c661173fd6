"""Proposals of a changed policy: which there are, what each says, and a person's word on one."""

from typing import Literal

from pydantic import Field

from functions.agent.answer import ForbiddenError
from functions.agent.counted import count_of
from functions.agent.paging import Skip, count_after, cut_page
from functions.agent.policy_source import DOORS
from functions.agent.proposal_view import show_mistakes, show_stake, tell_words
from functions.agent.proposal_words import ProposalWords
from functions.agent.proposals import Proposals, ProposalState, Standing, find_standing
from functions.agent.tool import Answer, Command, Desk, Effect, Tool
from mos.errors import MalformedError
from mos.model.base import Instant, Noun
from mos.model.view import Block, Rows, Said

_OPERATOR = "operator"
_MOST_SAID = 60


class ProposalsQuestion(Noun):
    """List them, show one, or say a word on it."""

    word: Literal["list", "show", "withdraw", "approve"] = Field(
        default="list", description="What to do: list, show, withdraw or approve."
    )
    proposal: str = Field(default="", max_length=80, description="Which one: pol_….")
    name: str = Field(
        default="", max_length=80, description="Who approves or withdraws, as the record is to say."
    )
    by: str = Field(default="", max_length=80, description="The same as name.")
    why: str = Field(default="", max_length=500, description="Why.")
    record: bool = Field(default=False, description="The one proposal in full, its pages too.")
    most: int = Field(default=20, ge=1, le=100, description="How many of the last to list.")
    skip: Skip = 0


class ProposalRow(Noun):
    """A proposal as a row of a list; `says` is what differs in plain words, `count` of all.

    `mistakes` are the first of its `errors`, each with its page.
    """

    proposal: str
    state: ProposalState
    by: str
    at: Instant
    why: str
    base: str
    candidate: str
    says: tuple[str, ...]
    count: int
    errors: int
    mistakes: tuple[str, ...] = ()
    approved_by: str | None = None
    withdrawn_by: str | None = None


class ProposalsAnswer(Noun):
    """The last proposals, newest first; with `record`, one of them in full, its pages too."""

    proposals: tuple[ProposalRow, ...]
    proposal: Standing | None = None


def run(question: ProposalsQuestion, desk: Desk) -> Answer:
    """Return the proposals; a word on one is kept once, and the first one stands.

    Raises:
        ForbiddenError: an agent approves, or withdraws another's proposal.
        MalformedError: the proposal has mistakes, is withdrawn, or its proposer approves it.
    """
    stores, active = _stores(desk), desk.bundle(None).digest
    said_in = [Proposals(desk.tables(name)) for name in DOORS]
    if question.word == "list":
        ids = [one for store in stores for one in store.list_ids(question.skip + question.most + 1)]
        found = [find_standing(one, stores, said_in, active) for one in dict.fromkeys(ids)]
        found.sort(key=lambda s: (s.proposal.at, s.proposal.proposal_id), reverse=True)
        return _list(found, question)
    if not question.proposal:
        raise MalformedError("name a proposal: pol_…; `proposals` lists them")
    standing = find_standing(question.proposal, stores, said_in, active)
    if question.word == "withdraw":
        standing = _withdraw(standing, question, desk)
    elif question.word == "approve":
        standing = _approve(standing, question, desk)
    whole = standing if question.record else None
    data = ProposalsAnswer(proposals=(_row_of(standing),), proposal=whole)
    stake = show_stake(standing, desk) if desk.scope.agent == _OPERATOR else []
    return Answer(data, (*stake, *_show(standing), *tell_words(standing, desk)))


def _stores(desk: Desk) -> list[Proposals]:
    names = ["own", "agents"] if desk.scope.agent == _OPERATOR else ["own"]
    return [Proposals(desk.tables(name)) for name in names]


def _withdraw(standing: Standing, question: ProposalsQuestion, desk: Desk) -> Standing:
    proposal = standing.proposal
    if desk.scope.agent not in {_OPERATOR, proposal.by}:
        raise ForbiddenError(f"{proposal.proposal_id} is {proposal.by}'s to withdraw")
    if standing.state is ProposalState.ACTIVE:
        raise MalformedError("it is in force: roll back instead")
    # An agent speaks for itself alone.
    named = (question.by or question.name).strip() if desk.scope.agent == _OPERATOR else ""
    by = named or desk.scope.agent
    store = Proposals(desk.tables("own"))
    word = store.say(proposal.proposal_id, ProposalState.WITHDRAWN, by, question.why, desk.now)
    return standing.model_copy(update={"state": ProposalState.WITHDRAWN, "withdrawn": word})


def _approve(standing: Standing, question: ProposalsQuestion, desk: Desk) -> Standing:
    proposal = standing.proposal
    if desk.scope.agent != _OPERATOR:
        raise ForbiddenError("a person approves, with `mos proposals approve`; no agent does")
    name = (question.by or question.name).strip()
    if not name or name.lower() in {proposal.by.lower(), _OPERATOR}:
        raise MalformedError("say which person approves, by name: not whoever proposed it")
    if standing.withdrawn:
        raise MalformedError(f"it was withdrawn by {standing.withdrawn.by}: propose another change")
    if proposal.errors:
        raise MalformedError(
            f"it has {count_of(proposal.errors, 'mistake')}: propose it anew without them"
        )
    if proposal.base != desk.bundle(None).digest and standing.state is not ProposalState.ACTIVE:
        raise MalformedError("another bundle is in force than it changes: propose it anew")
    if standing.approved:
        return standing
    words = ProposalWords(desk.tables("own"))
    end = words.approve(proposal, name, question.why, desk.bundle(None), desk.now)
    if end is None:
        return standing
    store = Proposals(desk.tables("own"))
    word = store.say(proposal.proposal_id, ProposalState.APPROVED, end.by, end.why, desk.now)
    state = standing.state if standing.state is ProposalState.ACTIVE else ProposalState.APPROVED
    return standing.model_copy(update={"state": state, "approved": word})


def _list(found: list[Standing], question: ProposalsQuestion) -> Answer:
    rows = tuple(map(_row_of, cut_page(found, question.skip, question.most)))
    table = Rows(
        title="Proposals",
        columns=("id", "state", "by", "at", "what"),
        rows=tuple(
            (r.proposal, _say_state(r), r.by, f"{r.at:%Y-%m-%d %H:%M} UTC", _say_change(r))
            for r in rows
        ),
        more=count_after(len(found), question.skip, len(rows)),
        next_skip=question.skip + len(rows),
    )
    return Answer(ProposalsAnswer(proposals=rows), (table,))


def _show(standing: Standing) -> list[Block]:
    proposal, cite = standing.proposal, standing.proposal.proposal_id
    state = f"{cite} {standing.state.value}"
    view: list[Block] = [
        Said.of(f"{state}, proposed by {proposal.by} at {proposal.at:%Y-%m-%d %H:%M} UTC", cite),
        Said.of(f"Why: {proposal.why}", cite),
    ]
    if standing.state is ProposalState.STALE:
        said = f"Another bundle is in force than {proposal.base[:12]}, which it changes"
        view.append(Said.of(f"{said}: propose it anew.", cite))
    for what, word in (("Approved", standing.approved), ("Withdrawn", standing.withdrawn)):
        if word:
            said = f"{what} by {word.by} at {word.at:%Y-%m-%d %H:%M} UTC: {word.why or 'no reason'}"
            view.append(Said.of(said, cite))
    cite = f"candidate {proposal.candidate[:12]}"
    view += show_mistakes(standing, cite)
    view += [Said.of(f"  {text}", cite) for text in proposal.says[:_MOST_SAID]]
    if len(proposal.says) > _MOST_SAID:
        left = len(proposal.says) - _MOST_SAID
        more = f"  … and {left} more: `diff_policy` of {proposal.proposal_id}"
        view.append(Said.of(more, cite))
    return view


def _say_state(row: ProposalRow) -> str:
    """Return how a proposal stands; one with mistakes waits for nobody's approval."""
    if row.errors and row.state is ProposalState.WAITS:
        return f"{count_of(row.errors, 'mistake')}: to be proposed anew"
    return row.state.value


def _say_change(row: ProposalRow) -> str:
    """Return the first difference, and where it has any the first mistake and how many follow."""
    if not row.mistakes:
        return row.says[0]
    others = row.errors - 1
    more = f" (and {count_of(others, 'other mistake')}: `proposals show`)" if others else ""
    return f"{row.says[0]}; mistake: {row.mistakes[0]}{more}"


def _row_of(standing: Standing) -> ProposalRow:
    proposal = standing.proposal
    return ProposalRow(
        proposal=proposal.proposal_id,
        state=standing.state,
        by=proposal.by,
        at=proposal.at,
        why=proposal.why,
        base=proposal.base,
        candidate=proposal.candidate,
        says=proposal.says[:_MOST_SAID],
        count=len(proposal.says),
        errors=proposal.errors,
        mistakes=proposal.mistakes,
        approved_by=standing.approved.by if standing.approved else None,
        withdrawn_by=standing.withdrawn.by if standing.withdrawn else None,
    )


TOOL = Tool(
    name="proposals",
    description="Proposals of a changed policy: list the last ones, show one, withdraw your own; "
    "a person approves.",
    arguments=ProposalsQuestion,
    answer=ProposalsAnswer,
    run=run,
    effect=Effect.PROPOSES,
    examples=({}, {"word": "show", "proposal": "pol_0123456789abcdef0123456789abcdef"}),
    commands=(
        Command("proposals list", {"word": "list"}, "List the last proposals.", ("most", "skip")),
        Command("proposals show", {"word": "show"}, "Show one proposal.", ("!proposal", "record")),
        Command(
            "proposals withdraw",
            {"word": "withdraw"},
            "Withdraw a proposal: the very same change is refused from then on.",
            ("!proposal", "name", "by", "why"),
        ),
        Command(
            "proposals approve",
            {"word": "approve"},
            "Approve a proposal: it may be published and activated.",
            ("!proposal", "?name", "by", "why"),
        ),
    ),
)
