"""Who is out there, and what they want: the truth that no layer sees."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from lab.world.people import EU, Company, Person, companies, person

ROLES = {
    "economic_buyer": ("CFO", "VP Marketing", "Founder"),
    "champion": ("Head of Growth", "Director of Demand Generation", "RevOps Lead"),
    "technical_evaluator": ("CTO", "Data Engineer"),
    "end_user": ("Marketing Operations Manager", "Marketing Specialist"),
    "legal_procurement": ("Procurement Manager",),
}
PAGES = {
    "economic_buyer": ("/pricing", "/pricing/enterprise", "/customers", "/"),
    "champion": ("/analytics", "/customers", "/blog/revops", "/demo"),
    "technical_evaluator": ("/docs/api", "/integrations", "/security", "/docs/sso"),
    "end_user": ("/blog/attribution", "/", "/analytics", "/plans"),
    "legal_procurement": ("/security", "/legal/dpa", "/pricing"),
}
LIKES = {
    "economic_buyer": {"email_roi": 0.9, "ae_handoff": 0.6, "executive_intro": 0.9},
    "champion": {"email_case_study": 0.8, "bdr_call": 0.4, "ae_handoff": 0.5},
    "technical_evaluator": {"email_security": 1.0, "bdr_call": -0.8},
    "end_user": {"email_welcome": 0.5, "retarget": 0.3, "ae_handoff": -0.9},
    "legal_procurement": {"email_security": 0.6, "bdr_call": -1.0},
}
"""What a role's answer gains or loses, in log odds, by action: hidden from the system."""
_COURSE_DAYS = (25, 70)


@dataclass
class Member:
    """One person as they are. `touches` are the moments at which we reached them."""

    person: Person
    role: str
    active: float
    agrees: bool
    blocks_pixels: bool
    touches: list[datetime] = field(default_factory=list)
    retargeted_until: datetime | None = None
    is_known: bool = False
    is_out: bool = False

    def tired(self, at: datetime) -> int:
        """Return how often they heard from us within a week."""
        week = at - timedelta(days=7)
        return sum(touch > week for touch in self.touches)


@dataclass
class House:
    """One company: its people, and the course that its wish to buy takes.

    `begins` and `lasts` are in days of the programme; `peak` is how much it will want it. Houses
    that never want anything peak near nothing.
    """

    company: Company
    members: list[Member]
    begins: float
    lasts: float
    peak: float
    scans_mail: bool
    has_deal: bool = False
    is_closed: bool = False

    def intent(self, day: float) -> float:
        """Return how much they want it on a day, 0 to 1: a hill over a low ground."""
        place = (day - self.begins) / self.lasts
        hill = math.sin(math.pi * place) if 0 < place < 1 else 0.0
        return 0.03 + 0.97 * self.peak * hill

    @property
    def fits(self) -> bool:
        """Say whether we could serve them: what an ICP scorecard tries to guess."""
        return self.company.employees >= 100 and self.company.industry not in {"food", "media"}


def market(rng: Random, count: int, days: int) -> list[House]:
    """Return `count` houses; some share a laptop, some have their mail scanned."""
    return [_house(rng, company, days) for company in companies(rng, count)]


def _house(rng: Random, company: Company, days: int) -> House:
    size = 1 + min(5, int(rng.expovariate(0.55)))
    roles = rng.choices(tuple(ROLES), weights=(2, 3, 2, 3, 1), k=size)
    members = [_member(rng, company, role) for role in roles]
    if len(members) > 1 and rng.random() < 0.06:
        members[1] = _on_the_laptop_of(members[0], members[1])
    lasts = rng.uniform(*_COURSE_DAYS)
    house = House(
        company=company,
        members=members,
        begins=rng.uniform(-0.5 * lasts, days * 0.8),
        lasts=lasts,
        peak=0.0,
        scans_mail=company.employees > 300 and rng.random() < 0.5,
    )
    house.peak = rng.betavariate(2.2, 1.6) if rng.random() < (0.5 if house.fits else 0.15) else 0.05
    return house


def _member(rng: Random, company: Company, role: str) -> Member:
    somebody = person(rng, company)
    titled = Person(
        **{**somebody.__dict__, "title": rng.choice(ROLES[role])},
    )
    return Member(
        person=titled,
        role=role,
        active=rng.betavariate(2, 3),
        agrees=rng.random() < (0.45 if company.country in EU else 0.75),
        blocks_pixels=rng.random() < 0.4,
    )


def _on_the_laptop_of(owner: Member, other: Member) -> Member:
    shared = {**other.person.__dict__, "anonymous_id": owner.person.anonymous_id}
    other.person = Person(**shared)
    return other


def odds_of(member: Member, house: House, action: str, at: datetime, day: float) -> float:
    """Return the true chance that a touch brings what its action is for."""
    base = {"ae_handoff": -2.4, "bdr_call": -2.5, "executive_intro": -2.9, "retarget": -4.0}
    logit = base.get(action, -3.2) + 3.2 * house.intent(day)
    logit += LIKES[member.role].get(action, 0.0) - 0.45 * max(0, member.tired(at) - 1)
    return 1 / (1 + math.exp(-logit))
