"""Who belongs to a buying group, and what the group needs: members, roles, templates. Pure."""

from dataclasses import dataclass

from mos.model.account import Member
from mos.model.base import Instant, Noun
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle
from mos.policy.roles import CONFIRMED

POTENTIAL, CONFIRMED_MEMBER, DISMISSED_MEMBER = "potential", "confirmed", "dismissed"
_SAYS = {
    "member_confirmed": CONFIRMED_MEMBER,
    "member_dismissed": DISMISSED_MEMBER,
    CONFIRMED: CONFIRMED_MEMBER,
}


class Membership(Noun):
    """A person's part in a group: potential until a human confirms or dismisses it."""

    status: str
    by: str | None = None
    at: Instant
    signal_id: str


@dataclass(frozen=True)
class Template:
    """The roles that buying one solution takes, and how much each one's activity weighs."""

    required: tuple[str, ...]
    weights: dict[str, float]


def membership(member: Member, profile: Profile, solution: str) -> Membership:
    """Return what holds of a member: the last word of a human, who said it and when.

    Who confirms somebody's role says that they belong to the group.
    """
    said = [
        statement
        for statement in profile.statements
        if statement.kind in _SAYS and statement.solution in (None, solution)
    ]
    if not said:
        return Membership(
            status=POTENTIAL,
            at=member.since,
            signal_id=member.signal_id,
        )
    last = max(said, key=lambda statement: (statement.at, statement.signal_id))
    return Membership(status=_SAYS[last.kind], by=last.by, at=last.at, signal_id=last.signal_id)


def template_of(solution: str, bundle: Bundle) -> Template:
    """Return the role template of a solution; of two rows about one role, the later one holds."""
    rows = bundle.table("roles/template").evaluate({"group.solution": solution}).rows
    said = {row.then["role"]: row.then for row in rows}
    return Template(
        required=tuple(sorted(role for role, then in said.items() if then.get("required"))),
        weights={role: float(then.get("weight", 1.0)) for role, then in said.items()},
    )


def solutions(bundle: Bundle) -> list[str]:
    """Return what we sell, the default first: each makes a group of its own per account."""
    found = bundle.parameters.get("solutions")
    if found and isinstance(found.value, list) and found.value:
        return found.value
    return [str(bundle.value("solution"))]
