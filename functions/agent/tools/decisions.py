"""Decisions of the ledger, group by group: what `mos policy hits` and `mos rehearse` go over."""

from datetime import timedelta

from pydantic import Field

from functions.agent.answer import ForbiddenError
from functions.agent.tool import Answer, Desk, Tool
from mos.model.base import Noun
from mos.model.view import Said


class DecisionsQuestion(Noun):
    """The first hexadecimal digits of the groups' ids, and how far back to look."""

    prefix: str = Field(
        min_length=1, description="The first hexadecimal digits of the groups' ids."
    )
    days: int = Field(default=90, ge=1, le=3650, description="How far back to look.")
    most_groups: int = Field(default=50, ge=1, le=200, description="Groups to answer at once.")
    most_each: int = Field(default=40, ge=1, le=100, description="Decisions of each group.")


class DecisionsAnswer(Noun):
    """The records' own texts, and which decisions something came of.

    `split` says that there are more groups than fit: ask for each longer prefix instead.
    """

    split: bool
    bodies: tuple[str, ...]
    rewarded: tuple[str, ...]


def run(question: DecisionsQuestion, desk: Desk) -> Answer:
    """Return the latest decisions about the groups whose id begins with `prefix`.

    Raises:
        ForbiddenError: the agent's scope holds no personal data.
    """
    if not desk.scope.personal_data:
        raise ForbiddenError(f"{desk.scope.agent} may not read decisions in full")
    prefix = question.prefix.lower()
    groups = desk.tables("lifecycle").query(
        f"GROUPS#{prefix[:1]}", prefix=f"grp_{prefix}", limit=question.most_groups + 1
    )
    if len(groups) > question.most_groups:
        said = Said.of("More groups than fit: ask for longer prefixes.", f"groups {prefix}…")
        return Answer(DecisionsAnswer(split=True, bodies=(), rewarded=()), (said,))
    ledger, since = desk.tables("decisions"), desk.now - timedelta(days=question.days)
    keys = [
        (f"DECISION#{record.tags['decision']}", "DECISION")
        for group in groups
        for record in ledger.query(
            f"GROUP#{group.sk}", prefix="DECISION#", newest_first=True, limit=question.most_each
        )
        if record.tags["decided_at"] >= since.isoformat()
    ]
    found = ledger.get_many(keys)
    bodies = tuple(record.body for record in found.values())
    ids = [pk.removeprefix("DECISION#") for pk, _ in found]
    rewards = desk.tables("lessons").get_many([(f"REWARD#{one}", "REWARD") for one in ids])
    rewarded = tuple(sorted(pk.removeprefix("REWARD#") for pk, _ in rewards))
    data = DecisionsAnswer(split=False, bodies=bodies, rewarded=rewarded)
    return Answer(data, (Said.of(f"{len(bodies)} decisions.", f"groups {prefix}…"),))


TOOL = Tool(
    name="decisions",
    description="The latest decisions about the groups whose id begins with a prefix: what "
    "`mos policy hits` counts over. For operators.",
    arguments=DecisionsQuestion,
    answer=DecisionsAnswer,
    run=run,
    examples=({"prefix": "0a"},),
    for_operators=True,
)
