"""HMAC of id, time and body; the id is the body's own digest, so a repeat has the same."""

import base64
import hashlib
from datetime import datetime

from lab.world.signer import Headers, KeyPair, SenderSignature, keyed_hash

_PREFIX = "whsec_"


def _make(seed: bytes) -> KeyPair:
    made = _PREFIX + base64.b64encode(hashlib.sha256(seed).digest()[:24]).decode()
    return KeyPair(made, made)


def _sign(body: bytes, _url: str, secret: str, now: datetime) -> Headers:
    return _sign_as(body, secret, now, "msg_" + hashlib.sha256(body).hexdigest()[:24])


def _sign_as(body: bytes, secret: str, now: datetime, name: str) -> Headers:
    sent = str(int(now.timestamp()))
    key = secret.encode()
    if secret.startswith(_PREFIX):
        key = base64.b64decode(secret.removeprefix(_PREFIX))
    proof = keyed_hash(key, f"{name}.{sent}.".encode() + body)
    return {
        "webhook-id": name,
        "webhook-timestamp": sent,
        "webhook-signature": "v1," + base64.b64encode(proof).decode(),
    }


SIGNER = SenderSignature(_sign, make=_make, sign_as=_sign_as)
