"""Who is it: the person, their account, every group they are in, and where each stands."""

from typing import Any

from functions.agent.subject import called, company, groups, person, shown, stage
from functions.agent.tool import Answer, Desk, Tool
from mos.model.account import BuyingGroup
from mos.model.base import Noun
from mos.model.profile import Interest, Profile
from mos.policy.bundle.bundle import Bundle
from mos.policy.interests import interests_of
from mos.policy.members import membership
from mos.policy.roles import role_of


class ProfileQuestion(Noun):
    """A person: `per_…`, a mailbox, or `type:value`."""

    subject: str


def run(question: ProfileQuestion, desk: Desk) -> Answer:
    """Return the person with stages, roles, interests and consents, each citing its signal."""
    bundle = desk.bundle(None)
    profile = person(question.subject, desk)
    account = company(profile, desk)
    held = [_in_group(profile, group, bundle, desk) for group in groups(profile, bundle, desk)]
    placed = stage(account.account_id, desk) if account else None
    at = (account and (account.trait("name") or account.domain)) or "no known company"
    interests = interests_of([profile], desk.now, bundle.number("interest_half_life_days"))
    cares = ", ".join(f"{i.topic} {i.score:.1f}" for i in interests[:3]) or "nothing yet"
    role = held[0]["likely"] if held else "role not known"
    where = [f"account {placed.stage}", *(_stands(h) for h in held)] if placed else []
    text = (
        f"{called(profile, desk)}, {role}, at {at}. "
        f"Stands: {'; '.join(where) or 'not placed yet'}. Reads about: {cares}. "
        f"{_may(profile)}"
    )
    return Answer(
        text=text,
        data={
            "profile": shown(profile, desk),
            "account": account.model_dump(mode="json", exclude_defaults=True) if account else None,
            "account_stage": placed.model_dump(mode="json") if placed else None,
            "groups": held,
            "interests": [i.model_dump(mode="json") for i in interests],
        },
    )


def _may(profile: Profile) -> str:
    """Return what the person has agreed to, withdrawn, and stopped."""
    yes = [s.purpose.value for s in profile.consents if s.granted]
    no = [s.purpose.value for s in profile.consents if s.is_withdrawn]
    asked = [s.purpose.value for s in profile.consents if s.pending]
    stops = [f"{s.address or s.channel} ({s.reason})" for s in profile.suppressions]
    parts = [f"Agreed to: {', '.join(yes) or 'nothing'}."]
    parts += [f"Withdrew: {', '.join(no)}."] if no else []
    parts += [f"Waits to be confirmed: {', '.join(asked)}."] if asked else []
    parts += [f"Stopped: {', '.join(stops)}."] if stops else []
    return " ".join(parts)


def _in_group(profile: Profile, group: BuyingGroup, bundle: Bundle, desk: Desk) -> dict[str, Any]:
    """Return the person's part in one group: role, membership, and both stages."""
    role = role_of(profile, group.solution, bundle)
    member = next(m for m in group.members if m.profile_id == profile.profile_id)
    standing = membership(member, profile, group.solution)
    of_group = stage(group.group_id, desk)
    own = stage(profile.profile_id, desk, group.group_id)
    return {
        "group_id": group.group_id,
        "solution": group.solution,
        "likely": f"likely {role.role} ({role.confidence:.0%})" if role else "role not known",
        "role": role.model_dump(mode="json") if role else None,
        "member": standing.model_dump(mode="json"),
        "members": len(group.members),
        "interests": [i.model_dump(mode="json") for i in _cares(group, bundle, desk)],
        "group_stage": of_group.model_dump(mode="json") if of_group else None,
        "person_stage": own.model_dump(mode="json") if own else None,
    }


def _cares(group: BuyingGroup, bundle: Bundle, desk: Desk) -> tuple[Interest, ...]:
    """Return what the members care about together, each topic with its signals."""
    keys = [(f"PERSON#{m.profile_id}", "PROFILE") for m in group.members]
    found = desk.tables("identity").get_many(keys).values()
    people = [Profile.parse(record.body) for record in found if record.body]
    return interests_of(people, desk.now, bundle.number("interest_half_life_days"))


def _stands(held: dict[str, Any]) -> str:
    group, own = held["group_stage"], held["person_stage"]
    if group is None:
        return f"{held['solution']} group not placed yet"
    by = held["member"]["by"]
    member = held["member"]["status"] + (f" by {by}" if by else "")
    mine = f"they are {own['stage']}" if own else "they are not placed yet"
    return f"{held['solution']} group {group['stage']}, where {mine} ({member}, {held['likely']})"


TOOL = Tool(
    name="profile",
    description="Who a person is: account, buying group, role, stages, interests, consents.",
    arguments=ProfileQuestion,
    run=run,
)
