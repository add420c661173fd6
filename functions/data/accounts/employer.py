"""Find the account of somebody who names a company and shows no domain of it."""

from dataclasses import dataclass
from datetime import datetime

from functions.data.accounts.companies import CompanyRepository
from functions.data.people.review_queue import ReviewQueue
from functions.data.unify import Claim
from mos.identity.account_match import account_match
from mos.identity.correction import FROM_ANYBODY, SYSTEM, belongs
from mos.identity.fold import company_of
from mos.model.base import Facts
from mos.model.profile import Profile
from mos.model.review import Review
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle


@dataclass
class Employer:
    """Matches people to accounts; what is not sure enough waits for a human."""

    companies: CompanyRepository
    reviews: ReviewQueue
    bundle: Bundle

    def find(self, claim: Claim, person: Profile, now: datetime) -> Signal | None:
        """Return the signal that says which company is meant, or None where nothing is sure."""
        named = person.trait("company_name")
        said = any(signal.company.get("name") for signal in claim.signals)
        if not named or not said or not person.is_known or company_of(person, self.bundle):
            return None
        found = account_match(person, self.companies.named(str(named)), self.bundle)
        if found is None or found.account.domain is None:
            return None
        first, domain = person.identifiers[0], found.account.domain
        if not found.sure:
            review = Review(
                kind="account", left=first.key, right=domain,
                probability=found.probability, why=found.why, at=now,
            )  # fmt: skip
            self.reviews.add(review)
            return None
        facts: Facts = {
            "match_probability": found.probability,
            "match_why": found.why,
            "account_id": found.account.account_id,
        }
        if person.traits["company_name"].is_anybodys:
            facts[FROM_ANYBODY] = True
        return belongs(first, domain, facts, source=SYSTEM, now=now)
