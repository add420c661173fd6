"""Sign a body as each sender does. Secrets go by the source's name, as the doors store them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

Headers = dict[str, str]


class NoSecretError(Exception):
    """The secret of a source is not known here; the text names it."""


@dataclass(frozen=True)
class Outgoing:
    """One HTTP request, ready to be sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def sign(source: str, body: bytes, url: str, secrets: Mapping[str, str], now: datetime) -> Outgoing:
    """Return the signed request.

    SendGrid signs with a private key: it is looked for under `sign/sendgrid` or `sendgrid:sign`.

    Raises:
        NoSecretError: there is no secret for this source.
    """
    secret = _secret(source, secrets)
    if source == "google-ads":
        body, made = google_ads(body, secret), Headers()
    else:
        made = _SIGNERS[source](body, url, secret, now)
    headers = {"Content-Type": "application/json", "User-Agent": "mos-world/1", **made}
    return Outgoing("POST", url, headers, body)


def segment(_body: bytes, _url: str, secret: str, _now: datetime) -> Headers:
    """Basic authorization with the write key, as Segment's libraries send it."""
    return {"Authorization": "Basic " + base64.b64encode(f"{secret}:".encode()).decode()}


def hubspot(body: bytes, url: str, secret: str, now: datetime) -> Headers:
    """Signature v3: method, URL, body and milliseconds."""
    sent = str(int(now.timestamp() * 1000))
    proof = _mac(secret.encode(), b"POST" + url.encode() + body + sent.encode())
    return {
        "X-HubSpot-Signature-v3": base64.b64encode(proof).decode(),
        "X-HubSpot-Request-Timestamp": sent,
    }


def meta(body: bytes, _url: str, secret: str, _now: datetime) -> Headers:
    """HMAC of the body with the app secret."""
    return {"X-Hub-Signature-256": "sha256=" + _mac(secret.encode(), body).hex()}


def linkedin(body: bytes, _url: str, secret: str, _now: datetime) -> Headers:
    """HMAC of a prefix and the body."""
    return {"X-LI-Signature": _mac(secret.encode(), b"hmacsha256=" + body).hex()}


def calendly(body: bytes, _url: str, secret: str, now: datetime) -> Headers:
    """HMAC of the time and the body."""
    sent = str(int(now.timestamp()))
    proof = _mac(secret.encode(), sent.encode() + b"." + body).hex()
    return {"Calendly-Webhook-Signature": f"t={sent},v1={proof}"}


def lists(body: bytes, _url: str, secret: str, now: datetime) -> Headers:
    """HMAC of the time and the body, as `mos import` sends it."""
    sent = str(int(now.timestamp()))
    proof = _mac(secret.encode(), sent.encode() + b"." + body).hex()
    return {"X-MOS-Signature": f"t={sent},v1={proof}"}


def standard_webhooks(body: bytes, _url: str, secret: str, now: datetime) -> Headers:
    """HMAC of id, time and body; the id is the body's own digest, so a repeat has the same."""
    sent = str(int(now.timestamp()))
    name = "msg_" + hashlib.sha256(body).hexdigest()[:24]
    key = (
        base64.b64decode(secret.removeprefix("whsec_"))
        if secret.startswith("whsec_")
        else secret.encode()
    )
    proof = _mac(key, f"{name}.{sent}.".encode() + body)
    return {
        "webhook-id": name,
        "webhook-timestamp": sent,
        "webhook-signature": "v1," + base64.b64encode(proof).decode(),
    }


def ses(_body: bytes, _url: str, secret: str, _now: datetime) -> Headers:
    """The key of an EventBridge API destination."""
    return {"x-api-key": secret}


def sendgrid(body: bytes, _url: str, secret: str, now: datetime) -> Headers:
    """ECDSA over time and body, with the private key in base64 DER."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415  seconds to import
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415  seconds to import
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415  seconds to import
        load_der_private_key,
    )

    key = load_der_private_key(base64.b64decode(secret), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise NoSecretError("sign/sendgrid is not an elliptic curve key")
    sent = str(int(now.timestamp()))
    proof = key.sign(sent.encode() + body, ec.ECDSA(SHA256()))
    return {
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(proof).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": sent,
    }


def google_ads(body: bytes, secret: str) -> bytes:
    """Return the body with the form's key in it: the only proof that Google sends."""
    said = {**json.loads(body), "google_key": secret}
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()


_SIGNERS: Mapping[str, Callable[[bytes, str, str, datetime], Headers]] = MappingProxyType({
    "segment": segment,
    "hubspot": hubspot,
    "meta": meta,
    "linkedin": linkedin,
    "calendly": calendly,
    "lists": lists,
    "standard-webhooks": standard_webhooks,
    "ses": ses,
    "sendgrid": sendgrid,
})  # fmt: skip

SOURCES = (*sorted(_SIGNERS), "google-ads")


def _secret(source: str, secrets: Mapping[str, str]) -> str:
    names = (
        ["sign/sendgrid", "sendgrid:sign"]
        if source == "sendgrid"
        else [source, f"webhook/{source}"]
    )
    for name in names:
        # A secret may hold several, one per line, the current one first.
        if lines := secrets.get(name, "").split():
            return lines[0]
    raise NoSecretError(names[0])


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
