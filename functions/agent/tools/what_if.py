"""What would have been decided, had some facts been others?"""

from typing import Any

from pydantic import Field

from functions.agent.cited import cite_line
from functions.agent.ledger import read_decision
from functions.agent.subject import HIDDEN, Subject, is_plain
from functions.agent.tool import Answer, Desk, Tool
from mos.model.base import Noun
from mos.model.decision import Route


class WhatIfQuestion(Noun):
    """Whose last decision to make again, with which facts changed."""

    subject: Subject
    facts: tuple[str, ...] = Field(
        min_length=1,
        max_length=20,
        description="Facts as fact=value, such as account.employees=500; a set as "
        "group.roles=user,champion; `unknown` for not known.",
    )


class Changed(Noun):
    """A fact's value as it was and as it is supposed to be."""

    was: Any
    now: Any


class Choice(Noun):
    """What is chosen: for whom, what, over which channel, how likely, by which route, and whose."""

    person_id: str | None
    action: str
    treatment: str
    channel: str
    probability: float
    reason: str
    held_out: bool
    route: Route
    owner: str | None = None


class WhatIfAnswer(Noun):
    """The decision before and after, what was changed and what followed from it.

    `refused` says why a consent that was supposed changes nothing. `placed_again` is false: stages
    and roles are as they were, unless they are changed by name.
    """

    decision_id: str
    bundle: str
    changed: dict[str, Changed]
    followed: dict[str, Changed]
    before: Choice
    after: Choice
    refused: tuple[str, ...]
    placed_again: bool


def run(question: WhatIfQuestion, desk: Desk) -> Answer:
    """Permit and decide again from the last decision's record. Nothing is written.

    Facts of `person.…` change for this person, others for the group.
    """
    kept = read_decision("", question.subject, desk)
    about = {"body": kept.body, "person_id": kept.person_id, "name": kept.name}
    found = desk.simulation.ask("what-if", about | {"facts": list(question.facts)})
    if not desk.scope.personal_data:
        found = _hide(found)
    view = tuple(cite_line(line, kept.decision_id) for line in found["lines"])
    return Answer(WhatIfAnswer.model_validate(found["data"]), view)


def _hide(found: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without words that somebody may have written about a person."""
    data, lines = dict(found["data"]), list(found["lines"])
    secret = [
        text
        for part in ("changed", "followed")
        for pair in data[part].values()
        for side in (pair["was"], pair["now"])
        for text in (side if isinstance(side, list) else [side])
        if isinstance(text, str) and not is_plain(text)
    ]
    for text in sorted(set(secret), key=len, reverse=True):
        lines = [line.replace(text, HIDDEN) for line in lines]
    for part in ("changed", "followed"):
        data[part] = {
            name: {side: _hide_value(value) for side, value in pair.items()}
            for name, pair in data[part].items()
        }
    return {"data": data, "lines": lines}


def _hide_value(value: Any) -> Any:  # noqa: ANN401  any fact
    if isinstance(value, list):
        return [_hide_value(one) for one in value]
    return HIDDEN if isinstance(value, str) and not is_plain(value) else value


TOOL = Tool(
    name="what_if",
    description="The last decision about somebody made again with other facts: route and choice "
    "before and after, and what followed. Nothing is written.",
    arguments=WhatIfQuestion,
    answer=WhatIfAnswer,
    run=run,
    examples=({"subject": "Jane Doe at Bright Pay", "facts": ["account.employees=500"]},),
)
