"""ECDSA over time and body: SendGrid signs with a private key, the door has its public half."""

import base64
import hashlib
from datetime import datetime

from lab.world.signer import Headers, KeyPair, SenderSignature


def _make(seed: bytes) -> KeyPair:
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415  seconds to import
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415  as above
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    number = int.from_bytes(hashlib.sha256(seed).digest()[:30], "big") + 1
    key = ec.derive_private_key(number, ec.SECP256R1())
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return KeyPair(base64.b64encode(private).decode(), base64.b64encode(public).decode())


def _sign(body: bytes, _url: str, secret: str, now: datetime) -> Headers:
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415  seconds to import
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  as above
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415  as above
        load_der_private_key,
    )

    key = load_der_private_key(base64.b64decode(secret), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("SendGrid signs with an elliptic curve key")
    sent = str(int(now.timestamp()))
    proof = key.sign(sent.encode() + body, ec.ECDSA(SHA256()))
    return {
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(proof).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": sent,
    }


SIGNER = SenderSignature(_sign, make=_make, has_own_key=True)
