"""One decision's record as the ledger holds it: what replay, why-not and what-if start from."""

from pydantic import Field

from functions.agent.answer import ForbiddenError
from functions.agent.explain import what_was_said
from functions.agent.ledger import find_delivery, read_decision
from functions.agent.tool import Answer, Command, Desk, Tool
from mos.model.base import Noun
from mos.model.decision import Decision
from mos.model.view import Said


class RecordQuestion(Noun):
    """A decision's id, or a person: then the last decision over their groups."""

    decision_id: str = Field(default="", description="A decision: dec_….")
    subject: str = Field(default="", description="A person, instead of a decision.")


class RecordAnswer(Noun):
    """The ledger's own text; who was asked about, where it was a person.

    `asset` is what its delivery says, in its `version` and with its `claims`; nothing where none
    was begun, or it says nothing of its own.
    """

    body: str
    person_id: str
    name: str
    asset: str = ""
    version: str = ""
    claims: tuple[str, ...] = ()


def run(question: RecordQuestion, desk: Desk) -> Answer:
    """Return the record's own text, so that it can be compared byte by byte.

    Raises:
        ForbiddenError: the agent's scope holds no personal data.
        MalformedError: neither or both are named.
        MissingError: there is no such decision, or none about this person's groups.
    """
    if not desk.scope.personal_data:
        raise ForbiddenError(f"{desk.scope.agent} may not read decisions in full")
    found = read_decision(question.decision_id, question.subject, desk)
    delivery = find_delivery(Decision.parse(found.body), desk)
    data = RecordAnswer(
        body=found.body,
        person_id=found.person_id,
        name=found.name,
        asset=delivery.asset if delivery else "",
        version=delivery.asset_version if delivery else "",
        claims=delivery.claims if delivery else (),
    )
    view = [Said.of("The record, in full: `--json` prints it.", found.decision_id)]
    return Answer(data, (*view, *(what_was_said(delivery) if delivery else [])), whole=True)


TOOL = Tool(
    name="record",
    description="One decision's record in full, by its id or a person's last one: what "
    "`mos replay`, `mos why-not` and `mos what-if` start from. For operators.",
    arguments=RecordQuestion,
    answer=RecordAnswer,
    run=run,
    examples=(
        {"decision_id": "dec_0123456789abcdef0123456789abcdef"},
        {"subject": "Jane Doe at Bright Pay"},
    ),
    for_operators=True,
    commands=(Command("record", takes=("?subject", "decision_id")),),
)
