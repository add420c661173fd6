"""What would a proposal have changed in the last days? Begun, and asked about later."""

from datetime import timedelta
from typing import Any, Literal

from pydantic import Field

from functions.agent.policy_source import find_proposal, find_withdrawal
from functions.agent.proposal_words import ProposalWords
from functions.agent.tool import Answer, Command, Desk, Effect, Tool
from mos.errors import MalformedError, MissingError
from mos.model.base import Noun, derive_id
from mos.model.view import Block, Rows, Said

_STANDS = frozenset({"running", "stopping", "done"})


class RehearseProposalQuestion(Noun):
    """Which proposal to rehearse over how many days, or which rehearsal to ask about."""

    proposal: str = Field(default="", max_length=80, description="The proposal: pol_….")
    days: int = Field(default=30, ge=1, le=34, description="How many days back.")
    rehearsal: str = Field(
        default="", max_length=80, description="An earlier rehearsal to ask about: reh_…."
    )
    stop: bool = Field(default=False, description="Of a rehearsal that runs: have it end.")


class RehearsedChange(Noun):
    """One kind of change: a route, a stage or an action, how often, and the first whom it hits."""

    kind: str
    before: str
    after: str
    count: int
    leads: tuple[dict[str, Any], ...]


class RehearseProposalAnswer(Noun):
    """How far it is; once it is done, what changes, which guardrails break, what cannot be told."""

    rehearsal: str
    state: Literal["begun", "running", "stopping", "stopped", "done", "failed"]
    days: int = 0
    days_done: int = 0
    decisions: int = 0
    compared: int = 0
    accounts: int = 0
    summary: tuple[str, ...] = ()
    changes: tuple[RehearsedChange, ...] = ()
    broken: tuple[str, ...] = ()
    cannot_tell: tuple[str, ...] = ()
    why: str = ""


def run(question: RehearseProposalQuestion, desk: Desk) -> Answer:
    """Begin it, or say how far it is and what it found.

    Raises:
        MalformedError: neither or both are named, the proposal was withdrawn, or it changes another
            bundle than the one in force.
    """
    if bool(question.proposal) is bool(question.rehearsal):
        raise MalformedError("name a proposal or a rehearsal, one of them")
    if question.rehearsal:
        return _tell(_ask(question.rehearsal, desk, stop=question.stop))
    if question.stop:
        raise MalformedError("name the rehearsal that is to end: reh_…")
    proposal = find_proposal(question.proposal, desk)
    if word := find_withdrawal(proposal, desk):
        raise MalformedError(f"it was withdrawn by {word.by}: propose another change")
    if proposal.base != desk.bundle(None).digest:
        raise MalformedError("another bundle is in force than it changes: propose it anew")
    # To the hour: asked again, it is the same rehearsal.
    at = desk.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    name = derive_id("reh", proposal.candidate, proposal.base, str(question.days), at.isoformat())
    if known := _find_standing(name, desk):
        return _tell(known)
    desk.simulation.start(
        "rehearse",
        {
            "candidate": proposal.candidate,
            "baseline": proposal.base,
            "files": proposal.files,
            "days": question.days,
            "at": at.isoformat(),
        },
    )
    ProposalWords(desk.tables("own")).note_rehearsal(proposal.proposal_id, name)
    return _tell(RehearseProposalAnswer(rehearsal=name, state="begun", days=question.days))


def _find_standing(name: str, desk: Desk) -> RehearseProposalAnswer | None:
    """Return how a rehearsal stands that is under way or done; one that broke off begins anew."""
    try:
        known = _ask(name, desk, stop=False)
    except MissingError:
        return None
    return known if known.state in _STANDS else None


def _ask(name: str, desk: Desk, *, stop: bool) -> RehearseProposalAnswer:
    asked = "stop-rehearsal" if stop else "rehearsal"
    found = desk.simulation.ask(asked, {"rehearsal": name})["progress"]
    return RehearseProposalAnswer.model_validate({"rehearsal": name} | found)


def _tell(data: RehearseProposalAnswer) -> Answer:
    cite = data.rehearsal
    if data.state != "done":
        words = {
            "begun": f"Begun as {cite}: ask about it in some seconds",
            "running": f"{data.days_done} of {data.days} days, {data.decisions:,} decisions so far",
            "stopping": "It ends before its next day",
            "stopped": "It was stopped: nothing is kept of it; rehearse with other days, or later",
            "failed": f"It failed: {data.why}",
        }
        return Answer(data, (Said.of(words[data.state], cite),), alarm=data.state == "failed")
    count = f"{data.compared:,} of {data.decisions:,} decisions of {data.days} days compared"
    view: list[Block] = [Said.of(f"{count}, {data.accounts:,} accounts", cite)]
    view += [Said.of(text, cite) for text in data.summary]
    view += [Said.of(f"Guardrail broken: {text}", cite) for text in data.broken]
    if data.changes:
        view.append(
            Rows(
                title="What changes",
                columns=("what", "before", "after", "how often"),
                rows=tuple((c.kind, c.before, c.after, c.count) for c in data.changes),
            )
        )
    view += [Said.of(f"Cannot be told: {text}", cite) for text in data.cannot_tell]
    return Answer(data, tuple(view), alarm=bool(data.broken))


TOOL = Tool(
    name="rehearse_proposal",
    description="Decide the last days again under a proposal: whom and what it would change, "
    "which guardrails it would break. It is begun and goes on by itself: ask again with the "
    "rehearsal's id, or have it stopped.",
    arguments=RehearseProposalQuestion,
    answer=RehearseProposalAnswer,
    run=run,
    effect=Effect.PROPOSES,
    examples=({"proposal": "pol_0123456789abcdef0123456789abcdef"},),
    commands=(
        Command(
            "proposals rehearse",
            help="Decide the last days again under a proposal.",
            takes=("!proposal", "days"),
        ),
        Command(
            "proposals rehearsal",
            help="How far a rehearsal is, and what it found.",
            takes=("!rehearsal", "stop"),
        ),
    ),
)
