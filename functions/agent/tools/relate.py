"""A human's word on how companies hang together: one's other names, its parent, its owner."""

import re

from pydantic import Field

from functions.agent.propose import Proposed, propose
from functions.agent.tool import Answer, Command, Desk, Effect, Tool
from mos.errors import MalformedError
from mos.identity.company_word import state_company
from mos.model.account import Relation
from mos.model.base import Noun

_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+")
_SAID = {
    Relation.ALIAS: "{company} is another name of {value}",
    Relation.PARENT: "{company} belongs to {value}",
    Relation.OWNER: "{company} is {value}'s",
}


class RelateQuestion(Noun):
    """Which company stands how to which other, or to which rep."""

    relation: Relation = Field(description="What is said of the company.")
    company: str = Field(
        min_length=3,
        max_length=253,
        description="The company's domain: of an alias, the other name.",
    )
    value: str = Field(
        min_length=2,
        max_length=253,
        description="Whose alias it is or who is above it, by domain; of an owner, the rep's id.",
    )
    remove: bool = Field(default=False, description="Say that it is not so, or no longer.")
    reason: str = Field(default="", max_length=200, description="Why: it stands in the record.")


def run(question: RelateQuestion, desk: Desk) -> Answer:
    """Propose it: an operator's word goes before the bundle's, and that before a sender's.

    Raises:
        MalformedError: a name is no domain, or a company would stand so to itself.
    """
    company, value = question.company.strip().lower(), question.value.strip()
    value = value if question.relation is Relation.OWNER else value.lower()
    domains = [company] if question.relation is Relation.OWNER else [company, value]
    if strange := [name for name in domains if not _DOMAIN.fullmatch(name)]:
        raise MalformedError(f"{strange[0]!r} is no domain: write brightpay.example")
    if not value:
        raise MalformedError("value: name the owner")
    if company == value:
        raise MalformedError("a company stands so to another, not to itself")
    signal = state_company(
        question.relation,
        company,
        value,
        holds=not question.remove,
        reason=question.reason,
        by=desk.scope.agent,
        now=desk.now,
    )
    said = _SAID[question.relation].format(company=company, value=value)
    return propose([signal], f"Proposed: {said}{' no longer' if question.remove else ''}.", desk)


TOOL = Tool(
    name="relate",
    description="Say that a company has another name (alias), belongs to another (parent), or has "
    "an owner. A human's word goes before the bundle's and a sender's.",
    arguments=RelateQuestion,
    answer=Proposed,
    run=run,
    effect=Effect.ACTS,
    for_operators=True,
    examples=(
        {"relation": "alias", "company": "brightpay.co.uk", "value": "brightpay.example"},
        {"relation": "parent", "company": "brightpay.example", "value": "bright-group.example"},
    ),
    commands=(
        Command(
            "account relate",
            help="State an alias, a parent or an owner of a company, or take it back.",
        ),
    ),
)
