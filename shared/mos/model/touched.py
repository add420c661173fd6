"""A touch as the ledger keeps it: when, over which channel, and what it takes of a budget."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mos.model.base import canonical

IMPRESSION = "impression"
"""The channel of what reached somebody outside the path: an ad that they saw."""
TOUCHES, PLACE = "TOUCHES#", "RECENT"
"""Where a subject's touches stand in the ledger."""
_MOST = 500
_TIMES = "*"


@dataclass(frozen=True)
class Touched:
    """One touch: when, over which channel, and what it takes of a budget."""

    at: datetime
    channel: str
    weight: float = 1.0


def parse_touches(body: str) -> tuple[Touched, ...]:
    """Return the touches that `write_touches` wrote; none where nothing was."""
    return tuple(_read(at, said) for at, said in json.loads(body)) if body else ()


def _read(at: str, said: str) -> Touched:
    channel, mark, weight = said.partition(_TIMES)
    return Touched(datetime.fromisoformat(at), channel, float(weight) if mark else 1.0)


def write_touches(touches: Iterable[Touched], now: datetime, horizon: timedelta) -> str:
    """Return touches as text, without those too old to count.

    A weight stands behind the channel: a release that knows none takes it for a whole touch.
    """
    kept = sorted((t for t in touches if now - t.at < horizon), key=lambda t: t.at)[-_MOST:]
    return canonical([[t.at.isoformat(), _write(t)] for t in kept])


def _write(touch: Touched) -> str:
    return touch.channel if touch.weight == 1 else f"{touch.channel}{_TIMES}{touch.weight:g}"
