"""Read one field of somebody else's JSON: absent is fine, of another type is not. Pure."""

from collections.abc import Mapping
from typing import Any

from mos.errors import MalformedError

Json = Any
"""A value that `strict.parse` returned."""

Element = Mapping[str, Any]
"""One object of a sender's body."""

_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}


def element(value: Json, what: str = "an element") -> Element:
    """Return `value` as an object.

    Raises:
        MalformedError: it is something else.
    """
    if not isinstance(value, Mapping):
        raise MalformedError(f"{what} must be an object")
    return value


def elements(value: Json, what: str = "the body") -> list[Json]:
    """Return `value` as an array.

    Raises:
        MalformedError: it is something else.
    """
    if not isinstance(value, list):
        raise MalformedError(f"{what} must be an array")
    return value


def inner(body: Element, key: str) -> Element:
    """Return the object under `key`, empty where there is none: PHP writes an empty one as `[]`."""
    value = body.get(key)
    return {} if value is None or value in ([], "") else element(value, key)


def several(body: Element, key: str) -> list[Json]:
    """Return the array under `key`, empty where there is none: Lua writes an empty one as `{}`."""
    value = body.get(key)
    return [] if value is None or value in ({}, "") else elements(value, key)


def text(body: Element, key: str) -> str | None:
    """Return the text under `key`, None where it is absent or empty; a whole number is an id.

    Raises:
        MalformedError: it is neither.
    """
    value = body.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise MalformedError(f"{key} must be text")
    return str(value).strip() or None


def flag(body: Element, key: str) -> bool:
    """Return the truth under `key`, False where there is none; a clear word for it counts as well.

    Raises:
        MalformedError: it is neither true nor false.
    """
    value = body.get(key)
    if value is None:
        return False
    said = _TRUTHS.get(str(value).strip().lower()) if isinstance(value, str | int) else None
    if said is None:
        raise MalformedError(f"{key} must be true or false")
    return said
