"""Read the JSON of an issuer of tokens: bounded, without redirects, never retried in silence."""

import json
from functools import cache
from typing import Any

import urllib3

from mos.errors import RejectedError, UnavailableError

_MOST_BYTES = 1_000_000
_TIMEOUT = urllib3.Timeout(connect=2, read=4)
_BUSY = 429
_BROKEN = 500
_WRONG = 300


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(retries=False, timeout=_TIMEOUT)


def get_json(provider: str, url: str) -> Any:  # noqa: ANN401  any JSON
    """Return the JSON at an address, for somebody who waits: it has six seconds.

    Raises:
        UnavailableError: it did not answer, is busy (429) or broken (5xx).
        RejectedError: there is nothing (4xx), or it sends us elsewhere (3xx).
    """
    headers = {"accept": "application/json"}
    try:
        reply = _pool().request("GET", url, headers=headers, redirect=False, preload_content=False)
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
