"""Whether a provider may be called now: its breaker, and how many calls a second it takes. Pure.

A breaker opens after five failures in a row, or when the provider says that it takes nothing until
a moment. When it is over, one call tries; the others wait for what becomes of it.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import Field

from functions.action.channel import Busy, ProviderAnswer, Unsure
from mos.model.base import Instant, Stored

FAILURES = 5
_FIRST, _LONGEST = timedelta(seconds=30), timedelta(minutes=5)
_TRYING = timedelta(seconds=30)


class ProviderHealth(Stored):
    """How a provider does: failures in a row, and until when nobody calls it."""

    failures: int = Field(default=0, ge=0)
    until: Instant | None = None
    why: str = ""


@dataclass(frozen=True)
class Passage:
    """Whether a call may be made: not before `until`, where that is said, and why."""

    until: datetime | None = None
    why: str = ""


def look(health: ProviderHealth, now: datetime) -> Passage:
    """Return whether a call may be made."""
    if health.until is None or now >= health.until:
        return Passage()
    return Passage(health.until, health.why)


def probe(health: ProviderHealth, now: datetime) -> ProviderHealth:
    """Return the health while one call tries: the others wait for it."""
    return health.model_copy(update={"until": now + _TRYING})


def heed(health: ProviderHealth, answer: ProviderAnswer, now: datetime) -> ProviderHealth:
    """Return the health after an answer."""
    if not isinstance(answer, Busy | Unsure):
        return ProviderHealth()
    failures = health.failures + 1
    said = answer.until if isinstance(answer, Busy) and answer.whole else None
    if said is not None and said > now:
        return ProviderHealth(failures=failures, until=said, why=answer.why)
    if failures < FAILURES:
        return ProviderHealth(failures=failures)
    pause = min(_LONGEST, _FIRST * 2.0 ** min(failures - FAILURES, 10))
    why = f"{failures} failures in a row, the last: {answer.why}"
    return ProviderHealth(failures=failures, until=now + pause, why=why)


def next_slot(held: int, now: datetime, drawn: float) -> datetime:
    """Return a second of the near future for what this one has no room for: later each time.

    >>> next_slot(0, datetime(2026, 1, 31), 0.5).isoformat()
    '2026-01-31T00:00:03'
    """
    widest = min(300.0, 4.0 * 2.0 ** min(held, 7))
    return now + timedelta(seconds=1 + math.floor(widest * drawn))
