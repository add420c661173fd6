"""What a sender's signature is, and how the secrets behind it are made. No network, no clock."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

Headers = dict[str, str]


@dataclass(frozen=True)
class Outgoing:
    """One HTTP request, ready to be sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class KeyPair:
    """What the sender signs with, and what the door proves it by: mostly the same text."""

    signs: str
    proves: str


def shared_secret(seed: bytes) -> KeyPair:
    """Return the secret that both sides know: fresh where the seed is."""
    made = hashlib.sha256(seed).hexdigest()[:32]
    return KeyPair(made, made)


@dataclass(frozen=True)
class SenderSignature:
    """One sender. `sign` returns headers for a body; `seal` changes the body itself.

    One with its own key signs with something that the door does not know. `sign_as` signs a
    delivery under an id of its own, where a sender names its deliveries.
    """

    sign: Callable[[bytes, str, str, datetime], Headers] = lambda *_: {}
    seal: Callable[[bytes, str], bytes] = lambda body, _secret: body
    make: Callable[[bytes], KeyPair] = shared_secret
    has_own_key: bool = False
    sign_as: Callable[[bytes, str, datetime, str], Headers] | None = None

    def request(
        self, body: bytes, url: str, secret: str, now: datetime, delivery_id: str = ""
    ) -> Outgoing:
        """Return a signed POST of a body."""
        sealed = self.seal(body, secret)
        if delivery_id and self.sign_as:
            made = self.sign_as(sealed, secret, now, delivery_id)
        else:
            made = self.sign(sealed, url, secret, now)
        headers = {"Content-Type": "application/json", "User-Agent": "mos-world/1", **made}
        return Outgoing("POST", url, headers, sealed)


def keyed_hash(key: bytes, message: bytes) -> bytes:
    """Return the HMAC-SHA256 of a message."""
    return hmac.digest(key, message, "sha256")
