"""Read an HTTP API event (payload format 2.0), and answer in its form. Pure."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from functions.webhook.page_door import PagePath, read_path
from functions.webhook.request import Reply, Request, request_to
from functions.webhook.segment_event import BATCHES, CALLS
from mos.errors import MalformedError

Event = Mapping[str, Any]


def door(event: Event) -> str:
    """Return the name of the source that a path leads to, empty where it leads nowhere."""
    parts = _path(event).strip("/").split("/")
    if len(parts) != 2:  # noqa: PLR2004  two parts
        return ""
    if parts[0] == "v1" and (parts[1] in CALLS or parts[1] in BATCHES):
        return "segment"
    return parts[1] if parts[0] == "hooks" else ""


def page_of(event: Event) -> PagePath | None:
    """Return which public page a path leads to, None where it leads to none."""
    return read_path(_path(event))


def caller_of(event: Event) -> str:
    """Return the address that a request came from, as the gateway saw it."""
    return str(event.get("requestContext", {}).get("http", {}).get("sourceIp", ""))[:64]


def request_of(event: Event, public_url: str | None) -> Request:
    """Return the request as its sender made it: raw bytes, and the URL that it called.

    Raises:
        MalformedError: the gateway's own encoding is broken.
    """
    method = str(event.get("requestContext", {}).get("http", {}).get("method", "POST"))
    made = request_to(method, _url(event, public_url), event.get("headers") or {}, _body(event))
    return replace(made, aliases=_aliases(event, public_url))


def answer(reply: Reply) -> dict[str, Any]:
    """Return `reply` as the gateway wants it."""
    return {
        "statusCode": reply.status,
        "headers": {"content-type": reply.content_type, "cache-control": "no-store"}
        | dict(reply.headers),
        "body": reply.body,
    }


def _path(event: Event) -> str:
    path = str(event.get("rawPath", ""))
    stage = event.get("requestContext", {}).get("stage")
    return path.removeprefix(f"/{stage}") if stage and path.startswith(f"/{stage}/") else path


def _url(event: Event, public_url: str | None) -> str:
    """Return the public URL: senders sign what they were configured with, not what we see."""
    query = str(event.get("rawQueryString") or "")
    tail = f"{event.get('rawPath', '')}{'?' + query if query else ''}"
    if public_url:
        parts = urlsplit(public_url)
        return f"{parts.scheme}://{parts.netloc}{tail}"
    forwarded = (event.get("headers") or {}).get("x-forwarded-proto", "https")
    # Behind several proxies the first one met the sender.
    scheme = str(forwarded).split(",")[0].strip()
    return f"{scheme}://{event.get('requestContext', {}).get('domainName', '')}{tail}"


def _aliases(event: Event, public_url: str | None) -> tuple[str, ...]:
    """Return the URLs of senders before a proxy that takes the public URL's path off."""
    parts = urlsplit(public_url or "")
    stripped = parts.path.rstrip("/")
    if not stripped:
        return ()
    query = str(event.get("rawQueryString") or "")
    base, tail = f"{parts.scheme}://{parts.netloc}{stripped}", f"?{query}" if query else ""
    paths = dict.fromkeys((str(event.get("rawPath", "")), _path(event)))
    return tuple(f"{base}{path}{tail}" for path in paths)


def _body(event: Event) -> bytes:
    body = event.get("body") or ""
    try:
        if event.get("isBase64Encoded"):
            return base64.b64decode(body, validate=True)
        return str(body).encode()
    except (binascii.Error, ValueError):
        raise MalformedError("the body is not what the gateway says it is") from None
