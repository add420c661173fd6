"""Identifiers: which values of a body name a person or a company. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from functions.webhook.placeholder import (
    is_blank,
    is_monotone,
    is_placeholder_mailbox,
    is_placeholder_phone,
)
from mos.model.identifier_type import find_type, resolve_type, scope_value
from mos.model.signal import Identifier
from mos.vocabulary.phone import read_phone

_IDENTIFIERS = 20
_VALUE_BYTES = 512
_TENANT = 64
_TYPE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s.,;<>\"]+(?:\.[^@\s.,;<>\"]+)+")
_EMAIL_LENGTH = 254
_FILLED_IN = frozenset({"user_id", "anonymous_id", "group_id"})

Found = Identifier | None
"""An identifier, or None where the value cannot be one."""


def email(value: Any) -> Found:  # noqa: ANN401  any JSON
    """Return the address in lower case, None where it is none or made up: it stays a mere trait.

    Composed and decomposed letters are one, and marks that nobody sees are left out. Letters that
    only look alike stay different: whoever owns such an address is somebody else.

    >>> email(" Ada@Example.COM ").value
    'ada@example.com'
    """
    if not isinstance(value, str):
        return None
    address = unicodedata.normalize("NFC", _seen(value).strip().lower())
    if _has_control(address) or len(address) > _EMAIL_LENGTH or not _EMAIL.fullmatch(address):
        return None
    return None if is_placeholder_mailbox(address) else Identifier(type="email", value=address)


def phone(value: Any, country: str | None = None) -> Found:  # noqa: ANN401  any JSON
    """Return the number when it is international, or its country is known: else it names nobody.

    A number with an extension is a switchboard's: it is many people's.

    >>> phone("+44 (20) 7946-0000").value, phone("030 901820", "DE").value
    ('+442079460000', '+4930901820')
    """
    found = read_phone(value, country)
    if found is None or found.extension or is_placeholder_phone(found.number):
        return None
    return Identifier(type="phone", value=found.number)


def named(
    kind: str,
    value: Any,  # noqa: ANN401  any JSON
    collection: str = "users",
    tenant: str | None = None,
) -> Found:
    """Return an identifier of this type; e-mail addresses and numbers are brought to one form.

    What stands where a value was forgotten names nobody, nor does what its system's ids don't look
    like; a company's record is never a person's. A vendor counts its own records as it
    likes; an id that scripts fill in is also none where it is one sign over and over. `tenant` is
    the portal or organization of whose records an id is one.
    """
    if kind == "email":
        return email(value)
    if kind == "phone":
        return phone(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    stripped = str(value).strip()
    size = len(stripped.encode("utf-8", "surrogatepass"))
    if not 0 < size <= _VALUE_BYTES or not _TYPE.fullmatch(kind) or _has_control(stripped):
        return None
    if is_blank(stripped) or (kind in _FILLED_IN and is_monotone(stripped)):
        return None
    resolved = resolve_type(kind, stripped, collection)
    return _scoped(*resolved, stripped, tenant) if resolved else None


def _scoped(kind: str, collection: str, value: str, tenant: str | None) -> Found:
    """Return the identifier of a record, in whose count it is where its sender says so."""
    if tenant and find_type(kind).counted and not (is_blank(tenant) or _has_control(tenant)):
        value = scope_value(tenant.replace("/", "_")[:_TENANT], value)
    if len(value.encode("utf-8", "surrogatepass")) > _VALUE_BYTES:
        return None
    return Identifier(type=kind, value=value, collection=collection)


def _seen(value: str) -> str:
    """Return a text without what nobody sees: marks of direction, spaces of no width."""
    if value.isascii():
        return value
    return "".join(c for c in value if unicodedata.category(c) != "Cf")


def _has_control(value: str) -> bool:
    return any(unicodedata.category(c) == "Cc" for c in value)


def person(body: Mapping[str, Any]) -> tuple[Found, ...]:
    """Return what names the person in an object that uses our own field names."""
    return (
        named("user_id", body.get("user_id")),
        email(body.get("email")),
        phone(body.get("phone")),
        named("anonymous_id", body.get("anonymous_id")),
        named("group_id", body.get("group_id"), "accounts"),
    )


def distinct(found: Iterable[Found]) -> tuple[Identifier, ...]:
    """Return the identifiers once each, in their order, at most twenty."""
    kept = dict.fromkeys(identifier for identifier in found if identifier)
    return tuple(kept)[:_IDENTIFIERS]
