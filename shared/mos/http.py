"""One HTTP call to a provider: bounded, without redirects, never retried in silence."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import urllib3

from mos.errors import RejectedError, UnavailableError

_MOST_BYTES = 1_000_000
_TIMEOUT = urllib3.Timeout(connect=3.05, read=10)
_SHORT = urllib3.Timeout(connect=2, read=4)
_BUSY = 429
_BROKEN = 500
_WRONG = 300


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(retries=False, timeout=_TIMEOUT)


def post_json(provider: str, url: str, headers: Mapping[str, str], body: Any) -> Any:  # noqa: ANN401  any JSON
    """Return the provider's JSON answer.

    Raises:
        UnavailableError: it did not answer, is busy (429) or broken (5xx).
        RejectedError: it refused the request (4xx), or sends us elsewhere (3xx).
    """
    packed = json.dumps(body).encode()
    return _call(
        provider, "POST", url, body=packed, headers={"content-type": "application/json", **headers}
    )


def get_json(provider: str, url: str) -> Any:  # noqa: ANN401  any JSON
    """Return the JSON at an address, for somebody who waits: it has six seconds.

    Raises:
        UnavailableError: it did not answer, is busy (429) or broken (5xx).
        RejectedError: there is nothing (4xx), or it sends us elsewhere (3xx).
    """
    return _call(provider, "GET", url, headers={"accept": "application/json"}, timeout=_SHORT)


def _call(provider: str, method: str, url: str, **how: Any) -> Any:  # noqa: ANN401  any JSON
    try:
        reply = _pool().request(method, url, redirect=False, preload_content=False, **how)
        text = reply.read(_MOST_BYTES, decode_content=True)
        reply.release_conn()
    except urllib3.exceptions.HTTPError as error:
        raise UnavailableError(provider, type(error).__name__) from error
    if reply.status == _BUSY or reply.status >= _BROKEN:
        raise UnavailableError(provider, f"answered {reply.status}")
    if reply.status >= _WRONG:
        raise RejectedError(f"{provider} answered {reply.status}")
    try:
        return json.loads(text or b"{}")
    except ValueError as error:
        raise UnavailableError(provider, "answered something that is not JSON") from error
