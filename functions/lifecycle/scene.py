"""What one run looks at: an account, one of its groups, and the account's people. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from mos.model.account import Account, BuyingGroup, Member
from mos.model.handoff import EndedHandoff
from mos.model.profile import BuyingRole, Profile, Span, Trait
from mos.policy.bundle.bundle import Bundle
from mos.policy.facts import decayed
from mos.policy.members import DISMISSED_MEMBER, Membership, membership
from mos.policy.roles import role_of

_MOST_PLACED = 40


@dataclass(frozen=True)
class Scene:
    """The account, one group and every person of the account, as known at one moment.

    `profile_id` is whose signal started the run: they are placed however little they did.
    `correction` says why the run only puts the past right. Of a very large company not everybody is
    looked at: how many members of the group, and people of the account, were left out.
    `ended` are the group's hand-offs that were taken back, where any promise has just run out.
    """

    account: Account
    group: BuyingGroup
    people: tuple[Profile, ...]
    at: datetime
    profile_id: str | None = None
    correction: str | None = None
    group_left_out: int = 0
    account_left_out: int = 0
    ended: tuple[EndedHandoff, ...] = ()

    def list_ended(self, subject_id: str) -> tuple[EndedHandoff, ...]:
        """Return the hand-offs with which promises about a subject ended."""
        return tuple(one for one in self.ended if one.ends(subject_id))

    @cached_property
    def members(self) -> dict[str, tuple[Member, Membership, Profile]]:
        """Return the group's members whose profile is there, with what humans said of them."""
        profiles = {p.profile_id: p for p in self.people}
        return {
            m.profile_id: (m, membership(m, profile, self.group.solution), profile)
            for m in self.group.members
            if (profile := profiles.get(m.profile_id))
        }

    @property
    def undone(self) -> dict[str, tuple[Span, ...]]:
        """Return the stretches in which anybody of the scene was taken for another, by their id."""
        found = {p.profile_id: p.undone for p in self.people}
        found |= {self.account.account_id: self.account.undone}
        found |= {self.group.group_id: self.group.undone}
        return {subject: spans for subject, spans in found.items() if spans}

    @cached_property
    def active(self) -> tuple[Profile, ...]:
        """Return the profiles of the members who were not dismissed."""
        return tuple(
            profile
            for _, standing, profile in self.members.values()
            if standing.status != DISMISSED_MEMBER
        )

    def candidates(self, bundle: Bundle) -> list[Profile]:
        """Return the members that this run may place: whom it is about, then the most engaged."""
        most = min(int(bundle.number("most_members")), _MOST_PLACED)
        half_life = bundle.number("engagement_half_life_days")

        def weight(profile: Profile) -> tuple[bool, float, str]:
            at, points = profile.engagement_at, profile.engagement
            score = decayed(points, at, self.at, half_life)
            return profile.profile_id != self.profile_id, -score, profile.profile_id

        return sorted((profile for _, _, profile in self.members.values()), key=weight)[:most]

    def roles(self, bundle: Bundle) -> dict[str, BuyingRole]:
        """Return the likely role of each active member in this group's purchase."""
        found = {p.profile_id: role_of(p, self.group.solution, bundle) for p in self.active}
        least = bundle.number("least_role_confidence")
        return {i: role for i, role in found.items() if role and role.confidence >= least}

    def crm_of_group(self) -> Trait | None:
        """Return the stage of the group's latest deal in the CRM."""
        deals = self.account.standing_deals(self.group.solution)
        last = max(deals, key=lambda d: (d.at, d.signal_id), default=None)
        return Trait(value=last.stage, at=last.at, signal_id=last.signal_id) if last else None


def named_roles(roles: dict[str, BuyingRole]) -> dict[str, str]:
    """Return each member's role by name; nobody's where it is not known."""
    return {i: role.role for i, role in roles.items()}


def statuses(members: Sequence[Membership]) -> dict[str, int]:
    """Return how many members are potential, confirmed and dismissed."""
    found: dict[str, int] = {}
    for member in members:
        found[member.status] = found.get(member.status, 0) + 1
    return found
