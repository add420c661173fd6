"""Why is somebody where they are, and why was this done about them."""

from typing import Any

from pydantic import Field

from functions.agent.compact import (
    BriefDecision,
    CompactDecision,
    CompactPlacement,
    brief_decision,
    compact_decision,
    compact_placement,
)
from functions.agent.explain import (
    list_runners_up,
    runners_up,
    what_fell,
    what_was_decided,
    what_was_said,
    where_it_stands,
    who_was_left_out,
)
from functions.agent.full_caps import FullCap, find_full_caps, render_full_caps
from functions.agent.handed import say_handoff
from functions.agent.ledger import bundle_of, find_delivery, list_newest, read_decision
from functions.agent.names import name_people
from functions.agent.near import NearRoute, find_near_routes, render_near_routes
from functions.agent.sent import say_delivery
from functions.agent.subject import called, groups, person, root_of, stage
from functions.agent.tool import Answer, Desk, Tool
from functions.agent.tools.identity import history, told
from mos.errors import MissingError
from mos.model.base import Noun
from mos.model.decision import Decision
from mos.model.profile import Profile
from mos.model.view import Said

_STORY, _PLACES = 5, 7
_DECISION = "dec_"


class WhyQuestion(Noun):
    """Whom, or which decision, to explain."""

    subject: str = Field(
        min_length=1,
        max_length=320,
        description="A person, by name at their company, mailbox or id; or a decision, dec_….",
    )
    record: bool = Field(default=False, description="Everything that is kept, uncut.")


class WhyAnswer(Noun):
    """Where somebody stands, and the last decisions over their groups, newest first.

    `decision` is the last one, or the one asked about, `caps` what had no room for them then,
    `near` what would have sent the group another way, null where that could not be worked out.
    With `record`, `records` holds placements and decision in full.
    """

    person_id: str
    stages: tuple[CompactPlacement, ...]
    decision: CompactDecision | None
    caps: tuple[FullCap, ...]
    near: tuple[NearRoute, ...] | None
    decisions: tuple[BriefDecision, ...]
    records: dict[str, Any] | None = None


def run(question: WhyQuestion, desk: Desk) -> Answer:
    """Return the stages with their receipts and the last decision with everything that made it.

    A person stands somewhere in each of their groups; the last decision over all of them is told,
    or the one that is asked about, after who of us has them.
    """
    profile, asked = _find(question.subject, desk)
    held = groups(profile, desk.bundle(None), desk)
    company = root_of(profile, desk)
    account = stage(company, desk) if company else None
    placements = [account] if account else []
    stands = where_it_stands(placements)
    for group in held:
        pair = (stage(group.group_id, desk), stage(profile.profile_id, desk, group.group_id))
        found = [p for p in pair if p]
        placements += found
        stands += where_it_stands(found, group.solution if len(held) > 1 else None)
    decisions = list_newest([g.group_id for g in held], desk, 5)
    last = asked or (decisions[0] if decisions else None)
    near = find_near_routes(last, profile.profile_id, desk) if last else ()
    caps = find_full_caps(last, profile, desk) if last else ()
    data = WhyAnswer(
        person_id=profile.profile_id,
        stages=tuple(compact_placement(p) for p in placements[:_PLACES]),
        decision=compact_decision(last) if last else None,
        caps=caps,
        near=near,
        decisions=tuple(brief_decision(d) for d in decisions),
        records=_records(placements, last) if question.record else None,
    )
    view = [
        *say_handoff(profile, last, desk),
        *(_told(last, near, profile, desk) if last else [_nothing(profile)]),
        *stands,
    ]
    view += [
        Said.of(f"Identity: {told(entry, hide=not desk.scope.personal_data)}", entry.signal_id)
        for entry in history(profile.profile_id, desk.tables("identity"))[-_STORY:]
    ]
    view += who_was_left_out(last) if last else []
    view += what_fell(last, profile.profile_id, bundle_of(last, desk)) if last else []
    view += render_full_caps(caps)
    return Answer(data, tuple(view), whole=question.record)


def _find(subject: str, desk: Desk) -> tuple[Profile, Decision | None]:
    """Return whom a question is about, and the decision that it names, if it names one.

    Raises:
        MissingError: there is no such decision, or it is about nobody who is known.
    """
    if not subject.startswith(_DECISION):
        return person(subject, desk), None
    one = Decision.parse(read_decision(subject, "", desk).body)
    whom = [one.person_id, *(p.person_id for p in one.people)]
    first = next((person_id for person_id in whom if person_id), None)
    if first is None:
        raise MissingError(f"person of decision {subject!r}: it looked at nobody")
    return person(first, desk), one


def _records(placements: list[Any], last: Decision | None) -> dict[str, Any]:
    return {
        "stages": [p.model_dump(mode="json") for p in placements],
        "decision": last.model_dump(mode="json", exclude_defaults=True) if last else None,
    }


def _nothing(profile: Profile) -> Said:
    text = "Nothing was decided yet: no signal of this group was material."
    return Said.of(text, profile.profile_id)


def _told(
    decision: Decision, near: tuple[NearRoute, ...] | None, profile: Profile, desk: Desk
) -> list[Said]:
    name = called(profile, desk)
    if decision.person_id and decision.person_id != profile.profile_id:
        known = name_people([decision.person_id], desk)
        name = f"a colleague, {known[decision.person_id]}"
    elif decision.person_id is None:
        name = "the group"
    said = what_was_decided(decision, name)
    delivery = find_delivery(decision, desk)
    if delivery:
        done = f"Delivery: {say_delivery(delivery)}"
        said.append(Said.of(done, delivery.action_id))
        said += what_was_said(delivery)
    others = name_people([one.person_id for one in list_runners_up(decision)], desk)
    return [*said, *render_near_routes(near, decision), *runners_up(decision, others)]


TOOL = Tool(
    name="why",
    description="Why a person stands where they stand and why the last decision was made, with "
    "the smallest change of facts that would have sent them another way: every sentence cites a "
    "field, a policy row or a signal.",
    arguments=WhyQuestion,
    answer=WhyAnswer,
    run=run,
    examples=({"subject": "Jane Doe at Bright Pay"}, {"subject": "jane@brightpay.example"}),
)
