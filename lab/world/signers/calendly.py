"""HMAC of the time and the body, as Calendly sends it."""

from datetime import datetime

from lab.world.signer import Headers, SenderSignature, keyed_hash


def _sign(body: bytes, _url: str, secret: str, now: datetime) -> Headers:
    sent = str(int(now.timestamp()))
    proof = keyed_hash(secret.encode(), sent.encode() + b"." + body).hex()
    return {"Calendly-Webhook-Signature": f"t={sent},v1={proof}"}


SIGNER = SenderSignature(_sign)
