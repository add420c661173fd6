"""Where a call may go: an allowed host, over TLS, at an address of the public internet."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from mos.errors import RejectedError, UnavailableError

Resolve = Callable[[str, int], list[str]]
"""Names the addresses of a host."""

_TLS = 443
_MAIL = {"smtp": 587, "smtps": 465}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_INNER = tuple(
    ipaddress.IPv6Network(one)
    # NAT64 of one's own, the old compatible and translated forms of IPv4, and old site-local ones.
    for one in ("64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96", "fec0::/10")
)
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})
"""How the last half of an address of a tunnel inside a site begins."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class BlockedCallError(RejectedError):
    """A call may not go where it is meant to go: whoever runs the system must say otherwise."""

    reason = "blocked_call"
    status = 403


@dataclass(frozen=True)
class CallTarget:
    """Where a call goes: the host by name, the port, the addresses that may be connected to."""

    host: str
    port: int
    addresses: tuple[str, ...]
    path: str
    is_secure: bool


@dataclass(frozen=True)
class MailTarget:
    """A mail server: by name, its port, its addresses; `tls` from the start, or after STARTTLS.

    Only the workbench's own is spoken to in the clear.
    """

    host: str
    port: int
    addresses: tuple[str, ...]
    tls: bool
    is_plain: bool = False


def is_public(written: str) -> bool:
    """Say whether an address is of the public internet, whatever it is wrapped in.

    >>> [is_public(a) for a in ("8.8.8.8", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1")]
    [True, False, False, False]
    >>> [is_public(a) for a in ("64:ff9b::a9fe:a9fe", "fd00:ec2::254", "2002:7f00:1::", "::")]
    [False, False, False, False]
    """
    try:
        address = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and _is_inner(address):
        return False
    return all(
        one.is_global and not one.is_multicast and not one.is_unspecified
        for one in _unwrap(address)
    )


def _is_inner(address: ipaddress.IPv6Address) -> bool:
    is_tunnel = (int(address) >> 32) & 0xFFFFFFFF in _ISATAP
    return is_tunnel or any(address in network for network in _INNER)


def _unwrap(address: Address) -> list[Address]:
    """Return an address and those that stand in it: a tunnel leads to what is inside."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    inner: list[Address] = [a for a in (address.ipv4_mapped, address.sixtofour) if a]
    inner += list(address.teredo or ())
    if address in _NAT64:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address.ipv4_mapped:
        return inner
    return [address, *inner]


@dataclass(frozen=True)
class Egress:
    """The hosts that may be called, and which of their addresses.

    `loopback` lets the workbench's fakes be called, in the clear.
    """

    hosts: frozenset[str]
    loopback: bool = False
    allows: Callable[[str], bool] = is_public

    def find(self, url: str, resolve: Resolve) -> CallTarget:
        """Return where a URL leads, every address of it having been looked at.

        Raises:
            BlockedCallError: it is no https URL, its host is not allowed, or one of its addresses
                is not of the public internet.
            UnavailableError: nobody knows the host.
        """
        parts = _split(url)
        host = (parts.hostname or "").rstrip(".")
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        if self.loopback and parts.scheme == "http" and _is_loopback(host):
            return CallTarget(host, parts.port or 80, (host,), path, is_secure=False)
        if parts.scheme != "https" or parts.port not in (None, _TLS):
            raise BlockedCallError(f"{host or 'a URL'}: only https on port {_TLS} is called")
        return CallTarget(host, _TLS, self._look_up(host, _TLS, resolve), path, is_secure=True)

    def find_mail(self, url: str, resolve: Resolve) -> MailTarget:
        """Return the mail server that a URL names, every address of it having been looked at.

        Raises:
            BlockedCallError: it is no mail server's, or may not be called.
            UnavailableError: nobody knows the host.
        """
        parts = _split(url)
        host = (parts.hostname or "").rstrip(".")
        usual = _MAIL.get(parts.scheme, 0)
        if self.loopback and _is_loopback(host):
            return MailTarget(host, parts.port or usual, (host,), tls=False, is_plain=True)
        if usual == 0 or parts.port not in (None, usual):
            raise BlockedCallError(f"{host or 'a URL'}: smtp on port 587, or smtps on port 465")
        found = self._look_up(host, usual, resolve)
        return MailTarget(host, usual, found, tls=parts.scheme == "smtps")

    def _look_up(self, host: str, port: int, resolve: Resolve) -> tuple[str, ...]:
        if host not in self.hosts:
            raise BlockedCallError(f"{host}: the host is not among those that may be called")
        found = resolve(host, port)
        if not found:
            raise UnavailableError(host, "no address")
        for address in found:
            if not self.allows(address):
                raise BlockedCallError(f"{host}: resolves to an address that is not public")
        return tuple(found)


def is_mail(url: str) -> bool:
    """Say whether a URL names a mail server."""
    return url.partition("://")[0] in _MAIL


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise BlockedCallError("a URL that cannot be read is not called") from None
    if parts.username or parts.password or "@" in parts.netloc:
        raise BlockedCallError(f"{parts.hostname}: a URL holds no credentials")
    if not url.isascii() or any(c <= " " or c == "\\" for c in url):
        raise BlockedCallError("a URL of other characters than ASCII's printable is not called")
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def resolve_host(host: str, port: int) -> list[str]:
    """Return the addresses of a host, in the order in which the system would try them.

    Raises:
        UnavailableError: it cannot be resolved now.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UnavailableError(host, "its name cannot be resolved") from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))
