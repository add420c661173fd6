"""What an identifier is: of which system and object, a person's or a company's, in which shape."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

USERS, ACCOUNTS = "users", "accounts"
_DAMAGED = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE]\+?\d{1,3}")


@dataclass(frozen=True)
class IdentifierType:
    """One kind of record of one system. `shape` is what its values look like; None: anything.

    Of a `record` a CRM keeps one a person: two of them are two people, unless the CRM says so.
    What is `counted` means something within one tenant alone: each counts its records anew.
    """

    system: str
    object: str
    collection: str = USERS
    shape: str | None = None
    record: bool = False
    counted: bool = False

    def fits(self, value: str) -> bool:
        """Say whether a value can be an id of this kind."""
        return self.shape is None or re.fullmatch(self.shape, value) is not None


def _read_types() -> Mapping[str, IdentifierType]:
    page = tomllib.loads(files(__package__).joinpath("identifier_type.toml").read_text("utf-8"))
    return MappingProxyType({name: IdentifierType(**said) for name, said in page.items()})


TYPES = _read_types()
"""Every type that has a meaning of its own, by name; `identifier_type.toml` states them."""


def find_type(name: str) -> IdentifierType:
    """Return the type of that name; one that is not known names people in a system of its name."""
    return TYPES.get(name) or IdentifierType(name.removesuffix("_id"), "person")


def is_record(name: str) -> bool:
    """Say whether a type is that of a CRM's record of a person."""
    return name in TYPES and TYPES[name].record


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
    mates = [(n, t) for n, t in TYPES.items() if t.system == found.system]
    if len({mate.shape for _, mate in mates}) < len(mates):
        return None  # Only where no two kinds look alike does a value say of which it is.
    return next(((n, mate.collection) for n, mate in mates if mate.fits(value)), None)


def scope_value(tenant: str, value: str) -> str:
    """Return a value that means something within a tenant alone: one list, one portal.

    >>> scope_value("spring-fair", "1")
    'spring-fair/1'
    """
    return f"{tenant}/{value}"


def split_value(name: str, value: str) -> tuple[str | None, str]:
    """Return the tenant of a value of this type and what it is there; None: our own tenant.

    >>> split_value("hubspot_id", "62515/101"), split_value("hubspot_id", "101")
    (('62515', '101'), (None, '101'))
    >>> split_value("user_id", "a/b")
    (None, 'a/b')
    """
    if name not in TYPES or not TYPES[name].counted:
        return None, value
    tenant, _, bare = value.rpartition("/")
    return (tenant or None), bare
