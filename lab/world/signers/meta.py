"""HMAC of the body with Meta's app secret."""

from datetime import datetime

from lab.world.signer import Headers, SenderSignature, keyed_hash


def _sign(body: bytes, _url: str, secret: str, _now: datetime) -> Headers:
    return {"X-Hub-Signature-256": "sha256=" + keyed_hash(secret.encode(), body).hex()}


SIGNER = SenderSignature(_sign)
