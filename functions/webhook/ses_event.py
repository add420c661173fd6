"""One SES event, in our words: one draft per recipient it speaks of. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

from functions.webhook.actor import UNJUDGED, judge
from functions.webhook.bounce import bounce_type
from functions.webhook.clock import moment
from functions.webhook.consent import WITHDRAWN
from functions.webhook.draft import Draft
from functions.webhook.fields import Element, Json, element, inner, several, text
from functions.webhook.identity import email
from mos.model.base import canonical
from mos.model.consent import ConsentGrant
from mos.model.signal import SignalKind

_KINDS = MappingProxyType({
    "Send": SignalKind.EMAIL_SENT,
    "Delivery": SignalKind.EMAIL_DELIVERED,
    "Open": SignalKind.EMAIL_OPENED,
    "Click": SignalKind.EMAIL_CLICKED,
    "Bounce": SignalKind.EMAIL_BOUNCED,
    "Complaint": SignalKind.EMAIL_COMPLAINED,
    "Subscription": SignalKind.CONSENT_CHANGED,
})  # fmt: skip
_ALONE = {SignalKind.EMAIL_OPENED, SignalKind.EMAIL_CLICKED, SignalKind.CONSENT_CHANGED}
_RECIPIENTS = MappingProxyType({
    "Bounce": "bouncedRecipients",
    "Complaint": "complainedRecipients",
    "Delivery": "recipients",
    "DeliveryDelay": "delayedRecipients",
})  # fmt: skip
RECEIVED = "Received"
_TAGS = ("action_id", "decision_id")
_SIMULATOR = "@simulator.amazonses.com"
"""Mailboxes that bounce and complain on purpose: nobody's."""
_NOT_SPAM = "not-spam"
"""The complaint that takes one back: its person has said that the mail is wanted."""


def spread(event: Element) -> list[Json]:
    """Return one element per recipient: a bounce of one address is not a bounce of the others.

    Nobody can tell who of several recipients opened or clicked: such an event names no one.
    """
    kind = _KINDS.get(_name(event), SignalKind.UNMAPPED)
    addresses = _addresses(event)
    if len(addresses) > 1 and kind in _ALONE:
        addresses = []
    return [{"event": event, "recipient": address} for address in addresses or [None]]


def draft_of(item: Json) -> Draft:
    """Return what an event says of one recipient.

    Raises:
        MalformedError: a field has a type that SES does not send.
    """
    event, recipient = inner(item, "event"), item["recipient"]
    name = _name(event) or "unknown"
    mail, detail = inner(event, "mail"), inner(event, _part(name))
    kind = _kind(name, detail)
    at = text(detail, "timestamp") or text(mail, "timestamp") or text(event, "Timestamp")
    return Draft(
        key=canonical([mail.get("messageId"), name, at, *_finer(detail), recipient])
        if mail.get("messageId")
        else canonical(item),
        kind=kind,
        name=name,
        at=moment(at, "timestamp"),
        identifiers=(email(recipient),),
        properties=_properties(mail, detail),
        consent=_consent(kind),
        actor=judge(detail.get("userAgent")) if kind in _ALONE else UNJUDGED,
        is_test=str(recipient).strip().lower().endswith(_SIMULATOR),
    )


def _finer(detail: Element) -> list[Json]:
    """Return what tells two events of one message, moment and mailbox apart, where SES says it."""
    return [detail.get(name) for name in ("link", "feedbackId", "bounceType", "bounceSubType")]


def _name(event: Element) -> str:
    """Return what happened: SNS topics that are older than event publishing say it otherwise."""
    return text(event, "eventType") or text(event, "notificationType") or ""


def _part(name: str) -> str:
    """Return the field that holds an event's own facts: `Rendering Failure` is in `failure`."""
    last = name.rpartition(" ")[2]
    return last[:1].lower() + last[1:]


def _kind(name: str, detail: Element) -> SignalKind:
    if name == "Subscription" and _has_opted_out(detail):
        return SignalKind.EMAIL_UNSUBSCRIBED
    if name == "Complaint" and detail.get("complaintFeedbackType") == _NOT_SPAM:
        return SignalKind.UNMAPPED
    return _KINDS.get(name, SignalKind.UNMAPPED)


def _has_opted_out(detail: Element) -> bool:
    """Say whether a subscriber has left: everything, or a topic that was not left before."""
    wishes, before = inner(detail, "newTopicPreferences"), inner(detail, "oldTopicPreferences")
    if str(wishes.get("unsubscribeAll")).lower() == "true":
        return True
    return bool(_left_topics(wishes) - _left_topics(before))


def _left_topics(wishes: Element) -> set[str]:
    listed = several(wishes, "topicSubscriptionStatus") + several(wishes, "topicPreferences")
    topics = [element(topic, "a topic") for topic in listed]
    return {
        str(topic.get("topicName"))
        for topic in topics
        if str(topic.get("subscriptionStatus")).lower().replace("_", "") == "optout"
    }


def _addresses(event: Element) -> list[Json]:
    name = _name(event)
    if name == RECEIVED:
        # A mail that came in is about its sender, not about the mailboxes that it was sent to.
        return []
    listed = several(inner(event, _part(name)), _RECIPIENTS.get(name, "recipients"))
    found = listed or several(inner(event, "mail"), "destination")
    addresses = [a.get("emailAddress") if isinstance(a, Mapping) else a for a in found]
    return list(dict.fromkeys(a for a in addresses if isinstance(a, str)))


def _properties(mail: Element, detail: Element) -> dict[str, Json]:
    tags = inner(mail, "tags")
    ours = {tag: _first(tags.get(tag)) for tag in _TAGS if _first(tags.get(tag))}
    kept = {key: value for key, value in detail.items() if key not in {"ipAddress", "recipients"}}
    kept["message_id"] = text(mail, "messageId")
    if text(detail, "bounceType"):
        kept["bounce_type"] = bounce_type(detail["bounceType"])
    return {**kept, **ours}


def _first(value: Json) -> Json:
    """Return a tag's value: SES sends each as a list."""
    return next(iter(value), None) if isinstance(value, list) else value


def _consent(kind: SignalKind) -> tuple[ConsentGrant, ...]:
    withdraws = kind in {SignalKind.EMAIL_COMPLAINED, SignalKind.EMAIL_UNSUBSCRIBED}
    return WITHDRAWN if withdraws else ()
