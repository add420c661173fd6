"""HubSpot's signature v3: method, URL, body and milliseconds."""

import base64
from datetime import datetime

from lab.world.signer import Headers, SenderSignature, keyed_hash


def _sign(body: bytes, url: str, secret: str, now: datetime) -> Headers:
    sent = str(int(now.timestamp() * 1000))
    proof = keyed_hash(secret.encode(), b"POST" + url.encode() + body + sent.encode())
    return {
        "X-HubSpot-Signature-v3": base64.b64encode(proof).decode(),
        "X-HubSpot-Request-Timestamp": sent,
    }


SIGNER = SenderSignature(_sign)
