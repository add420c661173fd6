"""One message of the Segment spec, in our words. Pure."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from functions.webhook import naming
from functions.webhook.actor import judge
from functions.webhook.clock import moment
from functions.webhook.consent import grants, only_true
from functions.webhook.draft import Draft
from functions.webhook.fields import Element, inner, text
from functions.webhook.identity import Found, email, named, phone
from mos.errors import MalformedError
from mos.model.base import canonical
from mos.model.consent import ConsentGrant
from mos.model.signal import SignalKind, Trust

_KINDS = MappingProxyType({
    "identify": SignalKind.IDENTIFY,
    "track": SignalKind.TRACK,
    "page": SignalKind.PAGE,
    "screen": SignalKind.PAGE,
    "group": SignalKind.GROUP,
    "alias": SignalKind.ALIAS,
})  # fmt: skip
CALLS = MappingProxyType(
    {
        **{call: call for call in _KINDS},
        # The browser's library asks for a call by its first letter.
        **{call[0]: call for call in _KINDS},
    }
)
"""Which call a path under `/v1` is."""
BATCHES = frozenset({"batch", "import", "b"})
"""Paths under `/v1` that take several calls at once: `import` is the older libraries' name."""
_CONSENT_EVENT = "segment consent preference"
_TRIES = frozenset({"sentAt", "receivedAt"})
_CONTEXT = ("campaign", "page", "locale", "timezone", "userAgent")


def draft_of(message: Element, now: datetime, trust: Trust) -> Draft:
    """Return what one message says.

    An alias names two ids of one person, and not whether the older one was an account or a device.
    From a sender that has proved itself it counts as both; from a page, whose key anybody can read,
    as a device alone: a page can never say that two accounts are one.

    Raises:
        MalformedError: a field has a type that the spec does not allow.
    """
    call = text(message, "type") or "unknown"
    event = text(message, "event")
    about = inner(message, "traits")
    is_group = call == "group"
    return Draft(
        key=text(message, "messageId") or canonical(_said(message)),
        kind=_kind(call, event),
        name=event or text(message, "name") or call,
        at=_occurred_at(message, now),
        stated_at=_stated_at(message),
        identifiers=(*_identifiers(message), *_aliased(message, trust)),
        traits=naming.traits(inner(inner(message, "context"), "traits"))
        if is_group
        else _person(message),
        company=naming.company(about) if is_group else naming.company(about.get("company")),
        properties=_properties(message),
        consent=_consent(message),
        actor=judge(inner(message, "context").get("userAgent")),
    )


def _said(message: Element) -> Element:
    """Return what a message says, without the times that libraries make anew for each try."""
    return {name: value for name, value in message.items() if name not in _TRIES}


def _kind(call: str, event: str | None) -> SignalKind:
    if call == "track" and (event or "").lower().startswith(_CONSENT_EVENT):
        return SignalKind.CONSENT_CHANGED
    return _KINDS.get(call, SignalKind.UNMAPPED)


def _occurred_at(message: Element, now: datetime) -> datetime | None:
    """Take the skew of the sender's clock out of its time."""
    sent = moment(message.get("sentAt"), "sentAt")
    original = moment(message.get("originalTimestamp"), "originalTimestamp")
    stated = moment(message.get("timestamp"), "timestamp")
    received = moment(message.get("receivedAt"), "receivedAt")
    if original is None and received is None:
        # Straight from a library: nobody has corrected `timestamp` yet.
        original = stated
    if original is None or sent is None:
        return stated or original
    try:
        return (received or now) - (sent - original)
    except OverflowError:
        raise MalformedError("sentAt and originalTimestamp are impossibly far apart") from None


def _stated_at(message: Element) -> datetime | None:
    """Return when it happened by the sender's clock: a library's retry says the same."""
    original = moment(message.get("originalTimestamp"), "originalTimestamp")
    return original or moment(message.get("timestamp"), "timestamp")


def _person(message: Element) -> dict[str, object]:
    said = {**inner(inner(message, "context"), "traits"), **inner(message, "traits")}
    said.pop("company", None)
    address = said.pop("address", None)
    if isinstance(address, Mapping):
        said = {**{f"address.{key}": value for key, value in address.items()}, **said}
        said.setdefault("country", address.get("country"))
    return naming.traits(said)


def _identifiers(message: Element) -> tuple[Found, ...]:
    context = inner(message, "context")
    traits, known = inner(message, "traits"), inner(context, "traits")
    is_group = message.get("type") == "group"
    group = message.get("groupId") if is_group else context.get("groupId")
    return (
        named("user_id", message.get("userId")),
        # A group's own address is the company's, not the person's.
        None if is_group else email(traits.get("email")),
        email(known.get("email")),
        email(message.get("userId")),
        None if is_group else phone(traits.get("phone")),
        named("anonymous_id", message.get("anonymousId")),
        named("group_id", group, "accounts"),
        *_external(context),
    )


def _aliased(message: Element, trust: Trust) -> tuple[Found, ...]:
    previous = message.get("previousId")
    if message.get("type") != "alias":
        return ()
    if trust is Trust.UNSIGNED:
        return (named("anonymous_id", previous),)
    device = previous == message.get("anonymousId")
    return (
        named("anonymous_id", previous),
        None if device else named("user_id", previous),
        email(previous),
    )


def _external(context: Element) -> list[Found]:
    ids = context.get("externalIds")
    return [
        named(
            str(entry.get("type")),
            entry.get("id"),
            "accounts" if entry.get("collection") == "accounts" else "users",
        )
        for entry in (ids if isinstance(ids, list) else [])
        if isinstance(entry, Mapping)
    ]


def _properties(message: Element) -> dict[str, object]:
    context = inner(message, "context")
    about = {key: context[key] for key in _CONTEXT if context.get(key) is not None}
    extra = {"context": about} if about else {}
    previous = text(message, "previousId")
    return {
        **inner(message, "properties"),
        **({"previous_id": previous} if previous else {}),
        **_consent_object(context),
        **extra,
    }


def _consent_object(context: Element) -> dict[str, object]:
    """Return whether the consent object said nothing: that is neither a yes nor a withdrawal."""
    if "consent" not in context:
        return {}
    said = inner(inner(context, "consent"), "categoryPreferences")
    if said:
        return {}
    return {"consent_object": "null" if context["consent"] is None else "empty"}


def _consent(message: Element) -> tuple[ConsentGrant, ...]:
    """Return what the consent object answers. None, and one without answers, is no consent."""
    preferences = inner(inner(inner(message, "context"), "consent"), "categoryPreferences")
    return grants(only_true(preferences))
