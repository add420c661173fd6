"""The signals behind a fact. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mos.model.account import Account
from mos.model.deal import DealState
from mos.model.profile import BuyingRole, Profile
from mos.policy.members import Membership

_MOST = 20
_EACH = 5
_TRAIT_NAMES = {"crm_stage": "lifecycle_stage", "lead_status": "lead_status"}


@dataclass(frozen=True)
class Evidence:
    """What a subject's facts were made of: an account, and some of its people."""

    account: Account
    solution: str | None
    people: Sequence[Profile]
    roles: Mapping[str, BuyingRole] = field(default_factory=dict)
    members: Mapping[str, Membership] = field(default_factory=dict)

    def behind(self, facts: Iterable[str]) -> tuple[str, ...]:
        """Return the signals that made these facts, at most 20, each once.

        What is counted over many signals (engagement, counts) cites the latest ones of each person.
        """
        found: dict[str, None] = {}
        for fact in facts:
            found |= dict.fromkeys(self._behind(fact))
        return tuple(found)[:_MOST]

    def _behind(self, fact: str) -> Iterable[str]:
        level, _, name = fact.partition(".")
        if name.endswith("_deals"):
            return self._deals(name.removesuffix("_deals"), level)
        if level == "account" and (trait := self.account.traits.get(_TRAIT_NAMES.get(name, name))):
            return [trait.signal_id]
        if name.startswith(("role", "missing_roles", "completeness", "days_without", "gap")):
            return [
                s for role in self.roles.values() for s in role.evidence if s.startswith("sig_")
            ]
        if name in ("member_status", "members", "confirmed_members", "late_joiner"):
            return [member.signal_id for member in self.members.values()]
        if name in ("stage", "level", "days_in_stage", "is_company", "named"):
            return ()
        return [s for person in self.people for s in _of_person(person, name)]

    def _deals(self, state: str, level: str) -> list[str]:
        solution = None if level == "account" else self.solution
        return [
            deal.signal_id
            for deal in self.account.standing_deals(solution)
            if deal.state is DealState(state)
        ]


def _of_person(person: Profile, name: str) -> Iterable[str]:
    if trait := person.traits.get(_TRAIT_NAMES.get(name, name)):
        return [trait.signal_id]
    if name == "suppressed":
        return [stop.signal_id for stop in person.suppressions]
    if name in ("interests", "top_interest"):
        return [s for interest in person.interests for s in interest.signal_ids]
    if name in ("known", "known_people", "known_members"):
        named = [i.signal_id for i in person.identifiers if i.type != "anonymous_id"]
        return [s for s in named if s]
    kind = name.removeprefix("count.").removeprefix("hours_since.")
    if kind in person.last_ids:
        return [person.last_ids[kind]]
    return person.evidence[-_EACH:]
