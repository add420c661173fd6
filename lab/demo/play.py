"""Post a story's requests to the doors, a few at a time."""

import http.client
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from lab.world.beat import Beat
from lab.world.signer import Outgoing

_CONNECTIONS = 2
_TRIES = 4
_BUSY = 500


@dataclass
class Tally:
    """What was posted, and how the doors answered: by source and status."""

    requests: int = 0
    by_source: Counter[str] = field(default_factory=Counter)
    by_answer: Counter[str] = field(default_factory=Counter)


def play(
    beats: Sequence[Beat],
    webhook_url: str,
    secrets: Mapping[str, str],
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Tally:
    """Post every beat, signed at the moment of posting; a request that finds nobody is repeated.

    Raises:
        ConnectionError: the doors no longer answer.
    """
    tally = Tally()

    def post(beat: Beat) -> tuple[str, int]:
        return beat.source, send(beat.request(webhook_url, secrets, datetime.now(UTC)))

    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        for source, status in pool.map(post, beats):
            if not status:
                pool.shutdown(wait=False, cancel_futures=True)
                raise ConnectionError(
                    f"after {tally.requests} requests the doors no longer answer: the engine has "
                    "ended. What they had acknowledged is kept, as raw bodies, in .local"
                )
            tally.requests += 1
            tally.by_source[source] += 1
            tally.by_answer[str(status)] += 1
            on_progress(tally.requests, len(beats))
    return tally


def send(request: Outgoing) -> int:
    """Return the status that a door answers; 0 when nobody does."""
    parts = urlsplit(request.url)
    for attempt in range(_TRIES):
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            connection.request("POST", parts.path, request.body, dict(request.headers))
            answer = connection.getresponse()
            answer.read()
        except OSError:
            time.sleep(0.5 * 2**attempt)
            continue
        finally:
            connection.close()
        if answer.status < _BUSY:
            return answer.status
        time.sleep(0.5 * 2**attempt)
    return 0
