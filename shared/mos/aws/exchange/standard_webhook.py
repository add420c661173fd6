"""The signature of Standard Webhooks (v1: HMAC-SHA256 with a secret that both sides hold). Pure."""

import base64
import binascii
import hmac
from collections.abc import Sequence

from mos.errors import RejectedError

_PREFIX = "whsec_"
_SHORTEST, _LONGEST, _MOST = 24, 64, 4
"""Of a key in bytes, as the specification says; and how many sign while a secret is changed."""


class UnusableKeyError(RejectedError):
    """A stored secret is no key of Standard Webhooks: the text says what must be stored."""

    reason = "credential"
    status = 403


def sign_webhook(
    message_id: str, at: int, body: bytes, secrets: Sequence[str], name: str
) -> dict[str, str]:
    """Return the three headers; one signature by each secret, the current one first.

    Raises:
        UnusableKeyError: a secret that is stored by this name is no key.
    """
    signed = b".".join((message_id.encode(), str(at).encode(), body))
    proofs = [
        "v1," + base64.b64encode(hmac.digest(_read_key(secret, name), signed, "sha256")).decode()
        for secret in secrets[:_MOST]
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(proofs),
    }


def _read_key(secret: str, name: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(_PREFIX) or not _SHORTEST <= len(key) <= _LONGEST:
        wanted = f"{_PREFIX} and {_SHORTEST} to {_LONGEST} bytes in base64, one secret a line"
        raise UnusableKeyError(f"/mos/<stage>/{name}: expected {wanted}")
    return key
