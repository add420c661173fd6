"""A plain address for the HTTP APIs: forwards each request, byte for byte, to the engine.

An HTTP API is told by its Host header, which most senders cannot set. `routes.json` maps the
start of a path to an API's id; the longest start wins. Runs in the engine's own process.
"""

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_HOPS = {"connection", "keep-alive", "transfer-encoding", "host", "content-length"}


class Gateway(ThreadingHTTPServer):
    """The proxy on loopback."""

    daemon_threads = True

    def __init__(self, port: int, engine_port: int, routes: Path) -> None:
        super().__init__(("127.0.0.1", port), _Forward)
        self.engine_port = engine_port
        self._routes = routes

    def api_of(self, path: str) -> str | None:
        """Return the id of the API that serves the path."""
        try:
            routes = json.loads(self._routes.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        starts = [start for start in routes if path.startswith(start)]
        return str(routes[max(starts, key=len)]) if starts else None

    def start(self) -> None:
        """Serve from a thread of its own."""
        threading.Thread(target=self.serve_forever, daemon=True, name="gateway").start()


class _Forward(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Gateway

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        api = self.server.api_of(self.path)
        if api is None:
            self._answer(503, [("content-type", "text/plain")], b"nothing is deployed yet\n")
            return
        link = http.client.HTTPConnection("127.0.0.1", self.server.engine_port, timeout=60)
        try:
            link.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            link.putheader("Host", f"{api}.execute-api.localhost:{self.server.engine_port}")
            for name, value in self._headers():
                link.putheader(name, value)
            if "x-forwarded-proto" not in self.headers:
                link.putheader("x-forwarded-proto", "http")
            link.putheader("Content-Length", str(len(body)))
            link.endheaders(body)
            reply = link.getresponse()
            self._answer(reply.status, reply.getheaders(), reply.read())
        except OSError as error:
            self._answer(502, [("content-type", "text/plain")], f"{error}\n".encode())
        finally:
            link.close()

    def _headers(self) -> list[tuple[str, str]]:
        """Return what is passed on: packed bytes as such, since the engine takes JSON for text."""
        found = [(n, v) for n, v in self.headers.items() if n.lower() not in _HOPS]
        if "content-encoding" not in self.headers:
            return found
        bare = [(n, v) for n, v in found if n.lower() != "content-type"]
        return [*bare, ("content-type", "application/octet-stream")]

    do_GET = do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _forward  # noqa: N815  http.server's names

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOPS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the engine keeps the log."""
