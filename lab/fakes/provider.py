"""What a fake provider is, and what it answers with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class ProviderRequest:
    """One request to a provider; `path` is without the provider's prefix.

    `lacks` is what the provider was told not to have, and nobody has made there since. `memory` is
    what it keeps from call to call: a call without one meets a provider that has nothing yet.
    `mood` is how a model was told to answer.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    lacks: frozenset[str] = frozenset()
    memory: dict[str, Any] = field(default_factory=dict)
    mood: str = ""


@dataclass(frozen=True)
class Receipt:
    """What the provider answers, what goes into the inbox, and what it has from now on.

    A body of bytes is sent as it is. One that is `cut` promises more than comes, or hangs up
    where nothing does; it comes after `seconds`; one that `drips` comes byte by byte.
    """

    status: int
    body: Any
    kept: list[dict[str, Any]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    made: frozenset[str] = frozenset()
    cut: bool = False
    drips: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Provider:
    """One provider: answers its calls. `path` is where its API begins, `mails` that SES is it.

    `lends` says that it lets its records be read, with a secret of this kind.
    """

    answer: Callable[[ProviderRequest], Receipt]
    path: str = ""
    mails: bool = False
    lends: Literal["", "token", "oauth"] = ""
