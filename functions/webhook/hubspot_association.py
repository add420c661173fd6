"""Which two HubSpot records an association joins or parts, whichever end it starts from. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from functions.webhook.fields import Element, Json, text
from functions.webhook.identity import named

OBJECTS: Mapping[str, str] = MappingProxyType({
    "0-1": "contact", "0-2": "company", "0-3": "deal", "0-27": "task",
})  # fmt: skip
_RANK = ("deal", "contact", "company")
"""Whose news an association is: a deal's company and people, a contact's company."""
_KEYS = MappingProxyType({"contact": "hubspot_id", "company": "hubspot_company_id"})


@dataclass(frozen=True)
class Association:
    """One record, the other one, and whether they were parted."""

    about: str
    object_id: str | None
    other: str
    other_id: str | None
    portal: str | None
    kind: str | None
    removed: bool
    is_primary: bool | None

    @property
    def other_key(self) -> str | None:
        """Return the key of the other record, where it is a person's or a company's."""
        kind = _KEYS.get(self.other)
        collection = "accounts" if self.other == "company" else "users"
        found = named(kind, self.other_id, collection, self.portal) if kind else None
        return found.key if found else None

    @property
    def company(self) -> dict[str, Json]:
        """Return the company that the record is of: a deal's, or where a contact works."""
        is_of = self.about in {"deal", "contact"} and self.other == "company"
        return {"record": self.other_key} if is_of and self.other_key else {}

    @property
    def properties(self) -> dict[str, Json]:
        """Return what an association says beside the company."""
        said: dict[str, Json] = {
            "to_object": self.other,
            "to_object_id": self.other_id,
            "association": self.kind,
            "removed": self.removed,
            "is_primary": self.is_primary,
        }
        if self.about == "deal" and self.other == "contact" and self.other_key:
            said |= {"contact": self.other_key, "role_id": f"{self.object_id}-{self.other_id}"}
        return said


def read_association(about: str, change: Element) -> Association | None:
    """Return the two ends of an association, the deal first, else the contact."""
    if change.get("toObjectId") is None:
        return None
    kind = text(change, "associationType") or text(change, "associationTypeId")
    first, other = _kinds(about, kind, change)
    ends = [(first, text(change, "fromObjectId") or text(change, "objectId")),
            (other, text(change, "toObjectId"))]  # fmt: skip
    if other in _RANK and first in _RANK and _RANK.index(other) < _RANK.index(first):
        ends.reverse()
    (about, own_id), (other, other_id) = ends
    primary = change.get("isPrimaryAssociation")
    return Association(
        about=about,
        object_id=own_id,
        other=other,
        other_id=other_id,
        portal=text(change, "portalId"),
        kind=kind,
        removed=change.get("associationRemoved") is True,
        is_primary=primary if isinstance(primary, bool) else None,
    )


def _kinds(about: str, kind: str | None, change: Element) -> tuple[str, str]:
    """Return what the two ends are: by their types' ids, else by the association's own name."""
    first, _, second = str(kind or "").lower().partition("_to_")
    one, other = text(change, "fromObjectTypeId"), text(change, "toObjectTypeId")
    named_first = OBJECTS.get(one, one) if one else None
    named_other = OBJECTS.get(other, other) if other else None
    is_named = bool(second)
    return (
        named_first or (first if is_named else about),
        named_other or (second if is_named else "unknown"),
    )
