"""Failures on demand: the next n calls to a provider go wrong in a chosen way."""

from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import Any

_MOST = 1000
_LONGEST = 60.0


@dataclass(frozen=True)
class Fault:
    """One failure: a status, or silence (`status` 0) for some seconds and then no answer."""

    status: int
    seconds: float = 0.0


class Faults:
    """The failures that wait for each provider."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[str, deque[Fault]] = {}

    def plan(self, wanted: dict[str, Any]) -> int:
        """Add `{"provider", "times", "status": 429 | 500 | "timeout", "seconds"}`.

        Returns how many failures now wait for the provider; `times` 0 forgets them all.

        Raises:
            ValueError: a field is not what it should be.
        """
        provider, times = str(wanted["provider"]), int(wanted.get("times", 1))
        status = wanted.get("status", 500)
        fault = Fault(
            0 if status == "timeout" else int(status),
            min(_LONGEST, float(wanted.get("seconds", 15.0 if status == "timeout" else 0.0))),
        )
        with self._lock:
            waiting = self._waiting.setdefault(provider, deque())
            if times <= 0:
                waiting.clear()
            waiting.extend([fault] * min(_MOST, times))
            return len(waiting)

    def next(self, provider: str) -> Fault | None:
        """Take the next failure of a provider, if one waits."""
        with self._lock:
            waiting = self._waiting.get(provider)
            return waiting.popleft() if waiting else None
