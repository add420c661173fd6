"""The one line that external calls go out by: to the routed provider, and no redirect is taken."""

import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

import httpx

from functions.llm.wire import WireReply

_MOST = 2_000_000
"""No answer of a task is as long."""
_PARTS = ("connect", "read", "write", "pool")


class StrayError(Exception):
    """The library has tried to reach somebody to whom nothing is routed."""


@dataclass
class OneCall:
    """One call: the host that it may go to, how long it may take in all, and what was heard."""

    host: str
    seconds: float
    heard: list[WireReply] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """Return the seconds that are left."""
        return self.seconds - (time.monotonic() - self.began)


_CALL: ContextVar[OneCall | None] = ContextVar("call", default=None)


def begin(host: str, seconds: float) -> OneCall:
    """Return the call that begins now: it may go to this host alone."""
    call = OneCall(host, seconds)
    _CALL.set(call)
    return call


class _Bounded(httpx.SyncByteStream):
    """A body that ends with its call's last second, and before it is too long."""

    def __init__(self, stream: httpx.SyncByteStream, call: OneCall) -> None:
        self._stream, self._call = stream, call

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._stream:
            size += len(part)
            if self._call.left <= 0:
                raise httpx.ReadTimeout("its time is over")
            if size > _MOST:
                raise httpx.DecodingError("too long an answer")
            yield part

    def close(self) -> None:
        self._stream.close()


@cache
def open_line() -> httpx.Client:
    """Return the client of this container: proxies of the environment are not asked."""
    return httpx.Client(
        follow_redirects=False,
        trust_env=False,
        event_hooks={"request": [_check], "response": [_hear]},
    )


def _check(request: httpx.Request) -> None:
    call = _CALL.get()
    if call is None or request.url.host != call.host:
        raise StrayError(f"nothing is routed to {request.url.host}")
    # Some adapters of the library forget how long they were told to wait.
    request.extensions["timeout"] = dict.fromkeys(_PARTS, max(call.left, 0.001))


def _hear(response: httpx.Response) -> None:
    call = _CALL.get()
    if call is None or not isinstance(response.stream, httpx.SyncByteStream):
        return
    response.stream = _Bounded(response.stream, call)
    response.read()
    headers = {name.lower(): value for name, value in response.headers.items()}
    call.heard.append(WireReply(response.status_code, headers, response.content))
