"""When a task that failed is tried again, and who catches it, as the States Language says. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from mos.model.base import point

_ALL, _FAILED = "States.ALL", "States.TaskFailed"


def find_delay(
    state: Mapping[str, Any], error: str, tries: Counter[int], cause: str
) -> timedelta | None:
    """Return how long to wait before the next try, None where there is none; it counts as tried.

    Full jitter is drawn from `cause`, so that the same story always waits as long.
    """
    for place, retrier in enumerate(state.get("Retry", ())):
        if not is_named(error, retrier["ErrorEquals"]):
            continue
        if tries[place] >= int(retrier.get("MaxAttempts", 3)):
            return None
        seconds = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2) ** tries[place]
        seconds = min(seconds, retrier.get("MaxDelaySeconds", seconds))
        tries[place] += 1
        if retrier.get("JitterStrategy") == "FULL":
            seconds *= point("jitter", cause, error, str(place), str(tries[place]))
        return timedelta(seconds=seconds)
    return None


def find_catcher(state: Mapping[str, Any], error: str) -> Mapping[str, Any] | None:
    """Return who catches an error, if anybody does."""
    found: Sequence[Mapping[str, Any]] = state.get("Catch", ())
    return next((one for one in found if is_named(error, one["ErrorEquals"])), None)


def is_named(error: str, names: Sequence[str]) -> bool:
    """Say whether a list of errors names one; a time-out is no failed task."""
    wide = _ALL in names or (_FAILED in names and error != "States.Timeout")
    return wide or error in names
