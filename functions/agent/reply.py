"""What the internet's door says in HTTP: always JSON, and what to do. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from mos.errors import RejectedError

Reply = dict[str, Any]
"""What Lambda hands to an HTTP API."""

PARSE_ERROR, INVALID_REQUEST, INTERNAL_ERROR = -32700, -32600, -32603
LATER = -32000
"""JSON-RPC's code of a server's own errors: nothing is wrong with the request, only not now."""


class RequestError(RejectedError):
    """The request is no JSON-RPC request that this server takes; `code` is JSON-RPC's."""

    reason = "invalid_request"

    def __init__(self, detail: str, status: int = 400, code: int = INVALID_REQUEST) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code


def reply(status: int, body: Mapping[str, Any], **headers: str) -> Reply:
    """Return a JSON reply; underscores in the names of headers stand for hyphens."""
    kind = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": status, "headers": kind | _named(headers), "body": json.dumps(body)}


def reply_empty(headers: Mapping[str, str]) -> Reply:
    """Return a reply that holds nothing but headers."""
    return {"statusCode": 204, "headers": _named(headers), "body": ""}


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def refuse(error: RejectedError, **headers: str) -> Reply:
    """Return what a refused request is told: a stable code, and who must do what."""
    return reply(error.status, {"error": error.reason, "detail": error.detail}, **headers)


def refuse_rpc(error: RequestError) -> Reply:
    """Return what a body that is no request is told, as JSON-RPC says it."""
    return fail_rpc(error.status, error.code, error.detail)


def fail_rpc(status: int, code: int, message: str, request_id: object = None) -> Reply:
    """Return a JSON-RPC error."""
    fault = {"code": code, "message": message}
    return reply(status, {"jsonrpc": "2.0", "id": request_id, "error": fault})


def put_off(status: int, said: Mapping[str, str], seconds: int, request_id: object) -> Reply:
    """Return a JSON-RPC error that says to come back in so many seconds, in a header too."""
    about = {"reason": said["error"], "retry_after_seconds": seconds}
    fault = {"code": LATER, "message": said["detail"], "data": about}
    body = {"jsonrpc": "2.0", "id": request_id, "error": fault}
    return reply(status, body, retry_after=str(seconds))
