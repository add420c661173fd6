"""HTTP on loopback, handed to a door as the HTTP API hands it to the function."""

import base64
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Ask = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Answers an event of an HTTP API (payload 2.0)."""

_MOST_BYTES = 6_000_000


class Shim(ThreadingHTTPServer):
    """One server; requests are answered one after the other, as by one container.

    `token` is put in where a request brings none: the conformance suite has no way to bring one.
    """

    daemon_threads = True

    def __init__(self, ask: Ask, port: int = 0, token: str = "") -> None:
        super().__init__(("127.0.0.1", port), _Forward)
        self.ask, self.token = ask, token
        self.one_at_a_time = threading.Lock()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  socketserver's own types
        """Say nothing of a client that hangs up; anything else is a fault of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        """Return the address of the MCP server."""
        return f"http://127.0.0.1:{self.server_port}/mcp"

    def start(self) -> None:
        """Serve from a thread of its own."""
        threading.Thread(target=self.serve_forever, daemon=True, name="mcp").start()


class _Forward(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Shim

    def _forward(self) -> None:
        length = min(int(self.headers.get("content-length") or 0), _MOST_BYTES)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.server.token:
            headers.setdefault("authorization", f"Bearer {self.server.token}")
        path, _, query = self.path.partition("?")
        event = {
            "rawPath": path,
            "rawQueryString": query,
            "headers": headers,
            "requestContext": {
                "http": {"method": self.command, "path": path, "sourceIp": "127.0.0.1"},
                "domainName": headers.get("host", ""),
            },
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }
        with self.server.one_at_a_time:
            reply = self.server.ask(event)
        self._answer(reply)

    do_GET = do_POST = do_DELETE = do_OPTIONS = do_PUT = _forward  # noqa: N815  http.server's names

    def _answer(self, reply: Mapping[str, Any]) -> None:
        raw = str(reply["body"]).encode()
        self.send_response_only(int(reply["statusCode"]))
        for name, value in reply["headers"].items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing: the client says what it saw."""
