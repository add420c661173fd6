"""One row of an uploaded list, in our words. Pure."""

from typing import Any

from functions.webhook import naming
from functions.webhook.clock import moment
from functions.webhook.consent import grants
from functions.webhook.draft import Draft
from functions.webhook.fields import Element, element, flag, inner, several, text
from functions.webhook.identity import Found, email, named, phone
from mos.errors import MalformedError
from mos.model.base import canonical
from mos.model.signal import Actor, Provenance, SignalKind

_PERSON = ("first_name", "last_name", "name", "title", "phone", "email", "language", "timezone",
           "street_number", "street", "address", "address_2", "city", "postcode", "region",
           "country")  # fmt: skip
_IDS = (
    "user_id", "hubspot_id", "salesforce_id", "salesforce_lead_id", "dynamics_id", "pipedrive_id",
    "zoho_id", "linkedin_id", "linkedin_url",
)  # fmt: skip
_ALSO = (*_IDS, "email", "phone", "list")
_CODES = ("postcode", "street_number")
_MOST = 15


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
    if not said and not several(row, "also"):
        raise MalformedError("the row says nothing")
    if "email" in said and email(said["email"]) is None:
        raise MalformedError("email is not an address")
    company = naming.company(inner(row, "company"))
    return Draft(
        key=f"{uploaded}:{number}:{canonical(_said(row))}",
        kind=SignalKind.LIST_ROW,
        name=uploaded,
        at=moment(row.get("occurred_at"), "occurred_at"),
        identifiers=_identifiers(row, said, uploaded, number),
        traits={name: _as_text(name, said[name]) for name in _PERSON if name in said},
        company=company,
        properties=_properties(row, uploaded, number),
        consent=grants(
            inner(row, "consent"),
            text(row, "basis"),
            text(row, "jurisdiction"),
            moment(row.get("confirmed_at"), "confirmed_at"),
        ),
        actor=(Actor.MACHINE, "list_upload"),
        provenance=provenance,
    )


def _as_text(name: str, value: Any) -> Any:  # noqa: ANN401  any JSON
    """Return a code that somebody's program took for a number as the text that it is."""
    if name not in _CODES or isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return str(int(value)) if float(value).is_integer() else str(value)


def _said(row: Element) -> Element:
    """Return what makes a row the row it is: whom it is taken for may change, what it says not."""
    told = ("fields", "company", "consent", "occurred_at", "also", "shared", "undeliverable",
            "confirmed_at")  # fmt: skip
    return {name: row[name] for name in told if name in row}


def _identifiers(row: Element, said: Element, uploaded: str, number: str) -> tuple[Found, ...]:
    """Return what the row itself names; whom its sender takes it for is a claim, no identifier.

    What several rows share is nobody's, and an id of the list's own is nothing outside of it.
    """
    shared = several(row, "shared")
    own = [named(kind, said.get(kind)) for kind in _IDS if kind not in shared]
    own += [email(said.get("email"))] if "email" not in shared else []
    own += [phone(said.get("phone"))] if "phone" not in shared else []
    own += [_also(element(one, "also"), uploaded) for one in several(row, "also")[:_MOST]]
    return tuple(own) if any(own) else (named("list_row_id", f"{uploaded}:{number}"),)


def _also(one: Element, uploaded: str) -> Found:
    kind, value = text(one, "type") or "", text(one, "value") or ""
    if kind not in _ALSO:
        raise MalformedError(f"also.type must be one of {', '.join(_ALSO)}")
    return named(kind, f"{uploaded}:{value}" if kind == "list" and value else value)


def _properties(row: Element, uploaded: str, number: str) -> dict[str, Any]:
    found: dict[str, Any] = {"list": uploaded, "row": number}
    if flag(row, "undeliverable"):
        found["undeliverable"] = True
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
