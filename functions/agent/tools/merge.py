"""A human says that two people are one, or that they are not."""

from pydantic import Field

from functions.agent.propose import Proposed, identifier, propose
from functions.agent.subject import person
from functions.agent.tool import Answer, Command, Desk, Effect, Tool
from mos.errors import MalformedError
from mos.identity.correction import keep_apart, merge
from mos.model.base import Facts, Noun


class MergeQuestion(Noun):
    """Two identifiers of known people. `apart` says that they must never be merged."""

    left: str = Field(description="A mailbox, or type:value such as user_id:42.")
    right: str = Field(description="An identifier of the other person.")
    reason: str = Field(default="", max_length=200, description="Why: it stands in the ledger.")
    apart: bool = Field(default=False, description="Say that they are never one instead.")


def run(question: MergeQuestion, desk: Desk) -> Answer:
    """Propose that two people be one: the most restrictive consent will hold for both."""
    left, right = identifier(question.left), identifier(question.right)
    one, other = person(left.key, desk), person(right.key, desk)
    if one.profile_id == other.profile_id and not question.apart:
        raise MalformedError(f"they are one person already: {one.profile_id}")
    facts: Facts = {"reason": question.reason or "a human said so"}
    if question.apart:
        if one.profile_id == other.profile_id:
            raise MalformedError("they are one person: unmerge them")
        told = keep_apart(one.identifiers, other.identifiers, facts, by=desk.scope.agent,
                          now=desk.now)  # fmt: skip
        return propose(told, f"Proposed: {one.profile_id} and {other.profile_id} stay apart.", desk)
    stricter = [
        s.purpose.value
        for s in (*one.consents, *other.consents)
        if s.is_withdrawn and (one.allows(s.purpose) or other.allows(s.purpose))
    ]
    signal = merge(left, right, facts, by=desk.scope.agent, now=desk.now)
    text = f"Proposed: {one.profile_id} and {other.profile_id} become one person."
    text += f" Withdrawn for both: {', '.join(sorted(set(stricter)))}." if stricter else ""
    return propose([signal], text, desk, withdrawn=tuple(sorted(set(stricter))))


TOOL = Tool(
    name="merge",
    description="Say that two people are one, whatever the match rules say, or with apart=true "
    "that they never are.",
    arguments=MergeQuestion,
    answer=Proposed,
    run=run,
    examples=({"left": "jane@brightpay.example", "right": "user_id:42"},),
    for_operators=True,
    commands=(Command("identity merge"),),
    effect=Effect.ACTS,
)
