"""Why is somebody where they are, and why was this done about them."""

from functions.agent.compact import (
    brief_decision,
    compact_decision,
    compact_placement,
    fit_lines,
)
from functions.agent.explain import runners_up, what_fell, what_was_decided, where_it_stands
from functions.agent.ledger import find_delivery, list_newest
from functions.agent.subject import called, groups, person, root_of, stage
from functions.agent.tool import Answer, Desk, Tool
from functions.agent.tools.identity import history, told
from mos.model.base import Noun
from mos.model.decision import Decision
from mos.model.profile import Profile

_STORY, _PLACES = 5, 7


class WhyQuestion(Noun):
    """A person: `per_…`, a mailbox, or `type:value`; with `record`, everything that is kept."""

    subject: str
    record: bool = False


def run(question: WhyQuestion, desk: Desk) -> Answer:
    """Return the stages with their receipts and the last decision with everything that made it.

    A person stands somewhere in each of their groups; the last decision over all of them is told.
    """
    bundle = desk.bundle(None)
    profile = person(question.subject, desk)
    held = groups(profile, bundle, desk)
    company = root_of(profile, desk)
    account = stage(company, desk) if company else None
    placements, lines = [account] if account else [], where_it_stands([account] if account else [])
    for group in held:
        pair = (stage(group.group_id, desk), stage(profile.profile_id, desk, group.group_id))
        found = [p for p in pair if p]
        placements += found
        lines += where_it_stands(found, group.solution if len(held) > 1 else None)
    lines += [
        f"Identity: {told(entry, hide=not desk.scope.personal_data)}"
        for entry in history(profile.profile_id, desk.tables("identity"))[-_STORY:]
    ]
    decisions = list_newest([g.group_id for g in held], desk, 5)
    if decisions:
        lines += _told(decisions[0], profile, desk)
    else:
        lines.append("Nothing was decided yet: no signal of this group was material.")
    last = decisions[0] if decisions else None
    data: dict[str, object] = {
        "person_id": profile.profile_id,
        "decisions": [brief_decision(d) for d in decisions],
    }
    if question.record:
        data["stages"] = [p.model_dump(mode="json") for p in placements]
        data["decision"] = last.model_dump(mode="json", exclude_defaults=True) if last else None
        return Answer(text="\n".join(lines), data=data)
    data["stages"] = [compact_placement(p) for p in placements[:_PLACES]]
    data["decision"] = compact_decision(last) if last else None
    return Answer(text=fit_lines(lines), data=data)


def _told(decision: Decision, profile: Profile, desk: Desk) -> list[str]:
    name = called(profile, desk)
    if decision.person_id and decision.person_id != profile.profile_id:
        name = f"a colleague ({decision.person_id})"
    elif decision.person_id is None:
        name = "the group"
    lines = what_was_decided(decision, name)
    delivery = find_delivery(decision, desk)
    if delivery:
        lines.append(
            f"Delivery: {delivery.status.value} ({delivery.reason}) [{delivery.action_id}]"
        )
    lines += runners_up(decision)
    lines += what_fell(decision.candidates, profile.profile_id)
    return lines


TOOL = Tool(
    name="why",
    description="Why a person stands where they stand and why the last decision was made: "
    "every clause cites a field, a policy row or a signal.",
    arguments=WhyQuestion,
    run=run,
)
