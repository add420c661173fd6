"""HMAC of a version, the time and the body, as Slack sends it."""

from datetime import datetime

from lab.world.signer import Headers, SenderSignature, keyed_hash


def _sign(body: bytes, _url: str, secret: str, now: datetime) -> Headers:
    sent = str(int(now.timestamp()))
    proof = keyed_hash(secret.encode(), b"v0:" + sent.encode() + b":" + body).hex()
    return {"X-Slack-Request-Timestamp": sent, "X-Slack-Signature": f"v0={proof}"}


SIGNER = SenderSignature(_sign)
