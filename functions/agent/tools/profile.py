"""Who is it: the person, their account, their group, and where each stands."""

from functions.agent.subject import called, company, group, person, shown, stage
from functions.agent.tool import Answer, Desk, Tool
from mos.model.base import Noun
from mos.policy.roles import role_of


class ProfileQuestion(Noun):
    """A person: `per_…`, a mailbox, or `type:value`."""

    subject: str


def run(question: ProfileQuestion, desk: Desk) -> Answer:
    """Return the person with stages, roles, interests and consents, each citing its signal."""
    bundle = desk.bundle(None)
    profile = person(question.subject, desk)
    account, members = company(profile, desk), group(profile, bundle, desk)
    ids = {"person": profile.profile_id}
    if account:
        ids["account"] = account.account_id
    if members:
        ids["group"] = members.group_id
    stages = {level: stage(i, desk) for level, i in ids.items()}
    role = role_of(profile, str(bundle.value("solution")), bundle)
    likely = f"likely {role.role} ({role.confidence:.0%})" if role else "role not known"
    at = (account and (account.trait("name") or account.domain)) or "no known company"
    where = ", ".join(f"{level} {p.stage}" for level, p in stages.items() if p) or "not placed yet"
    interests = sorted(profile.interests, key=lambda i: -i.score)
    cares = ", ".join(i.topic for i in interests[:3]) or "nothing yet"
    text = f"{called(profile, desk)}, {likely}, at {at}. Stands: {where}. Reads about: {cares}."
    return Answer(
        text=text,
        data={
            "profile": shown(profile, desk),
            "account": account.model_dump(mode="json", exclude_defaults=True) if account else None,
            "group": members.model_dump(mode="json", exclude_defaults=True) if members else None,
            "stages": {k: p.model_dump(mode="json") for k, p in stages.items() if p},
        },
    )


TOOL = Tool(
    name="profile",
    description="Who a person is: account, buying group, role, stages, interests, consents.",
    arguments=ProfileQuestion,
    run=run,
)
