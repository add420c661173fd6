"""One row of an uploaded list, in our words. Pure."""

from typing import Any

from functions.webhook import naming
from functions.webhook.clock import moment
from functions.webhook.consent import grants
from functions.webhook.draft import Draft
from functions.webhook.fields import Element, inner, text
from functions.webhook.identity import Found, email, named, phone
from mos.errors import MalformedError
from mos.model.base import canonical
from mos.model.signal import Actor, Provenance, SignalKind

_PERSON = ("first_name", "last_name", "name", "title", "phone", "email", "language", "timezone",
           "street_number", "street", "address", "address_2", "city", "postcode", "region",
           "country")  # fmt: skip
_IDS = (
    "user_id", "hubspot_id", "salesforce_id", "salesforce_lead_id", "dynamics_id", "pipedrive_id",
    "zoho_id", "linkedin_id",
)  # fmt: skip


def draft_of(row: Element, uploaded: str, provenance: Provenance) -> Draft:
    """Return what one row says.

    A row that names nobody (no mailbox, number or id) is known by its list and number, until a
    match or a human says who it is.

    Raises:
        MalformedError: a cell cannot be what its column says, or the row says nothing.
    """
    fields = inner(row, "fields")
    number = text(row, "row") or ""
    said = {name: value for name, value in fields.items() if value not in (None, "")}
    if not said:
        raise MalformedError("the row says nothing")
    if "email" in said and email(said["email"]) is None:
        raise MalformedError("email is not an address")
    company = naming.company(inner(row, "company"))
    return Draft(
        key=f"{uploaded}:{number}:{canonical(_said(row))}",
        kind=SignalKind.LIST_ROW,
        name=uploaded,
        at=moment(row.get("occurred_at"), "occurred_at"),
        identifiers=_identifiers(said, f"{uploaded}:{number}"),
        traits={name: said[name] for name in _PERSON if name in said},
        company=company,
        properties=_properties(row, uploaded, number),
        consent=grants(inner(row, "consent"), text(row, "basis"), text(row, "jurisdiction")),
        actor=(Actor.MACHINE, "list_upload"),
        provenance=provenance,
    )


def _said(row: Element) -> Element:
    """Return what makes a row the row it is: whom it is taken for may change, what it says not."""
    return {
        name: row[name] for name in ("fields", "company", "consent", "occurred_at") if name in row
    }


def _identifiers(said: Element, place: str) -> tuple[Found, ...]:
    """Return what the row itself names; whom its sender takes it for is a claim, no identifier."""
    own = (*(named(kind, said.get(kind)) for kind in _IDS), email(said.get("email")),
           phone(said.get("phone")))  # fmt: skip
    return own if any(own) else (named("list_row_id", place),)


def _properties(row: Element, uploaded: str, number: str) -> dict[str, Any]:
    found: dict[str, Any] = {"list": uploaded, "row": number}
    matched, review = inner(row, "match"), inner(row, "review")
    if matched:
        found |= {
            "match_identifier": _claimed(matched, "identifier"),
            "match_probability": matched.get("probability"),
            "match_why": text(matched, "why"),
        }
    if review:
        found |= {
            "review_with": _claimed(review, "with"),
            "review_probability": review.get("probability"),
            "review_why": text(review, "why"),
        }
    return found


def _claimed(claim: Element, name: str) -> str:
    kind, _, value = (text(claim, name) or "").partition(":")
    identifier = named(kind, value)
    if identifier is None:
        raise MalformedError(f"{name} must name a person as type:value")
    return identifier.key
