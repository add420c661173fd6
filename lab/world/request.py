"""Requests as senders make them: exact bytes, signed with their own recipes.

The recipes are those of the vendors' documentation; the doors check them with code of their own.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key


@dataclass(frozen=True)
class Request:
    """One HTTP POST: path, headers, exact body."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Sender:
    """Signs for every source. `base` is the URL that the sources were configured with."""

    base: str
    secrets: Mapping[str, str]

    def send(self, source: str, body: Any, at: datetime) -> Request:  # noqa: ANN401  any JSON
        """Return a source's request with this body, signed as of `at`."""
        raw = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        makers = {
            "segment": self._segment,
            "hubspot": self._hubspot,
            "google-ads": self._google_ads,
            "meta": self._meta,
            "linkedin": self._linkedin,
            "calendly": self._calendly,
            "standard-webhooks": self._standard,
            "sendgrid": self._sendgrid,
        }
        return makers[source](raw, at)

    def _segment(self, raw: bytes, at: datetime) -> Request:  # noqa: ARG002  not signed with time
        token = base64.b64encode(f"{self.secrets['segment']}:".encode()).decode()
        return _request("/v1/batch", raw, {"authorization": f"Basic {token}"})

    def _hubspot(self, raw: bytes, at: datetime) -> Request:
        moment = str(int(at.timestamp() * 1000))
        text = b"POST" + f"{self.base}/hooks/hubspot".encode() + raw + moment.encode()
        signature = base64.b64encode(self._mac("hubspot", text)).decode()
        headers = {
            "x-hubspot-signature-v3": signature,
            "x-hubspot-request-timestamp": moment,
        }
        return _request("/hooks/hubspot", raw, headers)

    def _google_ads(self, raw: bytes, at: datetime) -> Request:  # noqa: ARG002  not signed with time
        body = {**json.loads(raw), "google_key": self.secrets["google-ads"]}
        return _request("/hooks/google-ads", json.dumps(body).encode(), {})

    def _meta(self, raw: bytes, at: datetime) -> Request:  # noqa: ARG002  not signed with time
        signature = self._mac("meta", raw).hex()
        return _request("/hooks/meta", raw, {"x-hub-signature-256": f"sha256={signature}"})

    def _linkedin(self, raw: bytes, at: datetime) -> Request:  # noqa: ARG002  not signed with time
        signature = self._mac("linkedin", b"hmacsha256=" + raw).hex()
        return _request("/hooks/linkedin", raw, {"x-li-signature": signature})

    def _calendly(self, raw: bytes, at: datetime) -> Request:
        moment = str(int(at.timestamp()))
        signature = self._mac("calendly", moment.encode() + b"." + raw).hex()
        header = {"calendly-webhook-signature": f"t={moment},v1={signature}"}
        return _request("/hooks/calendly", raw, header)

    def _standard(self, raw: bytes, at: datetime) -> Request:
        moment = str(int(at.timestamp()))
        name = "msg_" + hashlib.sha256(raw).hexdigest()[:24]
        key = base64.b64decode(self.secrets["standard-webhooks"].removeprefix("whsec_"))
        text = f"{name}.{moment}.".encode() + raw
        signature = base64.b64encode(hmac.digest(key, text, "sha256")).decode()
        headers = {
            "webhook-id": name,
            "webhook-timestamp": moment,
            "webhook-signature": f"v1,{signature}",
        }
        return _request("/hooks/standard-webhooks", raw, headers)

    def _sendgrid(self, raw: bytes, at: datetime) -> Request:
        moment = str(int(at.timestamp()))
        key = load_der_private_key(base64.b64decode(self.secrets["sendgrid:sign"]), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("SendGrid signs with an elliptic curve")
        signature = key.sign(moment.encode() + raw, ec.ECDSA(hashes.SHA256()))
        headers = {
            "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
            "x-twilio-email-event-webhook-timestamp": moment,
        }
        return _request("/hooks/sendgrid", raw, headers)

    def _mac(self, source: str, text: bytes) -> bytes:
        return hmac.digest(self.secrets[source].encode(), text, "sha256")


def _request(path: str, raw: bytes, headers: Mapping[str, str]) -> Request:
    return Request(path, {"content-type": "application/json", **headers}, raw)
