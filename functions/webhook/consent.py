"""What a body says about consent. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mos.errors import MalformedError
from mos.model.consent import Basis, ConsentGrant, Purpose

_NAMES = {
    "marketing": Purpose.EMAIL_MARKETING,
    "email": Purpose.EMAIL_MARKETING,
    "sms": Purpose.SMS_MARKETING,
    "phone": Purpose.PHONE_SALES,
    "personalization": Purpose.PROFILING,
} | {purpose.value: purpose for purpose in Purpose}

_NO = frozenset(
    {
        "false",
        "no",
        "n",
        "0",
        "off",
        "denied",
        "declined",
        "withdrawn",
        "opt-out",
        "optout",
        "opt_out",
    }
)

WITHDRAWN = (ConsentGrant(purpose=Purpose.EMAIL_MARKETING, granted=False),)
"""What an unsubscribe or a complaint says."""


def purpose(name: str) -> Purpose | None:
    """Return the purpose that a category names, None for one of another kind (`functional`).

    >>> purpose("Email Marketing").value
    'email_marketing'
    """
    return _NAMES.get(name.strip().lower().replace(" ", "_").replace("-", "_"))


def grants(
    preferences: Mapping[str, Any],
    basis: str | None = None,
    jurisdiction: str | None = None,
    confirmed_at: datetime | None = None,
) -> tuple[ConsentGrant, ...]:
    """Return one grant or withdrawal per purpose named; of two names of one purpose, no wins.

    Null and an empty text answer nothing: they are neither. A word for no is a no; a word for yes
    has to be true, since nothing but a clear yes may give. `confirmed_at` is when the mailbox's
    owner confirmed what is granted, as the sender states it.

    Raises:
        MalformedError: an answer is none of these, or there is no such basis.
    """
    said: dict[Purpose, bool] = {}
    for name, answer in preferences.items():
        named = purpose(name)
        if named is None or answer is None or answer == "":
            continue
        said[named] = _is_yes(answer, named) and said.get(named, True)
    return tuple(
        ConsentGrant(
            purpose=named,
            granted=granted,
            basis=_basis(basis),
            jurisdiction=jurisdiction,
            confirmed_at=confirmed_at if granted else None,
        )
        for named, granted in sorted(said.items())
    )


def only_true(preferences: Mapping[str, Any]) -> dict[str, bool | None]:
    """Return the answers of a sender whose every answer but a true one is a no; null stays open."""
    return {name: None if said is None else said is True for name, said in preferences.items()}


def _is_yes(answer: object, named: Purpose) -> bool:
    if isinstance(answer, bool):
        return answer
    if str(answer).strip().lower() in _NO:
        return False
    raise MalformedError(f"consent.{named} must be true or false")


def _basis(name: str | None) -> Basis:
    try:
        return Basis(name) if name else Basis.CONSENT
    except ValueError:
        raise MalformedError(f"basis must be one of {', '.join(Basis)}") from None
