"""Run a captured request through the same pipeline as the Lambda. Pure but for the import."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.webhook.packed import unpacked
from functions.webhook.receive import MAX_BYTES, receive
from functions.webhook.registry import source_named
from functions.webhook.request import Reply, Request, request_to
from functions.webhook.signature import Secrets
from mos.errors import MalformedError, RejectedError


class CaptureError(MalformedError):
    """The capture itself cannot be read: nothing is known about the request in it."""

    reason = "unreadable_capture"


def check(
    source: str, captured: Mapping[str, Any], secrets: Secrets, at: datetime
) -> dict[str, Any]:
    """Return what the Lambda would have made of `captured` at the time `at`.

    The answer is `{"accepted", "reason", "detail", "signals", "refused"}`. There is no store here,
    so nothing is ever a replay.

    Raises:
        CaptureError: `captured` lacks url, headers or body, or they are not what they should be.
    """
    request = _request(captured)
    try:
        request = unpacked(request, MAX_BYTES)
        received = receive(source, source_named(source), request, tuple(secrets), at)
    except RejectedError as error:
        return _said(error.reason, error.detail)
    if isinstance(received, Reply):
        return _said(None, f"a handshake, answered with {received.status}: {received.body[:200]}")
    found = received.translation
    return _said(None, f"{len(found.signals)} signals") | {
        "signals": [s.model_dump(mode="json", exclude_defaults=True) for s in found.signals],
        "refused": [{"reason": r.reason, "element": r.element} for r in found.refused],
    }


def _said(reason: str | None, detail: str) -> dict[str, Any]:
    accepted = reason is None
    return {
        "accepted": accepted, "reason": reason, "detail": detail, "signals": [], "refused": [],
    }  # fmt: skip


def _request(captured: Mapping[str, Any]) -> Request:
    method, url = captured.get("method", "POST"), captured.get("url")
    headers = captured.get("headers", {})
    if not isinstance(url, str) or not isinstance(method, str):
        raise CaptureError("the capture needs `url` (and `method`) as text")
    if not isinstance(headers, Mapping) or not all(isinstance(v, str) for v in headers.values()):
        raise CaptureError("the capture needs `headers` as an object of texts")
    try:
        return request_to(method, url, headers, _body(captured))
    except CaptureError:
        raise
    except MalformedError as error:
        raise CaptureError(error.detail) from None


def _body(captured: Mapping[str, Any]) -> bytes:
    plain, encoded = captured.get("body"), captured.get("body_base64")
    try:
        if isinstance(encoded, str):
            return base64.b64decode(encoded, validate=True)
        if isinstance(plain, str):
            return plain.encode("utf-8", "surrogatepass")
    except (binascii.Error, ValueError):
        raise CaptureError("`body_base64` is not base64") from None
    if captured.get("method", "POST").upper() == "GET" and plain is None:
        return b""
    raise CaptureError("the capture needs `body` as the text that was sent, or `body_base64`")
