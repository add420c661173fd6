"""Write what will be delivered; where the channel takes a draft, whoever asks for it is given."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from functions.action.channel import Channel, Message
from functions.action.compose import brief_for, filled, treatment_of, words_for
from functions.action.records import find_records
from mos.events import ActionDecided
from mos.model.account import Account
from mos.model.consent import Basis, Purpose
from mos.model.delivery import Delivery
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle
from mos.policy.content import read_text
from mos.tasks.draft_email import EmailBrief, EmailDraft

Draft = Callable[[EmailBrief], EmailDraft]
"""Answers what a mail is to say, whatever a model does."""

_USUAL_MINUTES = 24 * 60


def write_message(
    event: ActionDecided,
    delivery: Delivery,
    person: Profile | None,
    account: Account | None,
    bundle: Bundle,
    draft: Draft,
    channel: Channel,
    settings: Mapping[str, str],
) -> Message:
    """Return the message, ready to leave; what was drafted for it before is not drafted again."""
    subject, body = _words(event, delivery, person, account, bundle, draft, channel)
    treatment = treatment_of(event)
    purpose = event.action.purpose or Purpose.EMAIL_MARKETING
    return Message(
        action_id=delivery.action_id,
        decision_id=event.decision_id,
        action=event.action.name,
        address=person.mailbox(purpose) if person else None,
        phone=_find_number(person, purpose, channel),
        owner=event.owner,
        subject=subject,
        body=body,
        due_at=find_due(event),
        params=treatment.params,
        settings=settings,
        records=find_records(channel.provider.name, event, person, account, bundle),
        decided_at=event.occurred_at,
        domain=account.domain if account else None,
        agreed=_has_agreed(person, purpose),
    )


def find_due(event: ActionDecided) -> datetime:
    """Return by when the action is promised: by its route's promise, else within a day."""
    minutes = event.facts.get("route.sla_minutes")
    usual = minutes if isinstance(minutes, int | float) else _USUAL_MINUTES
    return event.occurred_at + timedelta(minutes=float(usual))


def _has_agreed(person: Profile | None, purpose: Purpose) -> bool:
    state = person.allows(purpose) if person else None
    return state is not None and state.basis is Basis.CONSENT


def _find_number(person: Profile | None, purpose: Purpose, channel: Channel) -> str | None:
    """Return the number that a channel is given: of people who call, any; else the agreed one."""
    if person is None or not (channel.by_phone or channel.counts_as == "human"):
        return None
    mine = {i.value for i in person.identifiers if i.type == "phone" and not i.is_anybodys}
    agreed = person.allows(purpose) if channel.by_phone else None
    if agreed and agreed.address:
        return agreed.address if agreed.address in mine else None
    return min(mine, default=None)


def _words(
    event: ActionDecided,
    delivery: Delivery,
    person: Profile | None,
    account: Account | None,
    bundle: Bundle,
    draft: Draft,
    channel: Channel,
) -> tuple[str, str]:
    company = str(account.trait("name") or account.domain or "") or None if account else None
    treatment, words = treatment_of(event), words_for(event, person, company)
    if not channel.drafts:
        text = read_text(treatment, bundle) or event.action.why
        return filled(treatment.subject, words), filled(text, words)
    if delivery.artefact.get("body"):
        return delivery.artefact["subject"], delivery.artefact["body"]
    link = f"{bundle.value('mail_link')}{delivery.action_id}"
    signature = str(bundle.value("mail_signature"))
    drafted = draft(brief_for(event, words, link, signature, bundle))
    return drafted.subject, drafted.body
