"""The loopback server: providers by path prefix, and three doors for whoever watches."""

import json
import time
from collections.abc import Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lab.fakes import providers
from lab.fakes.fault import Faults
from lab.fakes.inbox import Inbox
from lab.fakes.provider import Answer, Call, Provider
from mos import plugins

_MOST_BYTES = 4_000_000


class Desk:
    """Answers calls; knows the providers, the inbox and the failures that are due."""

    def __init__(self, folder: Path) -> None:
        self.inbox = Inbox(folder)
        self.faults = Faults()
        self._providers = plugins.discover(providers, "PROVIDER", Provider)

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Return the answer to one request.

        Raises:
            TimeoutError: a planned silence is over; there is no answer.
        """
        parts = urlsplit(target)
        name, _, rest = parts.path.lstrip("/").partition("/")
        lower = {key.lower(): value for key, value in headers.items()}
        call = Call(method, f"/{rest}", dict(parse_qsl(parts.query)), lower, body)
        if name.startswith("_"):
            return self._own(method, name, call)
        provider = self._providers.get(name)
        if provider is None:
            return Answer(404, {"error": f"no fake provider is called {name!r}"})
        fault = self.faults.next(name)
        if fault:
            time.sleep(fault.seconds)
            if not fault.status:
                raise TimeoutError(name)
            return provider.refuse(fault.status)
        answer = provider.answer(call)
        for receipt in answer.receipts:
            self.inbox.keep(name, receipt, call)
        return answer

    def _own(self, method: str, name: str, call: Call) -> Answer:
        if (method, name) == ("GET", "_health"):
            return Answer(200, {"status": "ok", "providers": sorted(self._providers)})
        if (method, name) == ("GET", "_inbox"):
            return Answer(200, self.inbox.entries())
        if (method, name) == ("POST", "_fault"):
            try:
                return Answer(200, {"waiting": self.faults.plan(call.json())})
            except (KeyError, TypeError, ValueError) as error:
                return Answer(400, {"error": f"not a fault: {error}"})
        return Answer(404, {"error": "doors: GET /_health, GET /_inbox, POST /_fault"})


class Handler(BaseHTTPRequestHandler):
    """One connection: read, ask the desk, write."""

    protocol_version = "HTTP/1.1"
    timeout = 75

    def __init__(self, desk: Desk, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  the server's own arguments
        self._desk = desk
        super().__init__(*args, **kwargs)

    def _serve(self) -> None:
        size = int(self.headers.get("content-length") or 0)
        if size > _MOST_BYTES:
            self._write(Answer(413, {"error": "too large"}))
            self.close_connection = True
            return
        try:
            answer = self._desk.answer(
                self.command, self.path, dict(self.headers.items()), self.rfile.read(size)
            )
        except TimeoutError:
            self.close_connection = True
            return
        self._write(answer)

    do_GET = do_POST = do_DELETE = do_PATCH = do_PUT = _serve  # noqa: N815  the base class looks for these names

    def _write(self, answer: Answer) -> None:
        body = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401  the base class's signature
        """Say nothing: the inbox is the log."""


def serve(port: int, folder: Path) -> ThreadingHTTPServer:
    """Return a server on a loopback port (0: any free one), ready to `serve_forever`."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, Desk(folder)))
    server.daemon_threads = True
    return server
