"""What an issuer's token says of its bearer, and the port to the issuer's keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Jwk = Mapping[str, Any]
"""One public key, as JSON Web Keys write it."""


class Keys(Protocol):
    """The issuer's public keys."""

    def find(self, kid: str, now: datetime) -> Sequence[Jwk]:
        """Return the keys of that id, or all of them where the id is empty.

        Raises:
            UnavailableError: they cannot be had, so nobody can say whether a token is genuine.
        """
        ...


@dataclass(frozen=True)
class Claims:
    """Whom a token is about, to whom it was given, and what for."""

    subject: str
    client: str
    scopes: frozenset[str]
