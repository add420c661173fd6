"""One HTTP call to a provider: bounded, without redirects, never retried in silence."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import urllib3

from mos.errors import RejectedError, UnavailableError

_MOST_BYTES = 1_000_000
_TIMEOUT = urllib3.Timeout(connect=3.05, read=10)
_BUSY = 429
_BROKEN = 500
_WRONG = 400


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(retries=False, timeout=_TIMEOUT)


def post_json(provider: str, url: str, headers: Mapping[str, str], body: Any) -> Any:  # noqa: ANN401  any JSON
    """Return the provider's JSON answer.

    Raises:
        UnavailableError: it did not answer, is busy (429) or broken (5xx).
        RejectedError: it refused the request (4xx).
    """
    try:
        reply = _pool().request(
            "POST",
            url,
            body=json.dumps(body).encode(),
            headers={"content-type": "application/json", **headers},
            redirect=False,
            preload_content=False,
        )
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
