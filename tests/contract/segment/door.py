"""The real handler behind a real port, so that other people's client libraries can call it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from functions.webhook.gateway import answer
from mos.model.signal import Signal
from tests.unit.webhook.gate import Gate, gateway_event


class Door(ThreadingHTTPServer):
    """An HTTP API on loopback. `seen` are the paths, headers and statuses of its requests."""

    daemon_threads = True

    def __init__(self, *keys: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.gate = Gate({"segment": keys})
        self.seen: list[tuple[str, dict[str, str], int]] = []
        self.busy = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def statuses(self) -> list[int]:
        return [status for _, _, status in self.seen]

    def signals(self) -> list[Signal]:
        return self.gate.signals()


@contextmanager
def opened(*keys: str) -> Iterator[Door]:
    """Serve until the end of the block, with these write keys."""
    door = Door(*keys)
    threading.Thread(target=door.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield door
    finally:
        door.shutdown()
        door.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Door

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        with self.server.lock:
            said = self._said(headers, body)
            self.server.seen.append((self.path, headers, said["statusCode"]))
        self.send_response(said["statusCode"])
        for name, value in said["headers"].items():
            self.send_header(name, value)
        sent = said["body"].encode()
        self.send_header("content-length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def _said(self, headers: dict[str, str], body: bytes) -> dict[str, Any]:
        if self.server.busy > 0:
            # What the HTTP API in front answers by itself when there is too much at once.
            self.server.busy -= 1
            return {"statusCode": 429, "headers": {}, "body": '{"message":"Too Many Requests"}'}
        event = gateway_event(self.command, f"{self.server.url}{self.path}", headers, body)
        return answer(self.server.gate.send(event, datetime.now(UTC)))

    do_POST = do_OPTIONS = _serve  # noqa: N815  http.server's names

    def log_message(self, *_: object) -> None:
        """Say nothing."""
