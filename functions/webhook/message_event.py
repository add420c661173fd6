"""One event of our own vocabulary, as Standard Webhooks carries it. Pure."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from functions.webhook import naming
from functions.webhook.actor import UNJUDGED, Judged
from functions.webhook.auto_reply import judge_reply
from functions.webhook.bounce import bounce_type
from functions.webhook.clock import moment
from functions.webhook.consent import WITHDRAWN, grants
from functions.webhook.crm_deal import clear_derived, deal_name, deal_properties
from functions.webhook.draft import Draft
from functions.webhook.fields import Element, element, inner, several, text
from functions.webhook.identity import Found, named, person
from functions.webhook.rehearsal import is_flagged
from functions.webhook.reply import Words, add_reading
from mos.errors import MalformedError
from mos.model.consent import ConsentGrant
from mos.model.signal import Actor, Provenance, SignalKind
from mos.reply.quote import cut_quotes
from mos.reply.signature import cut_signature

_ALIASES = MappingProxyType({
    "lead.created": SignalKind.LEAD_SUBMITTED,
    "contact.created": SignalKind.CONTACT_CHANGED,
    "contact.updated": SignalKind.CONTACT_CHANGED,
    "contact.deleted": SignalKind.CONTACT_ARCHIVED,
    "company.created": SignalKind.COMPANY_CHANGED,
    "company.updated": SignalKind.COMPANY_CHANGED,
    "opportunity.created": SignalKind.DEAL_CHANGED,
    "opportunity.updated": SignalKind.DEAL_CHANGED,
    "deal.created": SignalKind.DEAL_CHANGED,
    "deal.updated": SignalKind.DEAL_CHANGED,
    "deal.deleted": SignalKind.DEAL_CHANGED,
    "deal.restored": SignalKind.DEAL_CHANGED,
    "deal.merged": SignalKind.DEAL_CHANGED,
    "opportunity.deleted": SignalKind.DEAL_CHANGED,
    "routing.form.submitted": SignalKind.ROUTING_FORM_SUBMITTED,
})  # fmt: skip
_KINDS = {kind.value.replace("_", "."): kind for kind in SignalKind} | dict(_ALIASES)
_TRAITS = ("first_name", "last_name", "name", "title", "phone", "country", "email", "role")
_READ = {
    *_TRAITS, "user_id", "anonymous_id", "group_id", "identifiers", "traits", "company",
    "properties", "consent", "basis", "jurisdiction", "confirmed_at", "is_test", "actor",
    "actor_reason", "provenance", "user_agent",
}  # fmt: skip
_VERBS = MappingProxyType({"deleted": "deletion", "restored": "restore", "merged": "merge"})
_DEALS_OWN = ("id", "name", "type")
_SAYS_ROLES = {SignalKind.ROLE_INFERRED, SignalKind.ROLE_CONFIRMED, SignalKind.ROLE_DISMISSED}
_WITHDRAWS = {SignalKind.EMAIL_UNSUBSCRIBED, SignalKind.EMAIL_COMPLAINED}


def draft_of(body: Element, key: str, at: datetime | None) -> Draft:
    """Return what one message says; `docs/layers/webhook.md` lists types and fields.

    A field of `data` that has no meaning of its own becomes a property, so nothing is lost.

    Raises:
        MalformedError: a field has another type than documented.
    """
    name = text(body, "type") or "unknown"
    data = inner(body, "data")
    kind = _KINDS.get(name, SignalKind.UNMAPPED)
    draft = Draft(
        key=key,
        kind=kind,
        name=name,
        at=at,
        identifiers=(*person(data), *_identifiers(data)),
        traits=_traits(data, kind),
        company=naming.company(data.get("company")),
        properties=_properties(data, kind, name),
        consent=_consent(data, kind),
        actor=_actor(data, kind),
        provenance=_provenance(data),
        is_test=is_flagged(body, data, inner(data, "properties")),
    )
    words = _find_words(draft) if kind is SignalKind.EMAIL_REPLIED else None
    return add_reading(draft, words) if words else draft


def _find_words(draft: Draft) -> Words | None:
    """Return what somebody has answered, where the message holds it: as text, without headers."""
    said = draft.properties.get("text")
    if not isinstance(said, str):
        return None
    mine = draft.actor if draft.actor[0] is Actor.MACHINE else None
    own = next((i.value for i in draft.identifiers if i and i.type == "email"), "")
    subject = draft.properties.get("subject")
    return Words(
        text=cut_signature(cut_quotes(said)),
        subject=subject if isinstance(subject, str) else "",
        sender=own,
        sent_at=draft.at,
        received_at=draft.at,
        machine=mine,
    )


def _traits(data: Element, kind: SignalKind) -> dict[str, object]:
    # A role that somebody infers, confirms or dismisses is a claim, not an attribute of the person.
    names = [key for key in _TRAITS if key != "role" or kind not in _SAYS_ROLES]
    said = {key: data[key] for key in names if data.get(key) is not None}
    return {**naming.traits(inner(data, "traits")), **said}


def _properties(data: Element, kind: SignalKind, name: str) -> dict[str, object]:
    read = _READ - {"role"} if kind in _SAYS_ROLES else _READ
    other = {key: value for key, value in data.items() if key not in read}
    found = {**inner(data, "properties"), **other}
    if kind is SignalKind.EMAIL_BOUNCED:
        found["bounce_type"] = _bounce_type(found)
    return found if kind is not SignalKind.DEAL_CHANGED else _deal(found, name)


def _deal(found: Element, name: str) -> dict[str, object]:
    """Return a deal's properties under our names; `deal` may hold them, with its own `id`."""
    inside = found.get("deal")
    nested: Element = inside if isinstance(inside, Mapping) else {}
    rest = {key: value for key, value in found.items() if inside is not nested or key != "deal"}
    named_so = {f"deal_{key}" if key in _DEALS_OWN else key: v for key, v in nested.items()}
    stated = {**named_so, **rest}
    said = deal_properties(stated)
    merged = said.get("merged_ids")
    if isinstance(merged, str | int) and not isinstance(merged, bool):
        said["merged_ids"] = [str(merged)]
    verb = _VERBS.get(name.rpartition(".")[2])
    if verb:
        return {**said, "change": verb}
    emptied = {deal_name(key) for key, value in stated.items() if value is None} - said.keys()
    cleared = sorted({*emptied, *clear_derived(said)})
    return {**said, "cleared": cleared} if cleared else said


