"""People and accounts as a story sees them: what is known, where they stand, what they allow."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lab.play.query import find_company, find_root, find_stage
from lab.system import InProcessSystem
from mos.identity.company import group_id
from mos.model.account import Account
from mos.model.base import Facts
from mos.model.consent import Basis, ConsentState, LawfulBasis
from mos.model.deal import Deal
from mos.model.profile import Profile
from mos.policy.facts import person_facts
from mos.policy.members import solutions
from mos.policy.ownership import company_links, owner_facts

Json = dict[str, Any]
_LINKS = ("account.owner_inherited", "account.owner_from", "account.ancestors", "account.refused")
"""What is shown of how a company stands to others, beside its own fields."""


def describe_person(
    profile: Profile,
    system: InProcessSystem,
    domains: Mapping[str, str | None],
    sources: Mapping[str, str],
    now: datetime,
) -> Json:
    """Return one person. `sources` says who sent a signal: a consent's source is its signal's."""
    account, sold = find_root(profile.account_id, system), solutions(system.bundle)
    own = [
        find_stage(system, profile.profile_id, f"STAGE@{group_id(account, name)}")
        for name in sold
        if account
    ]
    stands = {name: find_stage(system, group_id(account, name)) for name in sold if account}
    half_life = system.bundle.number("engagement_half_life_days")
    return {
        "identifiers": sorted(i.key for i in profile.identifiers),
        "traits": {name: trait.value for name, trait in sorted(profile.traits.items())},
        "facts": person_facts(profile, now, half_life),
        "account": domains.get(account or ""),
        "address": profile.mailbox(),
        "consents": {b.purpose.value: _describe_basis(b) for b in profile.bases}
        | {s.purpose.value: _describe_consent(s, sources) for s in profile.consents},
        "stages": {
            "account": find_stage(system, account),
            "groups": {name: stage for name, stage in stands.items() if stage},
            "person": next((stage for stage in own if stage), None),
        },
        "is_test": profile.is_test,
    }


def _describe_consent(state: ConsentState, sources: Mapping[str, str]) -> Json:
    granted = "granted" if state.basis is Basis.CONSENT else "basis_only"
    return {
        "state": "pending" if state.pending else granted if state.granted else "withdrawn",
        "basis": state.basis.value,
        "source": sources.get(state.signal_id),
    }


def _describe_basis(basis: LawfulBasis) -> Json:
    return {"state": "basis_only", "basis": basis.basis.value, "source": basis.source}


def describe_account(account: Account, people: Sequence[Profile], system: InProcessSystem) -> Json:
    """Return one company as a whole: with what its aliases know, and who is above it."""
    account = find_company(account.account_id, system)
    facts: Facts = {"account.domain": account.domain, **company_links(account)}
    facts |= owner_facts(facts, system.bundle)
    own = {p.profile_id for p in people if find_root(p.account_id, system) == account.account_id}
    return {
        "domain": account.domain,
        "aliases": list(account.aliases),
        "parent": account.above[0].domain if account.above else None,
        "owner": facts.get("account.owner"),
        "facts": {name: trait.value for name, trait in sorted(account.traits.items())}
        | {name: facts[name] for name in _LINKS if name in facts},
        "stage": find_stage(system, account.account_id),
        "people": len(own),
        "deals": sorted(
            map(_describe_deal, account.standing_deals(None)), key=lambda deal: str(deal["id"])
        ),
    }


def _describe_deal(deal: Deal) -> Json:
    return {
        "id": deal.deal_id,
        "stage": deal.stage,
        "state": deal.state.value,
        "amount": deal.amount,
        "currency": deal.currency,
        "owner": deal.owner,
        "pipeline": deal.pipeline,
        "close_date": deal.close_date,
    }
