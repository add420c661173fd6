"""The match rules of a bundle: limits, priorities, blocked values, shared mailboxes. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from pydantic import Field, ValidationError

from mos.errors import BundleError
from mos.model.base import Noun
from mos.model.signal import Identifier
from mos.policy.bundle.bundle import Bundle

PAGE = "identity/identifiers.toml"


class IdentifierRule(Noun):
    """How one type of identifier may link: `at_most` per person within `window_days` (None: ever).

    A smaller `priority` is stronger. A `weak` one names a device: it never joins two known people.
    """

    priority: int = Field(ge=0, le=99)
    at_most: int = Field(default=1_000_000, ge=1)
    window_days: float | None = Field(default=None, gt=0)
    weak: bool = False
    why: str = ""

    def in_window(self, since: datetime | None, at: datetime) -> bool:
        """Say whether an identifier first seen at `since` counts towards the limit at `at`."""
        if self.window_days is None or since is None:
            return True
        return abs(at - since) <= timedelta(days=self.window_days)


@dataclass(frozen=True)
class MatchRules:
    """What a bundle says of identifiers, compiled once per bundle."""

    types: Mapping[str, IdentifierRule]
    default: IdentifierRule
    blocked: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    shared_mailboxes: frozenset[str]
    free_mail: frozenset[str]
    company_mail: frozenset[str]

    def of(self, kind: str) -> IdentifierRule:
        """Return the rule of an identifier type."""
        return self.types.get(kind, self.default)

    def strength(self, identifier: Identifier) -> tuple[int, str]:
        """Return a sort key, strongest first."""
        return (self.of(identifier.type).priority, identifier.key)

    def is_weak(self, identifier: Identifier) -> bool:
        """Say whether it names a device rather than a person."""
        return self.of(identifier.type).weak

    def blocks(self, identifier: Identifier) -> bool:
        """Say whether a value never identifies anybody: a placeholder or a shared mailbox."""
        value = identifier.value.strip().lower()
        if value in self.blocked or any(p.search(value) for p in self.patterns):
            return True
        return identifier.type == "email" and value.split("@")[0] in self.shared_mailboxes


@lru_cache(maxsize=16)
def rules_of(bundle: Bundle) -> MatchRules:
    """Return the bundle's match rules.

    Raises:
        BundleError: the page or a pattern is wrong; names the place.
    """
    page = {k: v for k, v in bundle.settings(PAGE).items() if k != "why"}
    types = {name: _rule(name, given) for name, given in page.items()}
    if "default" not in types:
        raise BundleError(PAGE, "add a [default] for the types that have no rule of their own")
    default = types.pop("default")
    return MatchRules(
        types=types,
        default=default,
        blocked=frozenset(_texts(bundle, "blocked_values")),
        patterns=tuple(_pattern(text) for text in _texts(bundle, "blocked_patterns")),
        shared_mailboxes=frozenset(_texts(bundle, "shared_mailboxes")),
        free_mail=frozenset(_texts(bundle, "free_mail_domains")),
        company_mail=frozenset(_texts(bundle, "company_mail_domains")),
    )


def _rule(name: str, given: Any) -> IdentifierRule:  # noqa: ANN401  any TOML value
    try:
        return IdentifierRule.model_validate(given)
    except ValidationError as error:
        found = error.errors()[0]
        place = ".".join(map(str, found["loc"]))
        raise BundleError(PAGE, f"[{name}] {place}: {found['msg']}") from None


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise BundleError("parameters", f"blocked_patterns: {text!r}: {error}") from None


def _texts(bundle: Bundle, name: str) -> list[str]:
    stated = bundle.parameters.get(name)
    return stated.value if stated and isinstance(stated.value, list) else []
