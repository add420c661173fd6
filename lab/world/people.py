"""Who lives in the world: companies, and the people who work there."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

_FIRST = (
    "Ada", "Ben", "Chloe", "Dmitri", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Kira",
    "Liam", "Mona", "Nils", "Olga", "Pavel", "Quinn", "Rosa", "Sven", "Tara", "Uma", "Viktor",
    "Wanda", "Yusuf", "Zoe",
)  # fmt: skip
_LAST = (
    "Adler", "Brandt", "Castro", "Dahl", "Evans", "Fischer", "Garcia", "Hansen", "Iyer", "Jensen",
    "Kowalski", "Larsen", "Moreau", "Novak", "Ortega", "Petrov", "Quist", "Rossi", "Silva",
    "Tanaka", "Usman", "Vogel", "Weber", "Young", "Zhang",
)  # fmt: skip
_STEMS = (
    "north", "blue", "cedar", "delta", "ember", "falcon", "granite", "harbor", "iron", "juniper",
    "keystone", "lumen", "maple", "nimbus", "orbit", "pioneer", "quartz", "river", "summit",
    "timber",
)  # fmt: skip
_TRADES = (
    ("pay", "fintech"), ("soft", "software"), ("care", "healthtech"), ("cart", "ecommerce"),
    ("freight", "logistics"), ("works", "manufacturing"), ("media", "media"),
    ("advisory", "professional_services"), ("foods", "food"), ("estates", "real_estate"),
)  # fmt: skip
_COUNTRIES = ("US", "US", "US", "US", "GB", "DE", "DE", "FR", "NL", "SE", "CA", "AU", "IN")
_SIZES = (12, 35, 60, 90, 140, 220, 350, 600, 900, 1500, 3200, 7000)
_TITLES = (
    "VP Marketing", "Head of Growth", "Marketing Operations Manager", "CTO", "Data Engineer",
    "CFO", "Director of Demand Generation", "Marketing Specialist", "RevOps Lead", "Founder",
    "Procurement Manager", "Growth Wizard",
)  # fmt: skip
ZONES = {
    "US": "America/New_York", "CA": "America/Toronto", "GB": "Europe/London",
    "DE": "Europe/Berlin", "FR": "Europe/Paris", "NL": "Europe/Amsterdam", "SE": "Europe/Stockholm",
    "AU": "Australia/Sydney", "IN": "Asia/Kolkata",
}  # fmt: skip
"""The zone that a browser there says it is in."""
_DAYS = (
    (range(6, 14), ("GB", "DE", "FR", "NL", "SE", "IN")),
    (range(14, 23), ("US", "US", "US", "CA")),
)
_ELSEWHERE = ("AU", "AU", "IN")
EU = frozenset({"DE", "FR", "NL", "SE"})


@dataclass(frozen=True)
class Company:
    """One company, with what enrichment would say of it."""

    name: str
    domain: str
    employees: int
    industry: str
    country: str

    @property
    def traits(self) -> dict[str, Any]:
        """Return it as Segment's `group` traits and Standard Webhooks' `company` have it."""
        return {
            "name": self.name,
            "domain": self.domain,
            "employees": self.employees,
            "industry": self.industry,
            "country": self.country,
        }


@dataclass(frozen=True)
class Person:
    """One person with one browser. Without `company` they write from a free mailbox."""

    first_name: str
    last_name: str
    title: str
    email: str
    anonymous_id: str
    country: str
    company: Company | None = None

    @property
    def traits(self) -> dict[str, Any]:
        """Return what they say of themselves when they identify."""
        said: dict[str, Any] = {
            "email": self.email,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "title": self.title,
            "country": self.country,
        }
        return said | ({"company": self.company.traits} if self.company else {})


def companies(rng: Random, count: int, countries: Sequence[str] = _COUNTRIES) -> list[Company]:
    """Return companies with domains of their own, all under `.example`, in these countries."""
    made = []
    for i in range(count):
        stem = _STEMS[i % len(_STEMS)]
        trade, industry = _TRADES[(i // len(_STEMS)) % len(_TRADES)]
        made.append(
            Company(
                name=f"{stem.title()} {trade.title()}",
                domain=f"{stem}{trade}{i // 200 or ''}.example",
                employees=rng.choice(_SIZES) + rng.randrange(9),
                industry=industry,
                country=rng.choice(countries),
            )
        )
    return made


def person(rng: Random, company: Company | None, free_mail: str = "gmail.com") -> Person:
    """Return somebody at this company, or at a free mailbox."""
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    number = rng.randrange(10, 99)
    host = company.domain if company else free_mail
    return Person(
        first_name=first,
        last_name=last,
        title=rng.choice(_TITLES),
        email=f"{first}.{last}{number}@{host}".lower(),
        anonymous_id=f"anon-{rng.getrandbits(64):016x}",
        country=company.country if company else rng.choice(_COUNTRIES),
        company=company,
    )


def list_where_it_is_day(hour: int) -> tuple[str, ...]:
    """Return the countries of a story told at this hour, UTC: most where people are at work."""
    now = next((places for hours, places in _DAYS if hour in hours), _ELSEWHERE)
    return now * (3 * len(_COUNTRIES) // len(now)) + _COUNTRIES
