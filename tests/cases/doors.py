"""Send a body through its real door: signed as its vendor signs, at a moment of ours."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from functions.webhook.receive import receive
from functions.webhook.registry import source_named
from functions.webhook.request import Reply, Request, request_to
from functions.webhook.source import Translation
from mos.model.signal import Signal
from tests.builders import NOON

BODIES = Path(__file__).parent.parent / "data" / "bodies"
SECRET = "secret-of-the-door"

Headers = dict[str, str]


def body_of(vendor: str, name: str) -> Any:
    return json.loads((BODIES / vendor / f"{name}.json").read_text("utf-8"))


def send(door: str, body: Any, at: datetime = NOON, **headers: str) -> list[Signal]:
    """Return the signals of a body; one element that is refused is a failure."""
    translation = translate(door, body, at, **headers)
    assert translation.refused == ()
    return list(translation.signals)


def one(door: str, body: Any, at: datetime = NOON, **headers: str) -> Signal:
    (signal,) = send(door, body, at, **headers)
    return signal


def say(kind: str, at: datetime = NOON, message_id: str = "m-1", **data: Any) -> Signal:
    """Return the signal of one message of our own vocabulary."""
    body = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return one("standard-webhooks", body, at, **{"webhook-id": message_id})


def translate(door: str, body: Any, at: datetime = NOON, **headers: str) -> Translation:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    url = f"https://hooks.example.com/hooks/{door}"
    signed, secret = _SIGNERS[door](raw, at, url, headers)
    return pass_door(door, request_to("POST", url, {**headers, **signed}, raw), (secret,), at)


def pass_door(door: str, request: Request, secrets: tuple[str, ...], at: datetime) -> Translation:
    received = receive(door, source_named(door), request, secrets, at)
    assert not isinstance(received, Reply)
    return received.translation


def keys(signal: Signal) -> list[str]:
    return [identifier.key for identifier in signal.identifiers]


def consents(signal: Signal) -> dict[str, bool]:
    return {grant.purpose.value: grant.granted for grant in signal.consent}


def mac(message: bytes, digest: str = "sha256", key: bytes = SECRET.encode()) -> bytes:
    return hmac.digest(key, message, digest)


def sign_hubspot(raw: bytes, at: datetime, url: str, _said: Mapping[str, str]) -> Any:
    sent = str(int(at.timestamp() * 1000))
    proof = base64.b64encode(mac(b"POST" + url.encode() + raw + sent.encode())).decode()
    return {"X-HubSpot-Signature-v3": proof, "X-HubSpot-Request-Timestamp": sent}, SECRET


def _sign_standard(raw: bytes, at: datetime, _url: str, said: Mapping[str, str]) -> Any:
    sent, message_id = str(int(at.timestamp())), said.get("webhook-id", "m-1")
    proof = base64.b64encode(mac(f"{message_id}.{sent}.".encode() + raw)).decode()
    signed = {"webhook-timestamp": sent, "webhook-signature": f"v1,{proof}"}
    return {**signed, "webhook-id": message_id}, SECRET


def _sign_calendly(raw: bytes, at: datetime, _url: str, _said: Mapping[str, str]) -> Any:
    sent = str(int(at.timestamp()))
    return {"Calendly-Webhook-Signature": f"t={sent},v1={mac(sent.encode() + b'.' + raw).hex()}"}, (
        SECRET
    )


def _sign_list(raw: bytes, at: datetime, _url: str, _said: Mapping[str, str]) -> Any:
    sent = str(int(at.timestamp()))
    return {"X-MOS-Signature": f"t={sent},v1={mac(sent.encode() + b'.' + raw).hex()}"}, SECRET


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(7, ec.SECP256R1())


def _sign_sendgrid(raw: bytes, at: datetime, _url: str, _said: Mapping[str, str]) -> Any:
    sent = str(int(at.timestamp()))
    proof = base64.b64encode(_key().sign(sent.encode() + raw, ec.ECDSA(SHA256()))).decode()
    public = _key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    name = "X-Twilio-Email-Event-Webhook"
    return {f"{name}-Signature": proof, f"{name}-Timestamp": sent}, base64.b64encode(
        public
    ).decode()


_SIGNERS: dict[str, Callable[[bytes, datetime, str, Mapping[str, str]], tuple[Headers, str]]] = {
    "hubspot": sign_hubspot,
    "meta": lambda raw, *_: ({"X-Hub-Signature-256": f"sha256={mac(raw).hex()}"}, SECRET),
    "linkedin": lambda raw, *_: ({"X-LI-Signature": mac(b"hmacsha256=" + raw).hex()}, SECRET),
    "google-ads": lambda raw, *_: ({}, json.loads(raw)["google_key"]),
    "segment": lambda raw, *_: ({"X-Signature": mac(raw, "sha1").hex()}, SECRET),
    "ses": lambda *_: ({"x-api-key": SECRET}, SECRET),
    "salesforce": lambda *_: ({"x-api-key": SECRET}, SECRET),
    "standard-webhooks": _sign_standard,
    "lists": _sign_list,
    "calendly": _sign_calendly,
    "sendgrid": _sign_sendgrid,
}
