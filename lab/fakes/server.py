"""One loopback server for all fake providers, with an inbox to look into and faults to order."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from lab.fakes import providers
from lab.fakes.provider import Provider, ProviderRequest, Receipt
from mos import plugins

_MOST_BYTES = 5_000_000
_DRIP = 0.02
_SLOW_SECONDS, _LACKS, _LATE, _MOOD = 15, "lacks ", "late", "mood "
NONE: Mapping[str, str] = {}


class Desk:
    """What the fakes have received, and the faults that they were told to show."""

    def __init__(self, record: Path) -> None:
        record.mkdir(parents=True, exist_ok=True)
        self._file = record / "received.jsonl"
        self._lock = threading.Lock()
        self._answering = threading.Lock()
        self._faults: dict[str, list[str]] = {}
        self._lacks: dict[str, set[str]] = {}
        self._memory: dict[str, dict[str, Any]] = {}
        self._replays: dict[str, list[Receipt]] = {}
        self.calls: Counter[str] = Counter()
        lines = self._file.read_text("utf-8").splitlines() if self._file.exists() else []
        self.inbox: list[dict[str, Any]] = [json.loads(line) for line in lines]

    def keep(self, received: list[dict[str, Any]]) -> None:
        """Add to the inbox and to the file."""
        at = datetime.now(UTC).isoformat()
        with self._lock, self._file.open("a", encoding="utf-8") as out:
            for item in received:
                entry = {"at": at, **item}
                self.inbox.append(entry)
                out.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def order(self, provider: str, kind: str, times: int) -> None:
        """Have a provider fail its next calls (`429`, `500`, `slow`, `late`), or lack something.

        `slow` takes a call after a quarter of a minute, `late` takes it at once and answers then.
        `lacks NAME` holds until somebody makes it there; `mood NAME` is how a model answers.
        """
        with self._lock:
            if kind.startswith(_LACKS):
                self._lacks.setdefault(provider, set()).add(kind.removeprefix(_LACKS))
                return
            self._faults.setdefault(provider, []).extend([kind] * times)

    def fault(self, provider: str) -> str | None:
        """Return the fault that the next call of a provider shows."""
        with self._lock:
            waiting = self._faults.get(provider)
            return waiting.pop(0) if waiting else None

    def forget(self, provider: str) -> None:
        """Have a provider be well again."""
        with self._lock:
            self._faults.pop(provider, None)
            self._replays.pop(provider, None)

    def replay(self, provider: str, receipt: Receipt) -> None:
        """Have a provider answer its next call with something that was recorded."""
        with self._lock:
            self._replays.setdefault(provider, []).append(receipt)

    def next_replay(self, provider: str) -> Receipt | None:
        """Return what the next call of a provider is answered with, whatever it asks."""
        with self._lock:
            waiting = self._replays.get(provider)
            return waiting.pop(0) if waiting else None

    def lacks(self, provider: str) -> frozenset[str]:
        """Return what a provider does not have."""
        with self._lock:
            return frozenset(self._lacks.get(provider, ()))

    @contextmanager
    def memory(self, provider: str) -> Iterator[dict[str, Any]]:
        """Open what a provider keeps from call to call, for one call at a time."""
        with self._answering:
            yield self._memory.setdefault(provider, {})

    def make(self, provider: str, made: frozenset[str]) -> None:
        """Note that a provider has something from now on."""
        with self._lock:
            self._lacks.get(provider, set()).difference_update(made)


def serve(port: int, record: Path) -> ThreadingHTTPServer:
    """Return the server, bound to loopback and ready to run."""
    return serve_desk(port, Desk(record))


def serve_desk(port: int, desk: Desk) -> ThreadingHTTPServer:  # noqa: C901  the handler class closes over the desk
    """Return a server of this desk, bound to loopback and ready to run."""
    found = plugins.discover(providers, "PROVIDER", Provider)

    class Handler(BaseHTTPRequestHandler):
        """One request: a provider's, or ours when its path begins with `_`."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            pages = {"/_inbox": desk.inbox, "/_health": {"ok": True}}
            if self.path in pages:
                self._reply(200, pages[self.path])
            else:
                self._take("GET")

        def do_POST(self) -> None:
            self._take("POST")

        def do_PATCH(self) -> None:
            self._take("PATCH")

        def do_DELETE(self) -> None:
            self._take("DELETE")

        def _take(self, method: str) -> None:
            length = min(int(self.headers.get("content-length") or 0), _MOST_BYTES)
            raw = self.rfile.read(length)
            try:
                is_form = "form-urlencoded" in (self.headers.get("content-type") or "")
                body = dict(parse_qsl(raw.decode())) if is_form else json.loads(raw or b"{}")
            except ValueError:
                self._reply(400, {"error": "not JSON"})
                return
            if self.path == "/_fault":
                desk.order(body["provider"], body["kind"], int(body.get("times", 1)))
                self._reply(200, {"ok": True})
                return
            name, _, rest = self.path.lstrip("/").partition("/")
            if name not in found:
                self._reply(404, {"error": f"no provider {name}"})
                return
            desk.calls[name] += 1
            fault = desk.fault(name)
            receipt = self._answer(name, method, rest, body, fault)
            desk.keep(receipt.kept)
            time.sleep(_SLOW_SECONDS if fault == _LATE else receipt.seconds)
            with suppress(ConnectionError):  # Who asked may be gone.
                self._reply(
                    receipt.status,
                    receipt.body,
                    receipt.headers,
                    cut=receipt.cut,
                    drips=receipt.drips,
                )

        def _answer(
            self,
            name: str,
            method: str,
            rest: str,
            body: Any,  # noqa: ANN401  any JSON
            fault: str | None,
        ) -> Receipt:
            if recorded := desk.next_replay(name):
                return recorded
            mood = ""
            if fault and fault.startswith(_MOOD):
                mood = fault.removeprefix(_MOOD)
            elif fault == "slow":
                time.sleep(_SLOW_SECONDS)
            elif fault and fault != _LATE:
                return Receipt(int(fault), {"error": "told to fail"})
            headers = {k.lower(): v for k, v in self.headers.items()}
            try:
                with desk.memory(name) as memory:
                    asked = ProviderRequest(
                        method, f"/{rest}", headers, body, desk.lacks(name), memory, mood
                    )
                    receipt = found[name].answer(asked)
            except (KeyError, IndexError, TypeError, ValueError, StopIteration) as error:
                return Receipt(400, {"error": f"{type(error).__name__}: {error}"})
            desk.make(name, receipt.made)
            return receipt

        def _reply(
            self,
            status: int,
            body: Any,  # noqa: ANN401  any JSON, or bytes as they are
            headers: Mapping[str, str] = NONE,
            *,
            cut: bool = False,
            drips: bool = False,
        ) -> None:
            raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
            self.close_connection = cut or self.close_connection
            if cut and not raw:
                return
            self.send_response(status)
            if "content-type" not in headers:
                self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(raw) + (100 if cut else 0)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            for part in [raw[n : n + 1] for n in range(len(raw))] if drips else [raw]:
                self.wfile.write(part)
                time.sleep(_DRIP if drips else 0)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401  the base class's names
            """Say nothing: the inbox is the log."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
