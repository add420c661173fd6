"""Compare proofs in constant time, against every current secret. Pure."""

import base64
import binascii
import hmac
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from functions.webhook.errors import BadSignatureError, MissingHeaderError, StaleError
from functions.webhook.request import Request
from mos.model.signal import Trust

_PROOFS = 20

Secrets = tuple[str, ...]
"""The current secret first, then older ones that are still accepted while a sender rotates."""


def mac(secret: str | bytes, message: bytes, digest: str = "sha256") -> bytes:
    """Return the HMAC of `message`."""
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.digest(key, message, digest)


def require_match(given: str | bytes, wanted: Iterable[str | bytes]) -> None:
    """Hold `given` against every wanted proof, in a time that does not tell which byte differs.

    Raises:
        BadSignatureError: it is none of them.
    """
    found = False
    for proof in wanted:
        found |= hmac.compare_digest(_bytes(given), _bytes(proof))
    if not found:
        raise BadSignatureError("the signature fits none of the stored secrets")


def require_any(proofs: Iterable[str], wanted: Sequence[str | bytes]) -> None:
    """Hold several proofs against every wanted one: a sender that rotates sends two.

    Raises:
        BadSignatureError: none of the first twenty fits.
    """
    for proof in islice(proofs, _PROOFS):
        with suppress(BadSignatureError):
            return require_match(proof, wanted)
    raise BadSignatureError("none of the signatures fits any of the stored secrets")


def require_fresh(signed_at: datetime, now: datetime, seconds: int = 300) -> None:
    """Refuse a request that was signed more than `seconds` away from now, in either direction.

    Raises:
        StaleError: it was captured and sent again later, or a clock is wrong.
    """
    if abs(now - signed_at) > timedelta(seconds=seconds):
        raise StaleError(f"signed more than {seconds} seconds away from our clock")


def credential(request: Request) -> tuple[str, str]:
    """Return user and password of a Basic `Authorization`; a Bearer token is a password.

    Raises:
        MissingHeaderError: there is no such header.
        BadSignatureError: it is neither Basic nor Bearer.
    """
    scheme, _, value = request.header("authorization").partition(" ")
    if scheme.lower() == "bearer":
        return "", value.strip()
    if scheme.lower() != "basic":
        raise BadSignatureError("Authorization must be Basic or Bearer")
    try:
        user, _, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise BadSignatureError("Authorization is not base64 of user:password") from None
    return user, password


def verify_key(request: Request, secrets: Secrets, _now: datetime) -> Trust:
    """Return the trust of a shared key, as an EventBridge API destination sends it.

    It stands in `x-api-key`, or in `Authorization` as a Bearer token or the Basic password.

    Raises:
        MissingHeaderError: there is no key.
        BadSignatureError: it is another one.
    """
    try:
        given = request.header("x-api-key")
    except MissingHeaderError:
        given = credential(request)[1]
    require_match(given, secrets)
    return Trust.TOKEN


def stamped(header: str, name: str) -> tuple[str, list[str]]:
    """Return the time and the signatures of a header such as `t=1700000000,v1=29082e…`.

    Raises:
        MissingHeaderError: one of the two parts is not there.
    """
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for key, _, value in parts if key == "t"]
    proofs = [value for key, _, value in parts if key == "v1"]
    if not times or not proofs:
        raise MissingHeaderError(name)
    return times[0], proofs


def _bytes(value: str | bytes) -> bytes:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
