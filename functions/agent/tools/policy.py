"""Which policy is in force, and what it says of one parameter."""

from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MissingError
from mos.model.base import Noun


class PolicyQuestion(Noun):
    """Nothing, or the name of a parameter."""

    parameter: str = ""


def run(question: PolicyQuestion, desk: Desk) -> Answer:
    """Return the digest that new runs decide by, and a parameter with its unit, owner and reason.

    Raises:
        MissingError: the bundle states no such parameter.
    """
    bundle = desk.bundle(None)
    data: dict[str, object] = {"bundle": bundle.digest}
    text = f"New runs decide by {bundle.digest[:12]}."
    if question.parameter:
        stated = bundle.parameters.get(question.parameter)
        if stated is None:
            raise MissingError(f"parameter {question.parameter!r} in {bundle.digest[:12]}")
        data |= {"parameter": question.parameter, "value": stated.value, "unit": stated.unit}
        data |= {"owner": stated.owner, "why": stated.why}
        text += (
            f" {question.parameter} is {stated.value} {stated.unit} ({stated.owner}): {stated.why}"
        )
    return Answer(text=text, data=data)


TOOL = Tool(
    name="policy",
    description="The policy bundle that new runs decide by, and on request one of its parameters "
    "with unit, owner and reason.",
    arguments=PolicyQuestion,
    run=run,
)