def _bounce_type(said: Element) -> str:
    inside = said.get("bounce")
    nested: Element = inside if isinstance(inside, Mapping) else {}
    words = (said.get("bounce_type"), said.get("bounceType"), nested.get("type"), said.get("type"),
             nested.get("subType"), inside)  # fmt: skip
    return bounce_type(*words, status=said.get("status") or nested.get("status"))


def _identifiers(data: Element) -> list[Found]:
    found = []
    for item in several(data, "identifiers"):
        entry = element(item, "an identifier")
        collection = "accounts" if entry.get("collection") == "accounts" else "users"
        kind, tenant = str(entry.get("type")), text(entry, "tenant")
        found.append(named(kind, entry.get("value"), collection, tenant))
    return found


def _consent(data: Element, kind: SignalKind) -> tuple[ConsentGrant, ...]:
    said = inner(data, "consent")
    if not said and kind in _WITHDRAWS:
        return WITHDRAWN
    confirmed_at = moment(data.get("confirmed_at"), "confirmed_at")
    return grants(said, text(data, "basis"), text(data, "jurisdiction"), confirmed_at)


def _actor(data: Element, kind: SignalKind) -> Judged:
    stated = text(data, "actor")
    if stated is None:
        answered = judge_reply(data) if kind is SignalKind.EMAIL_REPLIED else None
        return answered or UNJUDGED
    try:
        return Actor(stated), (text(data, "actor_reason") or "stated_by_sender")[:200]
    except ValueError:
        raise MalformedError(f"actor must be one of {', '.join(Actor)}") from None


def _provenance(data: Element) -> Provenance:
    stated = text(data, "provenance")
    try:
        return Provenance(stated) if stated else Provenance.FIRST_PARTY
    except ValueError:
        raise MalformedError(f"provenance must be one of {', '.join(Provenance)}") from None
