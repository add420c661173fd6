"""Which policy is in force, and what it says of one parameter."""

from typing import Any

from pydantic import Field

from functions.agent.counted import suggest_names
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.errors import MissingError
from mos.model.base import Noun
from mos.model.view import Said


class PolicyQuestion(Noun):
    """Nothing, or the name of a parameter."""

    parameter: str = Field(default="", description="A parameter, such as exploration_share_most.")


class PolicyAnswer(Noun):
    """The digest of the bundle in force; of a parameter its value, unit, owner and reason."""

    bundle: str
    parameter: str | None = None
    value: Any = None
    unit: str | None = None
    owner: str | None = None
    why: str | None = None


def run(question: PolicyQuestion, desk: Desk) -> Answer:
    """Return the digest that new runs decide by, and a parameter with its unit, owner and reason.

    Raises:
        MissingError: the bundle states no such parameter.
    """
    bundle = desk.bundle(None)
    first = Said.of(f"New runs decide by {bundle.digest[:12]}.", f"bundle {bundle.digest[:12]}")
    if not question.parameter:
        return Answer(PolicyAnswer(bundle=bundle.digest), (first,))
    name, stated = question.parameter, bundle.parameters.get(question.parameter)
    if stated is None:
        hint = suggest_names(name, bundle.parameters, "`read_policy` lists them (kind=parameters)")
        raise MissingError(f"parameter {name!r} in {bundle.digest[:12]}: {hint}")
    text = f"{name} is {stated.value} {stated.unit} ({stated.owner}): {stated.why}"
    data = PolicyAnswer(
        bundle=bundle.digest,
        parameter=name,
        value=stated.value,
        unit=stated.unit,
        owner=stated.owner,
        why=stated.why,
    )
    return Answer(data, (Said.of(text, f"parameter {name}"), first))


TOOL = Tool(
    name="policy",
    description="The policy bundle that new runs decide by, and on request one of its parameters "
    "with unit, owner and reason.",
    arguments=PolicyQuestion,
    answer=PolicyAnswer,
    run=run,
    commands=(Command("policy active", takes=("?parameter",)),),
)
