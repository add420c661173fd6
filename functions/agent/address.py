"""Under which names the internet's door is called, and from which pages. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from mos.errors import RejectedError

PREFLIGHT = {
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "authorization, content-type, accept, mcp-protocol-version, "
    "mcp-method, mcp-name, mcp-session-id, last-event-id",
    "access-control-max-age": "86400",
}
_EXPOSED = "www-authenticate, x-amzn-remapped-www-authenticate, retry-after, mcp-session-id"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class MisdirectedError(RejectedError):
    """The request names another host than this server's."""

    reason = "misdirected"
    status = 421


class OriginError(RejectedError):
    """A page of an origin that the settings do not name asks."""

    reason = "origin_refused"
    status = 403


@dataclass(frozen=True)
class Address:
    """What the settings say of the door: its address, its names, and the pages that may call it.

    `issuer` is who makes the tokens that are not ours, and `audience` whom they must be meant for.
    """

    url: str
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    issuer: str = ""
    audience: tuple[str, ...] = ()

    def check_host(self, headers: Mapping[str, str]) -> None:
        """Accept a request that is meant for this server.

        A port says nothing of who is called, and loopback has several names.

        Raises:
            MisdirectedError: it names another host.
        """
        own = {urlsplit(self.url).hostname, *(_host_of(host) for host in self.hosts)} - {None, ""}
        called = _host_of(headers.get("host", ""))
        both_loop = called in _LOOPBACK and bool(own & _LOOPBACK)
        if called not in own and not both_loop:
            raise MisdirectedError("this is another server: call it by the address it was given")

    def check_origin(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Accept a request from no page, or from one that may call; return what its browser wants.

        The host that it names was checked before.

        Raises:
            OriginError: a page of another origin sent it.
        """
        origin = headers.get("origin")
        if origin is None:
            return {}
        if not self._lets(origin, headers.get("host", "")):
            raise OriginError("this origin may not call: name it in the setting mcp_origins")
        return {
            "access-control-allow-origin": origin,
            "access-control-expose-headers": _EXPOSED,
            "vary": "Origin",
        }

    def _lets(self, origin: str, host: str) -> bool:
        """Say whether a page may call: one that is named, or our own under the name called."""
        scheme = urlsplit(self.url).scheme
        return origin in (*self.origins, f"{scheme}://{host.strip().lower()}")

    @property
    def metadata_url(self) -> str:
        """Return where RFC 9728 has a client look for what protects this address."""
        parts = urlsplit(self.url)
        path = parts.path.rstrip("/")
        return f"{parts.scheme}://{parts.netloc}/.well-known/oauth-protected-resource{path}"


def _host_of(name: str) -> str:
    """Return a host without its port.

    >>> _host_of("MOS.example:443"), _host_of("[::1]:8000")
    ('mos.example', '::1')
    """
    try:
        return urlsplit(f"//{name.strip()}").hostname or ""
    except ValueError:
        return ""
