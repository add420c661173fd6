"""An issuer's public keys: found by its metadata, kept, and fetched again when they turn over."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from functions.agent.claims import Jwk
from mos.errors import RejectedError, UnavailableError

Fetch = Callable[[str], Any]
"""Returns the JSON at an address, or raises that it is refused or unavailable."""

_FRESH = 600.0
_STALE = 86_400.0
_AGAIN = 30.0
_SOON = 5.0
_MOST_KEYS = 100
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ISSUER = "issuer"


class IssuerKeys:
    """The `Keys` port: one issuer's keys, in the memory of one container.

    They are fetched again after ten minutes, and when a token names one that is not among them,
    but never more often than every thirty seconds, whatever tokens say. While the issuer does not
    answer, keys up to a day old still serve.
    """

    def __init__(self, issuer: str, keys_url: str, fetch: Fetch) -> None:
        self._issuer, self._keys_url, self._fetch = issuer, keys_url, fetch
        self._keys: list[Jwk] = []
        self._fetched_at = self._tried_at = float("-inf")
        self._failed = False

    def find(self, kid: str, now: datetime) -> Sequence[Jwk]:
        """Return the keys of that id, or all of them where the id is empty.

        Raises:
            UnavailableError: they cannot be had now.
        """
        moment = now.timestamp()
        found = self._named(kid)
        if not found or moment - self._fetched_at > _FRESH:
            self._refresh(moment)
            found = self._named(kid)
        is_old = moment - self._fetched_at > _STALE
        if self._failed and (not found or is_old):
            raise UnavailableError(_ISSUER, "its keys cannot be had now")
        return found

    def _named(self, kid: str) -> list[Jwk]:
        return [key for key in self._keys if not kid or key.get("kid") == kid]

    def _refresh(self, moment: float) -> None:
        """Fetch the keys, unless that was tried just now."""
        if moment - self._tried_at < (_AGAIN if self._keys else _SOON):
            return
        self._tried_at = moment
        try:
            self._keys = self._read_keys()
        except UnavailableError:
            self._failed = True
            return
        self._failed, self._fetched_at = False, moment

    def _read_keys(self) -> list[Jwk]:
        try:
            found = self._read(self._keys_url or self._discover())
        except RejectedError:
            raise UnavailableError(_ISSUER, "there are no keys where they should be") from None
        keys = found.get("keys")
        if not isinstance(keys, list):
            raise UnavailableError(_ISSUER, "its keys are no JSON Web Key Set")
        return [key for key in keys[:_MOST_KEYS] if isinstance(key, Mapping)]

    def _discover(self) -> str:
        """Return where the keys are, as the issuer's metadata say (OpenID's, then RFC 8414's)."""
        parts = urlsplit(self._issuer)
        base, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
        for place in (
            f"{base}{path}/.well-known/openid-configuration",
            f"{base}/.well-known/oauth-authorization-server{path}",
        ):
            try:
                said = self._read(place)
            except RejectedError:
                continue
            if said.get("issuer") != self._issuer:
                raise UnavailableError(_ISSUER, "its metadata are another issuer's")
            return str(said.get("jwks_uri") or "")
        raise UnavailableError(_ISSUER, "it has no metadata")

    def _read(self, url: str) -> Mapping[str, Any]:
        """Return a JSON object of the issuer's: over https, but for this machine's own."""
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            raise UnavailableError(_ISSUER, "its keys are not served over https")
        found = self._fetch(url)
        if not isinstance(found, Mapping):
            raise UnavailableError(_ISSUER, "answered something that is no JSON object")
        return found
