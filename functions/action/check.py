"""Whether what was decided may still be done: at the moment of sending, not of deciding."""

from datetime import datetime
from typing import Protocol

from functions.action.compose import treatment_of
from mos.events import ActionDecided
from mos.model.account import Account
from mos.model.action import ActionClass
from mos.model.base import Facts
from mos.model.delivery import DeliveryStatus
from mos.model.profile import Profile
from mos.model.stage import Placement
from mos.policy.asset_language import GATE, READS, find_language_row, find_missing_language
from mos.policy.bundle.bundle import Bundle
from mos.policy.consent import consent_to
from mos.policy.content import find_fault_at_send
from mos.policy.declared_facts import declared_facts
from mos.policy.fact_values import listed
from mos.policy.facts import company_facts, person_facts
from mos.policy.interests import interest_facts, interests_of
from mos.policy.quiet import GATE as CONTACT_GATE
from mos.policy.quiet import find_quiet_end
from mos.policy.table.condition import holds
from mos.policy.topics import hears_of


class Whom(Protocol):
    """What checks ask beside the person: who has moved since a decision, and an account."""

    def moved(self, event: ActionDecided) -> tuple[Placement, ...]: ...
    def account(self, account_id: str) -> Account | None: ...


QUIET, AWAY = "contact/quiet", "person.away"
Verdict = tuple[DeliveryStatus, str]
"""How a delivery ends that may not leave, and why."""


def check(
    event: ActionDecided,
    person: Profile | None,
    people: Whom,
    bundle: Bundle,
    now: datetime,
    in_force: Bundle,
) -> Verdict | datetime | None:
    """Return how it ends where it may not leave; until when it waits: at night, or for who is away.

    None where it may leave now. The bundle `in_force` may have retired what was decided to say.
    """
    if fault := find_fault_at_send(treatment_of(event), bundle, in_force, now):
        return DeliveryStatus.REFUSED, fault
    if revoked := find_revocation(event, person, people, bundle):
        return DeliveryStatus.SKIPPED, revoked
    if person is None:
        return DeliveryStatus.REFUSED, "person_is_gone"
    facts = read_facts(event, person, people, bundle, now)
    if denied := _find_no(event, person, facts, bundle) or find_unread(event, facts, bundle):
        return DeliveryStatus.REFUSED, denied
    until = find_quiet_end(facts, event.channel, event.action.klass, now, bundle)
    if until is not None and (row := find_quiet_drop(event, bundle)):
        return DeliveryStatus.SKIPPED, f"dropped: quiet hours where they are ({row})"
    return find_return(person, facts, event, bundle) or until


def _find_no(event: ActionDecided, person: Profile, facts: Facts, bundle: Bundle) -> str:
    """Return what somebody has not agreed to, or does not hear of; empty: neither."""
    if event.action.purpose is not None:
        verdict = consent_to(person.profile_id, facts, event.action.purpose, bundle)
        if not verdict.allowed:
            return f"consent_at_send:{verdict.row}"
    return "" if hears_of(event.action, facts, bundle) else f"topic_at_send:{event.action.topic}"


def find_unread(event: ActionDecided, facts: Facts, bundle: Bundle) -> str:
    """Return why what is not in its reader's language stays here; empty: it is, or it may leave."""
    treatment = treatment_of(event)
    missing = find_missing_language(event.action, treatment, facts.get(READS), bundle)
    row = find_language_row(_list_action_facts(event), bundle) if missing else ""
    return f"content_not_in_{missing}:{treatment.asset} ({GATE}#{row})" if row else ""


def tell_wait(person: Profile | None, until: datetime) -> str:
    """Return in words for what a message waits."""
    is_away = person is not None and person.away_until == until
    return "they are away, as their own answer says" if is_away else "quiet hours where they are"


def find_return(
    person: Profile, facts: Facts, event: ActionDecided, bundle: Bundle
) -> datetime | None:
    """Return when somebody is back who is away, where a row of the contact policy waits for that.

    A row with no other columns than these is asked: where they are away, by which channel, of
    which class.
    """
    if not facts.get(AWAY) or CONTACT_GATE not in bundle.names("tables"):
        return None
    asked: Facts = {
        AWAY: True,
        "action.channel": event.channel,
        "action.group": event.action.group,
        "action.class": event.action.klass.value,
    }
    rows = (
        row
        for row in bundle.page(CONTACT_GATE).rows
        if AWAY in row.when and not row.then.get("allow")
    )
    waits = any(all(holds(c, asked.get(n)) is True for n, c in row.when.items()) for row in rows)
    return person.away_until if waits else None


def find_quiet_drop(event: ActionDecided, bundle: Bundle) -> str:
    """Return by which row a message is given up that is met by quiet hours; empty: it waits."""
    if QUIET not in bundle.names("tables"):
        return ""
    answer = bundle.table(QUIET).evaluate(_list_action_facts(event))
    return f"{QUIET}#{answer.row_id}" if answer.output.get("quiet") == "drop" else ""


def _list_action_facts(event: ActionDecided) -> Facts:
    action = event.action
    return {
        "action.name": action.name,
        "action.group": action.group,
        "action.issue": action.issue,
        "action.channel": event.channel,
        "action.class": action.klass.value,
    }


def find_revocation(
    event: ActionDecided, person: Profile | None, people: Whom, bundle: Bundle
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


def read_facts(
    event: ActionDecided, person: Profile, people: Whom, bundle: Bundle, now: datetime
) -> Facts:
    """Return what policy may ask of somebody at the moment of sending."""
    facts = person_facts(person, now, bundle.number("engagement_half_life_days"))
    facts |= declared_facts(person.trait, "person", bundle)
    fades = bundle.number("interest_half_life_days")
    facts |= interest_facts("person", interests_of([person], now, fades))
    if "person.country" not in facts:
        facts |= company_facts(people.account(event.account_id))
    return facts
