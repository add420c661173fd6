"""A door on this machine that shows what comes in: would it be accepted, and what would it be?

Nothing is stored and nothing is decided; what came in can be kept as files for `webhook check`.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from functions.webhook.check import CaptureError, check
from functions.webhook.receive import MAX_BYTES

Secrets = Callable[[str], tuple[str, ...]]
Heard = Callable[[str, dict[str, Any], "Path | None"], None]
_DOOR = "/hooks/"
_BATCH = "/v1/batch"


@dataclass(frozen=True)
class Ear:
    """Judges each request by the secrets of its source, and tells `heard` what it makes of it.

    `public` is the address that the sender uses, where a tunnel stands before us: some sign it.
    """

    secrets: Secrets
    heard: Heard
    public: str = ""
    keep: Path | None = None

    def hear(
        self, method: str, path: str, host: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, str]:
        """Return the status and the text that the sender gets."""
        source = _source_of(path)
        base = self.public.rstrip("/") or f"http://{host}"
        captured = {
            "method": method,
            "url": f"{base}{path}",
            "headers": dict(headers),
            "body_base64": base64.b64encode(body).decode(),
        }
        now = datetime.now(UTC)
        try:
            verdict = check(source, captured, self.secrets(source), now)
        except CaptureError as error:
            verdict = {"accepted": False, "reason": error.reason, "detail": error.detail,
                       "signals": [], "refused": []}  # fmt: skip
        self.heard(source, verdict, self._kept(source, captured, now))
        return (200, "{}") if verdict["accepted"] else (401, json.dumps({"error": "refused"}))

    def _kept(self, source: str, captured: Mapping[str, Any], now: datetime) -> Path | None:
        if self.keep is None:
            return None
        self.keep.mkdir(parents=True, exist_ok=True)
        path = self.keep / f"{source or 'unknown'}-{now:%Y%m%dT%H%M%S%f}.json"
        path.write_text(json.dumps(captured, indent=1), encoding="utf-8")
        return path


def serve(ear: Ear, port: int) -> ThreadingHTTPServer:
    """Return a server on loopback that has not begun yet."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = min(int(self.headers.get("content-length") or 0), MAX_BYTES + 1)
            body = self.rfile.read(size)
            host = self.headers.get("host") or f"127.0.0.1:{port}"
            headers = dict(self.headers.items())
            status, text = ear.hear("POST", self.path, host, headers, body)
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing: the verdict is told instead."""

    return ThreadingHTTPServer(("127.0.0.1", port), Door)


def _source_of(path: str) -> str:
    bare = path.partition("?")[0]
    if bare == _BATCH or bare.startswith("/v1/"):
        return "segment"
    return bare.removeprefix(_DOOR).strip("/") if bare.startswith(_DOOR) else ""
