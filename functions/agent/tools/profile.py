"""Who is it: the person, their account, every group they are in, and where each stands."""

from typing import Any

from functions.agent.compact import CompactPlacement, compact_placement
from functions.agent.company_view import show_company
from functions.agent.subject import (
    Subject,
    called,
    company,
    groups,
    name_company,
    person,
    shown,
    stage,
)
from functions.agent.tool import Answer, Desk, Tool
from mos.errors import MissingError
from mos.model.account import BuyingGroup
from mos.model.base import Noun
from mos.model.profile import BuyingRole, Interest, Profile
from mos.model.view import Said, Tree
from mos.policy.bundle.bundle import Bundle
from mos.policy.interests import interests_of
from mos.policy.members import Membership, membership
from mos.policy.roles import role_of
from mos.roster import Roster

_TOPICS = 3
_MOST_ASKED = 200


class ProfileQuestion(Noun):
    """Who it is about."""

    subject: Subject


class PartInGroup(Noun):
    """A person's part in one buying group: their likely role, membership, and both stages.

    `interests` are what the members care about together (of a large group, the 200 most engaged).
    """

    group_id: str
    solution: str
    likely: str
    role: BuyingRole | None
    member: Membership
    members: int
    interests: tuple[Interest, ...]
    group_stage: CompactPlacement | None
    person_stage: CompactPlacement | None


class ProfileAnswer(Noun):
    """The person as this agent may see them, their account, and their part in each group."""

    profile: dict[str, Any]
    account: dict[str, Any] | None
    account_stage: CompactPlacement | None
    groups: tuple[PartInGroup, ...]
    interests: tuple[Interest, ...]


def run(question: ProfileQuestion, desk: Desk) -> Answer:
    """Return the person with stages, roles, interests and consents, each citing its signal."""
    bundle = desk.bundle(None)
    profile = person(question.subject, desk)
    account = company(profile, desk)
    held = [_in_group(profile, group, bundle, desk) for group in groups(profile, bundle, desk)]
    placed = stage(account.account_id, desk) if account else None
    is_named = account is not None and (account.trait("name") or account.domain)
    at = name_company(account) if account and is_named else "no known company"
    interests = interests_of([profile], desk.now, bundle.number("interest_half_life_days"))
    cares = ", ".join(f"{i.topic} {i.score:.1f}" for i in interests[:_TOPICS]) or "nothing yet"
    likely = held[0].likely if held else "role not known"
    who = f"{called(profile, desk)}, {likely}, at {at}. Reads about: {cares}. {_may(profile, desk)}"
    branches = tuple(Tree(label=_stands(part)) for part in held)
    stands = f"{at}: {f'account {placed.stage}' if placed else 'not placed yet'}"
    data = ProfileAnswer(
        profile=shown(profile, desk),
        account=show_company(account, desk) if account else None,
        account_stage=compact_placement(placed) if placed else None,
        groups=tuple(held),
        interests=interests,
    )
    view = (Said.of(who, profile.profile_id), Tree(label=stands, under=branches))
    return Answer(data, view)


def _may(profile: Profile, desk: Desk) -> str:
    """Return what the person has agreed to, said no to, and stopped."""
    yes = [s.purpose.value for s in profile.consents if s.granted]
    no = [s.purpose.value for s in profile.consents if s.is_withdrawn]
    asked = [s.purpose.value for s in profile.consents if s.pending]
    open_ = desk.scope.personal_data
    stops = [f"{(open_ and s.address) or s.channel} ({s.reason})" for s in profile.suppressions]
    parts = [f"Agreed to: {', '.join(yes) or 'nothing'}."]
    parts += [f"Has said no to: {', '.join(no)}."] if no else []
    parts += [f"Waits to be confirmed: {', '.join(asked)}."] if asked else []
    parts += [f"Stopped: {', '.join(stops)}."] if stops else []
    return " ".join(parts)


def _in_group(profile: Profile, group: BuyingGroup, bundle: Bundle, desk: Desk) -> PartInGroup:
    """Return the person's part in one group: role, membership, and both stages."""
    role = role_of(profile, group.solution, bundle)
    roster = Roster(desk.tables("identity"))
    since = roster.member(group, profile.profile_id)
    if since is None:  # They have left while this was read.
        raise MissingError(f"place of {profile.profile_id} in {group.group_id}: ask again")
    of_group = stage(group.group_id, desk)
    own = stage(profile.profile_id, desk, group.group_id)
    return PartInGroup(
        group_id=group.group_id,
        solution=group.solution,
        likely=f"likely {role.role} ({role.confidence:.0%})" if role else "role not known",
        role=role,
        member=membership(since, profile, group.solution),
        members=roster.size(group),
        interests=_cares(group, bundle, desk),
        group_stage=compact_placement(of_group) if of_group else None,
        person_stage=compact_placement(own) if own else None,
    )


def _cares(group: BuyingGroup, bundle: Bundle, desk: Desk) -> tuple[Interest, ...]:
    """Return what the members care about together, each topic with its signals.

    Of a large group the most engaged ones are asked.
    """
    members = Roster(desk.tables("identity")).select(group, _MOST_ASKED).members
    keys = [(f"PERSON#{m.profile_id}", "PROFILE") for m in members]
    found = desk.tables("identity").get_many(keys).values()
    people = [Profile.parse(record.body) for record in found if record.body]
    return interests_of(people, desk.now, bundle.number("interest_half_life_days"))


def _stands(part: PartInGroup) -> str:
    group, own = part.group_stage, part.person_stage
    if group is None:
        return f"{part.solution} group not placed yet"
    member = part.member.status + (f" by {part.member.by}" if part.member.by else "")
    mine = f"they are {own.stage}" if own else "they are not placed yet"
    return f"{part.solution} group {group.stage}, where {mine} ({member}, {part.likely})"


TOOL = Tool(
    name="profile",
    description="Who a person is: account, buying group, role, stages, interests, consents.",
    arguments=ProfileQuestion,
    answer=ProfileAnswer,
    run=run,
    examples=({"subject": "Jane Doe at Bright Pay"},),
)
