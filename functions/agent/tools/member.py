"""A human's word on a buying group: who is in it, and which part they play."""

from typing import Literal

from pydantic import Field

from functions.agent.propose import Proposed, propose
from functions.agent.subject import Subject, person
from functions.agent.tool import Answer, Command, Desk, Effect, Tool
from mos.errors import MalformedError
from mos.identity.correction import OPERATOR
from mos.model.base import Facts, Noun, derive_id
from mos.model.signal import Actor, Identifier, Signal, SignalKind, Trust
from mos.policy.members import solutions, template_of


class MemberQuestion(Noun):
    """Who, and whether they are confirmed or dismissed; `role` names their part in the purchase."""

    subject: Subject
    word: Literal["confirm", "dismiss"] = Field(description="What a human says of them.")
    role: str | None = Field(
        default=None,
        max_length=64,
        description="A buying role, such as champion; without it, the membership.",
    )
    solution: str | None = Field(
        default=None,
        max_length=64,
        description="The solution that the group buys; without it, every group.",
    )


def run(question: MemberQuestion, desk: Desk) -> Answer:
    """Propose it: a human's word sticks, whatever titles and pages say later."""
    bundle = desk.bundle(None)
    profile = person(question.subject, desk)
    if question.solution and question.solution not in solutions(bundle):
        raise MalformedError(f"solution is one of {', '.join(solutions(bundle))}")
    roles = {r for s in solutions(bundle) for r in template_of(s, bundle).weights}
    if question.role and question.role not in roles:
        raise MalformedError(f"role is one of {', '.join(sorted(roles))}")
    what = "role" if question.role else "member"
    kind = SignalKind(f"{what}_{question.word}ed")
    facts: Facts = {"by": desk.scope.agent, "role": question.role, "solution": question.solution}
    facts = {name: value for name, value in facts.items() if value is not None}
    first = profile.identifiers[0]
    signal = Signal(
        signal_id=derive_id("sig", OPERATOR, kind.value, first.key, desk.now.isoformat()),
        source=OPERATOR,
        kind=kind,
        name=kind.value,
        occurred_at=desk.now,
        received_at=desk.now,
        identifiers=(Identifier(type=first.type, value=first.value),),
        properties=facts,
        trust=Trust.SIGNED,
        actor=Actor.HUMAN,
        actor_reason=OPERATOR,
    )
    said = question.role or "a member"
    where = f" for {question.solution}" if question.solution else ""
    return propose([signal], f"Proposed: {question.word} {said}{where}.", desk)


TOOL = Tool(
    name="member",
    description="Confirm or dismiss somebody's place in a buying group or, with a role, their part "
    "in the purchase. A human's word sticks.",
    arguments=MemberQuestion,
    answer=Proposed,
    run=run,
    examples=({"subject": "Jane Doe at Bright Pay", "word": "confirm", "role": "champion"},),
    for_operators=True,
    commands=(
        Command("member confirm", {"word": "confirm"}, "Confirm somebody, or their role."),
        Command("member dismiss", {"word": "dismiss"}, "Dismiss somebody, or their role."),
    ),
    effect=Effect.ACTS,
)
