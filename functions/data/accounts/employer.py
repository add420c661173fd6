"""Find the account of somebody who names a company and shows no domain of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.data.accounts.companies import CompanyRepository
from functions.data.people.review_queue import ReviewQueue
from functions.data.unify import Claim
from mos.identity.account_match import account_match
from mos.identity.company_word import node_id
from mos.identity.correction import FROM_ANYBODY, SYSTEM, belongs
from mos.identity.workplace import RECORD, company_of, name_match
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
        if stated := self._find_record(claim, person, now):
            return stated
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

    def _find_record(self, claim: Claim, person: Profile, now: datetime) -> Signal | None:
        """Return what the CRM says by the record of somebody's company, once its domain is known.

        Whom the CRM moves to another company works there from then on.
        """
        word = person.traits.get(RECORD)
        said = next((s for s in claim.signals if word and s.signal_id == word.signal_id), None)
        if word is None or said is None or not person.is_known:
            return None
        key = str(word.value)
        held = self.companies.read([self.companies.root_of(node_id(key))])
        domain = next((account.domain for account in held.values() if account.domain), None)
        if domain is None or domain == company_of(person, self.bundle):
            return None
        made = belongs(
            person.identifiers[0], domain, {"record": key, "because": said.signal_id},
            source=SYSTEM, now=now,
        )  # fmt: skip
        # It stands right behind the CRM's word, so that what was said since is newer.
        return made.model_copy(
            update={
                "signal_id": name_match(word),
                "occurred_at": said.occurred_at + timedelta(microseconds=1),
            }
        )
