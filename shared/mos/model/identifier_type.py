"""What an identifier is: of which system and object, a person's or a company's, in which shape."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

USERS, ACCOUNTS = "users", "accounts"
_DAMAGED = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+?\d{1,3}")
_SALESFORCE = "[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?"


@dataclass(frozen=True)
class IdentifierType:
    """One kind of record of one system. `shape` is what its values look like; None: anything."""

    system: str
    object: str
    collection: str = USERS
    shape: str | None = None

    def fits(self, value: str) -> bool:
        """Say whether a value can be an id of this kind."""
        return self.shape is None or re.fullmatch(self.shape, value) is not None


TYPES: Mapping[str, IdentifierType] = MappingProxyType({
    "user_id": IdentifierType("product", "user"),
    "group_id": IdentifierType("product", "group", ACCOUNTS),
    "anonymous_id": IdentifierType("product", "device"),
    "email": IdentifierType("mail", "mailbox"),
    "phone": IdentifierType("telephone", "number"),
    "hubspot_id": IdentifierType("hubspot", "contact", shape=r"\d{1,20}"),
    "hubspot_company_id": IdentifierType("hubspot", "company", ACCOUNTS, r"\d{1,20}"),
    "salesforce_id": IdentifierType("salesforce", "contact", shape=f"003{_SALESFORCE}"),
    "salesforce_lead_id": IdentifierType("salesforce", "lead", shape=f"00Q{_SALESFORCE}"),
    "salesforce_account_id": IdentifierType("salesforce", "account", ACCOUNTS, f"001{_SALESFORCE}"),
    "dynamics_id": IdentifierType("dynamics", "contact"),
    "dynamics_account_id": IdentifierType("dynamics", "account", ACCOUNTS),
    "pipedrive_id": IdentifierType("pipedrive", "person", shape=r"\d{1,20}"),
    "pipedrive_organization_id": IdentifierType("pipedrive", "organization", ACCOUNTS, r"\d{1,20}"),
    "zoho_id": IdentifierType("zoho", "contact"),
    "zoho_account_id": IdentifierType("zoho", "account", ACCOUNTS),
    "meta_id": IdentifierType("meta", "lead"),
    "linkedin_id": IdentifierType("linkedin", "lead"),
    "google_ads_id": IdentifierType("google_ads", "lead"),
    "list_row_id": IdentifierType("list", "row"),
    "list_person_id": IdentifierType("list", "person"),
})  # fmt: skip
"""Every type that has a meaning of its own. Another one is some system's own record of a person."""

RECORDS = frozenset({"hubspot", "salesforce", "dynamics", "pipedrive", "zoho"})
"""Systems that keep one record a person: two records of one kind are two people."""


def find_type(name: str) -> IdentifierType:
    """Return the type of that name; one that is not known names people in a system of its name."""
    return TYPES.get(name) or IdentifierType(name.removesuffix("_id"), "person")


def resolve_type(name: str, value: str, collection: str = USERS) -> tuple[str, str] | None:
    """Return the type and the collection that a value belongs to, None where it can be no id.

    A company's record is never a person's. A Salesforce id says itself of which object it is. A
    number that a spreadsheet has made scientific is no id any more.

    >>> resolve_type("salesforce_id", "00Q5g00000AbCdEfGH"), resolve_type("salesforce_id", "12")
    (('salesforce_lead_id', 'users'), None)
    >>> resolve_type("hubspot_company_id", "77", "users"), resolve_type("user_id", "1.00E+15")
    (('hubspot_company_id', 'accounts'), None)
    """
    if _DAMAGED.fullmatch(value):
        return None
    found = find_type(name)
    if found.fits(value):
        known = name in TYPES
        return name, found.collection if known else collection
    others = (n for n, t in TYPES.items() if t.system == found.system and t.shape and t.fits(value))
    if found.system != "salesforce":
        return None
    return next(((n, TYPES[n].collection) for n in others), None)


def scope_value(tenant: str, value: str) -> str:
    """Return a value that means something within a tenant alone: one list, one portal.

    >>> scope_value("spring-fair", "1")
    'spring-fair/1'
    """
    return f"{tenant}/{value}"
