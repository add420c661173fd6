"""One HTTP call to a provider, and what it answered: data, to be shown before it is made."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from mos.errors import UnavailableError

_LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True)
class NoAuthority:
    """Whoever calls need not say who they are."""


@dataclass(frozen=True)
class BearerAuthority:
    """A token that somebody stored: the first line of the secret of this name."""

    secret: str


@dataclass(frozen=True)
class BasicAuthority:
    """A user and a password, or an API key: `user:password` in the secret of this name."""

    secret: str


@dataclass(frozen=True)
class SignedAuthority:
    """AWS's signature (version 4), by the role of whoever calls."""

    service: str
    region: str


@dataclass(frozen=True)
class OAuthAuthority:
    """A token that is fetched from `token_url` and kept until it ends.

    The secret of this name is one line of JSON. With `private_key` (PEM), `client_id` and `subject`
    the grant is RFC 7523's JWT bearer, for `audience`; with `refresh_token`, `client_id` and
    `client_secret` it is RFC 6749's refresh.
    """

    secret: str
    token_url: str
    audience: str = ""
    scope: str = ""


@dataclass(frozen=True)
class WebhookAuthority:
    """The signature of Standard Webhooks: one by each secret of this name, the current one first.

    `message_id` is the same however often the message is sent: its receiver takes it for one.
    """

    secret: str
    message_id: str


Authority = (
    NoAuthority
    | BearerAuthority
    | BasicAuthority
    | SignedAuthority
    | OAuthAuthority
    | WebhookAuthority
)
"""By what right a call is made; secrets are named, and never part of it."""


@dataclass(frozen=True)
class Call:
    """A request to a provider. `seconds` bounds it, `most_bytes` what is read of the answer.

    A token that has to be fetched first has as long again, and so has a second try after a 401;
    looking the host up is bounded by the system's resolver.

    One that changes nothing may be sent again by anybody: by its method, or because it `only_reads`
    though it is a POST, as searches and batch reads are.
    """

    provider: str
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    authority: Authority = NoAuthority()
    seconds: float = 10.0
    most_bytes: int = 1_000_000
    only_reads: bool = False

    @property
    def changes(self) -> bool:
        """Say whether the provider may have done something that can't be done twice."""
        return not self.only_reads and self.method not in {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class CallReply:
    """What a provider answered, whatever it was; names of headers are in small letters.

    `cut` says that the body was longer than what was read of it.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: bool = False

    def read_json(self, provider: str) -> Any:  # noqa: ANN401  any JSON
        """Return the body as JSON, numbers that are too long for a float being kept whole.

        Raises:
            UnavailableError: it is none, or was cut.
        """
        try:
            return json.loads(self.body or b"{}")
        except (ValueError, RecursionError):
            raise UnavailableError(provider, f"answered {self.status} without JSON") from None

    def retry_at(self, now: datetime) -> datetime | None:
        """Return when it wants to be asked again (RFC 9110 `Retry-After`), a day from now at most.

        >>> noon = datetime(2026, 1, 31, 12, tzinfo=UTC)
        >>> CallReply(429, {"retry-after": "120"}).retry_at(noon).isoformat()
        '2026-01-31T12:02:00+00:00'
        >>> CallReply(503, {"retry-after": "Sat, 31 Jan 2026 12:30:00 GMT"}).retry_at(noon).minute
        30
        >>> CallReply(429, {"retry-after": "soon"}).retry_at(noon)
        """
        said = self.headers.get("retry-after", "").strip()
        if not said:
            return None
        try:
            if said.isascii() and said.isdigit():
                at = now + min(timedelta(seconds=int(said[:9])), _LONGEST_WAIT)
            else:
                at = parsedate_to_datetime(said)
        except (ValueError, OverflowError, IndexError, TypeError):
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(now, min(at, now + _LONGEST_WAIT))
