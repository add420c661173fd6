"""Timers in memory."""

from collections.abc import Sequence
from datetime import datetime

from mos.errors import UnavailableError
from mos.ports import Timer


class FakeTimers:
    """The `Timers` port. While `is_down`, it starts nothing."""

    def __init__(self) -> None:
        self.running: dict[str, Timer] = {}
        self.is_down = False

    def start(self, timers: Sequence[Timer]) -> None:
        if self.is_down and timers:
            raise UnavailableError("scheduler", "down")
        for timer in timers:
            self.running.setdefault(timer.name, timer)

    def fire(self, at: datetime) -> list[Timer]:
        """Return the timers that are due, the earliest first; each fires once."""
        due = self._due(at)
        for timer in due:
            del self.running[timer.name]
        return due

    def fire_first(self, at: datetime) -> Timer | None:
        """Return the earliest timer that is due: what it leads to may start another one."""
        due = self._due(at)
        return self.running.pop(due[0].name) if due else None

    def _due(self, at: datetime) -> list[Timer]:
        found = [timer for timer in self.running.values() if timer.at <= at]
        return sorted(found, key=lambda timer: (timer.at, timer.name))
