"""One decision's record as the ledger holds it: what replay, why-not and what-if start from."""

from functions.agent.answer import ForbiddenError
from functions.agent.ledger import list_newest
from functions.agent.subject import called, groups, person
from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MalformedError, MissingError
from mos.model.base import Noun


class RecordQuestion(Noun):
    """A decision's id, or a person: then the last decision over their groups."""

    decision_id: str = ""
    subject: str = ""


def run(question: RecordQuestion, desk: Desk) -> Answer:
    """Return the record's own text, so that it can be compared byte by byte.

    Raises:
        ForbiddenError: the agent's scope holds no personal data.
        MalformedError: neither or both are named.
        MissingError: there is no such decision, or none about this person's groups.
    """
    if not desk.scope.personal_data:
        raise ForbiddenError(f"{desk.scope.agent} may not read decisions in full")
    if bool(question.decision_id) is bool(question.subject):
        raise MalformedError("record: name a decision_id or a subject")
    about = {"person_id": "", "name": ""}
    decision_id = question.decision_id
    if question.subject:
        profile = person(question.subject, desk)
        held = [group.group_id for group in groups(profile, desk.bundle(None), desk)]
        decisions = list_newest(held, desk, 1)
        if not decisions:
            raise MissingError(f"decision about {question.subject!r}: none was made yet")
        decision_id = decisions[0].decision_id
        about = {"person_id": profile.profile_id, "name": called(profile, desk)}
    record = desk.tables("decisions").get(f"DECISION#{decision_id}", "DECISION")
    if record is None:
        raise MissingError(f"decision {decision_id!r}")
    return Answer(text=f"The record of {decision_id}.", data={"body": record.body} | about)


TOOL = Tool(
    name="record",
    description="One decision's record in full, by its id or a person's last one: what "
    "`mos replay`, `mos why-not` and `mos what-if` start from. For operators.",
    arguments=RecordQuestion,
    run=run,
)
