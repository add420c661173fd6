"""What a fake provider is: a call in, an answer out, and what it received."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """One HTTP request. `path` begins after the provider's name; header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:  # noqa: ANN401  any JSON
        """Return the body, an empty object where there is none or it is not JSON."""
        try:
            return json.loads(self.body or b"{}")
        except ValueError:
            return {}

    @property
    def token(self) -> str:
        """Return the bearer token, empty where there is none."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""


@dataclass(frozen=True)
class Receipt:
    """What a provider was asked to do, in words that a person can read."""

    channel: str
    to: str = ""
    owner: str = ""
    subject: str = ""
    body: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """The HTTP answer, and the receipts that go into the inbox."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True)
class Provider:
    """One fake provider.

    `answer` is pure: the same call gets the same answer. `refuse` gives a status the shape that
    the real provider's client expects of it.
    """

    answer: Callable[[Call], Answer]
    refuse: Callable[[int], Answer]
