"""Whether what was decided may still be done: at the moment of sending, not of deciding."""

from datetime import datetime

from functions.action.compose import treatment_of
from functions.action.repository import People
from mos.events import ActionDecided
from mos.model.action import ActionClass
from mos.model.base import Facts
from mos.model.delivery import DeliveryStatus
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle
from mos.policy.consent import consent_to
from mos.policy.content import find_fault_at_send
from mos.policy.declared_facts import declared_facts
from mos.policy.fact_values import listed
from mos.policy.facts import company_facts, person_facts
from mos.policy.interests import interest_facts, interests_of
from mos.policy.quiet import find_quiet_end

Verdict = tuple[DeliveryStatus, str]
"""How a delivery ends that may not leave, and why."""


def check(
    event: ActionDecided,
    person: Profile | None,
    people: People,
    bundle: Bundle,
    now: datetime,
    in_force: Bundle,
) -> Verdict | datetime | None:
    """Return how it ends where it may not leave any more; until when it waits where it is quiet.

    None where it may leave now. The bundle `in_force` may have retired what was decided to say.
    """
    if fault := find_fault_at_send(treatment_of(event), bundle, in_force, now):
        return DeliveryStatus.REFUSED, fault
    if revoked := find_revocation(event, person, people, bundle):
        return DeliveryStatus.SKIPPED, revoked
    if person is None:
        return DeliveryStatus.REFUSED, "person_is_gone"
    facts = _read_facts(event, person, people, bundle, now)
    if event.action.purpose is not None:
        verdict = consent_to(person.profile_id, facts, event.action.purpose, bundle)
        if not verdict.allowed:
            return DeliveryStatus.REFUSED, f"consent_at_send:{verdict.row}"
    return find_quiet_end(facts, event.channel, event.action.klass, now, bundle)


def find_revocation(
    event: ActionDecided, person: Profile | None, people: People, bundle: Bundle
) -> str | None:
    """Return what has happened since the decision that takes its reason away, or None.

    Who has answered, booked a meeting or left meanwhile, or whose account, group or own stage is
    another now, is not sent what was decided before; what somebody asked for themselves
    (transactional) is.
    """
    if person is None or event.action.klass is ActionClass.TRANSACTIONAL:
        return None
    decided_at = event.occurred_at
    for name in listed("revoking_signals", bundle):
        if (at := person.last.get(name)) and at > decided_at:
            return f"revoked:{name}"
    stages = listed("revoking_stages", bundle)
    if stages:
        for one in people.moved(event):
            if (name := f"{one.level.value}.stage={one.stage}") in stages:
                return f"revoked:{name}"
    return None


def _read_facts(
    event: ActionDecided, person: Profile, people: People, bundle: Bundle, now: datetime
) -> Facts:
    """Return what policy may ask of somebody at the moment of sending."""
    facts = person_facts(person, now, bundle.number("engagement_half_life_days"))
    facts |= declared_facts(person.trait, "person", bundle)
    fades = bundle.number("interest_half_life_days")
    facts |= interest_facts("person", interests_of([person], now, fades))
    if "person.country" not in facts:
        facts |= company_facts(people.account(event.account_id))
    return facts
