"""HMAC of a prefix and the body, as LinkedIn sends it."""

from datetime import datetime

from lab.world.signer import Headers, SenderSignature, keyed_hash


def _sign(body: bytes, _url: str, secret: str, _now: datetime) -> Headers:
    return {"X-LI-Signature": keyed_hash(secret.encode(), b"hmacsha256=" + body).hex()}


SIGNER = SenderSignature(_sign)
