"""One HTTP request as the API hands it over, read without trust. Pure."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.agent.reply import PARSE_ERROR, RequestError

_MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class HttpRequest:
    """What was asked: names of headers are lower-case, the body is not read yet."""

    method: str
    path: str
    headers: dict[str, str]
    event: Mapping[str, Any]

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "HttpRequest":
        """Return the request of an event of an HTTP API (payload 2.0)."""
        http = event["requestContext"]["http"]
        headers = {str(k).lower(): str(v).strip() for k, v in (event.get("headers") or {}).items()}
        path = str(event.get("rawPath") or http.get("path") or "/")
        return cls(str(http["method"]).upper(), path, headers, event)

    def read_message(self) -> dict[str, Any]:
        """Return the one JSON-RPC message of the body.

        Raises:
            RequestError: it is too large, of another type, no JSON, or a batch.
        """
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise RequestError("send content-type: application/json", 415)
        body = self.read_body()
        try:
            message = json.loads(body.decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise RequestError("the body is no JSON", code=PARSE_ERROR) from None
        if isinstance(message, list):
            raise RequestError("send one message at a time: batches are not taken")
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            raise RequestError("the body is no JSON-RPC 2.0 message")
        if not isinstance(message.get("method"), str):
            raise RequestError("the message has no method: this server asks nothing of its clients")
        if not isinstance(message.get("params", {}), dict):
            raise RequestError("params: expected an object")
        _check_id(message)
        return message

    def find_id(self) -> str | int | None:
        """Return the id of the message, which its answer has too; None where it has none."""
        try:
            found = self.read_message().get("id")
        except RequestError:
            return None
        return found if isinstance(found, str | int) else None

    def read_body(self) -> bytes:
        """Return the body's bytes.

        Raises:
            RequestError: it is too large, or no Base64 where it should be.
        """
        raw = str(self.event.get("body") or "")
        if len(raw) > _MOST_BYTES * 4 // 3 + 4:
            raise RequestError(f"a request holds at most {_MOST_BYTES} bytes", 413)
        if not self.event.get("isBase64Encoded"):
            body = raw.encode(errors="replace")
        else:
            try:
                body = base64.b64decode(raw, validate=True)
            except (ValueError, binascii.Error):
                raise RequestError("the body is damaged") from None
        if len(body) > _MOST_BYTES:
            raise RequestError(f"a request holds at most {_MOST_BYTES} bytes", 413)
        return body


def _check_id(message: Mapping[str, Any]) -> None:
    """Refuse an id that no answer could carry; a notification has none."""
    if "id" not in message:
        return
    found = message["id"]
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise RequestError("id: expected a string or a whole number")


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
