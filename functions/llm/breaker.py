"""When a model is not asked for a while: its calls fail, or its provider says so. Pure."""

from datetime import datetime, timedelta

from mos.model.base import Instant, Stored
from mos.model.completion import Reason

_TRIPS = 3
_SHORTEST, _LONGEST = timedelta(seconds=60), timedelta(minutes=15)
_PROBE = timedelta(seconds=45)
_FAILURES = frozenset({Reason.THROTTLED, Reason.TIMED_OUT, Reason.UNREACHABLE})
_STOPS = frozenset({Reason.BAD_KEY, Reason.OUT_OF_FUNDS})


class Breaker(Stored):
    """How a model's last calls went: failures in a row, and until when it is left alone."""

    failures: int = 0
    until: Instant | None = None
    why: str = ""

    def is_open(self, now: datetime) -> bool:
        """Say whether the model is left alone."""
        return self.until is not None and now < self.until

    def is_due(self, now: datetime) -> bool:
        """Say whether one call may try whether it is well again."""
        return self.until is not None and now >= self.until

    def probing(self, now: datetime) -> "Breaker":
        """Return the breaker while one call tries: no other does."""
        return self.model_copy(update={"until": now + _PROBE})


def note_end(breaker: Breaker, end: Reason, retry_after: float | None, now: datetime) -> Breaker:
    """Return the breaker after a call.

    Three failures in a row open it for a minute, each further one twice as long, up to a quarter
    of an hour. A provider that says when it takes the next call is believed within that; a key
    or an account that it does not take opens at once. Whatever a model said counts as well.
    """
    if end in _FAILURES or end in _STOPS:
        failures = max(breaker.failures + 1, _TRIPS if end in _STOPS else 0)
        pause = _pause(failures, retry_after)
        until = now + pause if pause else None
        return Breaker(failures=failures, until=until, why=end.value)
    return Breaker()


def _pause(failures: int, retry_after: float | None) -> timedelta | None:
    usual: timedelta | None = None
    if failures >= _TRIPS:
        usual = min(_LONGEST, _SHORTEST * float(2 ** min(failures - _TRIPS, 10)))
    if retry_after is None:
        return usual
    told = min(_LONGEST, timedelta(seconds=max(0.0, min(retry_after, 1e6))))
    return max(told, usual) if usual else told
