"""What a body says about consent. Pure."""

from collections.abc import Mapping
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

WITHDRAWN = (ConsentGrant(purpose=Purpose.EMAIL_MARKETING, granted=False),)
"""What an unsubscribe or a complaint says."""


def purpose(name: str) -> Purpose | None:
    """Return the purpose that a category names, None for one of another kind (`functional`).

    >>> purpose("Email Marketing").value
    'email_marketing'
    """
    return _NAMES.get(name.strip().lower().replace(" ", "_").replace("-", "_"))


def grants(
    preferences: Mapping[str, Any], basis: str | None = None, jurisdiction: str | None = None
) -> tuple[ConsentGrant, ...]:
    """Return one grant or withdrawal per purpose named; of two names of one purpose, no wins.

    Raises:
        MalformedError: an answer is not true or false, or there is no such basis.
    """
    said: dict[Purpose, bool] = {}
    for name, answer in preferences.items():
        named = purpose(name)
        if named is None:
            continue
        if not isinstance(answer, bool):
            raise MalformedError(f"consent.{named} must be true or false")
        said[named] = answer and said.get(named, True)
    return tuple(
        ConsentGrant(purpose=named, granted=granted, basis=_basis(basis), jurisdiction=jurisdiction)
        for named, granted in sorted(said.items())
    )


def _basis(name: str | None) -> Basis:
    try:
        return Basis(name) if name else Basis.CONSENT
    except ValueError:
        raise MalformedError(f"basis must be one of {', '.join(Basis)}") from None
