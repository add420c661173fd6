"""Action Lambda: a decision in, one delivery out."""

import os
from datetime import datetime

from functions.action import channels
from functions.action.channel import Channel, Message, Tools
from functions.action.compose import brief_for, filled, treatment_of, words_for
from functions.action.deliver import ENDED, action_id_of, begin, deliver, still
from functions.action.erase import erase
from functions.action.repository import Deliveries, People
from functions.action.toolbox import Toolbox
from mos import plugins
from mos.aws.asker import LambdaAsker
from mos.aws.bundles import BundleStore, bundles
from mos.aws.table import table
from mos.errors import RejectedError, UnavailableError, UncertainError
from mos.events import ActionDecided, ActionDelivered, ErasureOrdered
from mos.model.action import ActionClass
from mos.model.consent import Purpose
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.profile import Profile
from mos.policy.bundle.bundle import Bundle
from mos.policy.consent import consent_to
from mos.policy.declared_facts import declared_facts
from mos.policy.fact_values import listed
from mos.policy.facts import company_facts, person_facts
from mos.policy.interests import interest_facts, interests_of
from mos.ports import Asker, Moment
from mos.runtime import logger, on, on_any
from mos.tasks import draft_email


def step(
    event: ActionDecided,
    moment: Moment,
    deliveries: Deliveries,
    people: People,
    store: BundleStore,
    asker: Asker,
    tools: Tools,
) -> ActionDelivered:
    """Claim, check consent again, send, keep the receipt, say.

    The claim is stored before anything leaves, so a second try finds it.
    """
    if event.channel == "none":
        return deliver(event, still(event, moment.now))
    channel = plugins.load(channels, event.channel, "CHANNEL", Channel)
    held, version = deliveries.find(action_id_of(event))
    delivery = begin(event, held, moment.now, channel)
    if delivery != held:
        version = deliveries.save(delivery, version)
    if delivery.status in ENDED:
        return deliver(event, delivery)
    bundle = store.load(event.bundle)
    person = people.find(event.person_id) if event.person_id else None
    refusal = _refusal(event, person, people, bundle, moment.now)
    revoked = _revoked(event, person, people, bundle)
    if revoked:
        ended = _end(delivery, DeliveryStatus.SKIPPED, revoked)
    elif refusal:
        ended = _end(delivery, DeliveryStatus.REFUSED, refusal)
    else:
        message = _message(event, delivery, person, people, bundle, asker, channel)
        ended = _send(delivery, version, message, channel, deliveries, tools)
    deliveries.save(ended, version)
    return deliver(event, ended)


def _revoked(
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


def _refusal(
    event: ActionDecided, person: Profile | None, people: People, bundle: Bundle, now: datetime
) -> str | None:
    """Return why the person may not be touched now, though it was allowed when decided."""
    if person is None:
        return "person_is_gone"
    if event.action.purpose is None:
        return None
    facts = person_facts(person, now, bundle.number("engagement_half_life_days"))
    facts |= declared_facts(person.trait, "person", bundle)
    fades = bundle.number("interest_half_life_days")
    facts |= interest_facts("person", interests_of([person], now, fades))
    if "person.country" not in facts:
        facts |= company_facts(people.account(event.account_id))
    verdict = consent_to(person.profile_id, facts, event.action.purpose, bundle)
    return None if verdict.allowed else f"consent_at_send:{verdict.row}"


def _message(
    event: ActionDecided,
    delivery: Delivery,
    person: Profile | None,
    people: People,
    bundle: Bundle,
    asker: Asker,
    channel: Channel,
) -> Message:
    treatment = treatment_of(event)
    words = words_for(event, person, people.company(event.account_id))
    sender = os.environ.get("MOS_MAIL_FROM", "marketing@localhost")
    if channel.drafts:
        link = f"{bundle.value('mail_link')}{delivery.action_id}"
        signature = str(bundle.value("mail_signature"))
        draft = _draft(brief_for(event, words, link, signature, bundle), event, asker)
        subject, body = draft.subject, draft.body
    else:
        text = bundle.text(treatment.template) if treatment.template else event.action.why
        subject, body = filled(treatment.subject, words), filled(text, words)
    return Message(
        action_id=delivery.action_id,
        decision_id=event.decision_id,
        action=event.action.name,
        address=person.mailbox(event.action.purpose or Purpose.EMAIL_MARKETING) if person else None,
        owner=event.owner,
        subject=subject,
        body=body,
        params={"unsubscribe": sender, **treatment.params},
    )


def _draft(
    brief: draft_email.EmailBrief, event: ActionDecided, asker: Asker
) -> draft_email.EmailDraft:
    context = {
        "decision_id": event.decision_id,
        "bundle": event.bundle,
        "people": event.person_id or "",
    }
    try:
        answer = asker.ask(draft_email.TASK.name, brief.model_dump(mode="json"), context)
        draft = draft_email.EmailDraft.model_validate(answer["answer"])
    except (UnavailableError, ValueError, KeyError, TypeError) as error:
        logger().warning("draft_fell_back", extra={"error": type(error).__name__})
        return draft_email.fill(brief)
    # The link carries the outcome home: a draft without it is no use.
    return draft if brief.link in draft.body else draft_email.fill(brief)


def _send(
    delivery: Delivery,
    version: int,
    message: Message,
    channel: Channel,
    deliveries: Deliveries,
    tools: Tools,
) -> Delivery:
    artefact = {"subject": message.subject, "owner": message.owner or ""}
    delivery = delivery.model_copy(update={"artefact": artefact})
    try:
        provider_id = channel.send(message, tools)
    except RejectedError as error:
        return _end(delivery, DeliveryStatus.REFUSED, error.detail)
    except (UnavailableError, UncertainError) as error:
        if isinstance(error, UncertainError) and not channel.dedups:
            return _end(delivery, DeliveryStatus.UNKNOWN, str(error))
        retry = _end(delivery, DeliveryStatus.RETRY, "provider_unavailable")
        deliveries.save(retry, version)
        raise UnavailableError(delivery.channel, str(error)) from error
    return _end(delivery, DeliveryStatus.SENT, "sent").model_copy(
        update={"provider_id": provider_id}
    )


def _end(delivery: Delivery, status: DeliveryStatus, reason: str) -> Delivery:
    return delivery.model_copy(update={"status": status, "reason": reason})


_deliver = on(
    ActionDecided,
    lambda event, moment: step(
        event,
        moment,
        Deliveries(table("actions")),
        People(table("identity"), table("lifecycle")),
        bundles(),
        LambdaAsker(),
        Toolbox(),
    ),
)
_erase = on(ErasureOrdered, lambda event, moment: erase(event, moment, table("actions")))

handler = on_any(_deliver, {ErasureOrdered: _erase})
