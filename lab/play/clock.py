"""The virtual clock of a story: windows that are waited for, and what is due some time later."""

from collections.abc import Callable
from datetime import datetime

from lab.agenda import Agenda
from mos.memory.timers import FakeTimers


class StoryClock:
    """Makes everything happen in its order. Nothing sleeps, and nobody asks what time it really is.

    A story ends when its `windows` have closed: what is due `later`, and the system's own timers,
    happen on the way there, and beyond it only when somebody waits for them.
    """

    def __init__(self, timers: FakeTimers, wake: Callable[[datetime], None]) -> None:
        self.windows, self.later = Agenda(), Agenda()
        self._timers, self._wake = timers, wake
        self.now: datetime | None = None

    def run_until(self, end: datetime) -> None:
        """Let everything happen up to a moment, which it is then."""
        while self._list_due() and self._find_next_at() <= end:
            self._happen()
        self.now = max(self.now or end, end)

    def settle(self) -> None:
        """Let everything happen until no window is open."""
        while self.windows.next_at is not None:
            self._happen()

    def _happen(self) -> None:
        at, _, happen = self._list_due()[0]
        self.now = max(self.now or at, at)
        happen()

    def _find_next_at(self) -> datetime:
        return self._list_due()[0][0]

    def _list_due(self) -> list[tuple[datetime, int, Callable[[], object]]]:
        """Return what may happen next, the earliest first; at one moment windows close first."""
        due = min((timer.at for timer in self._timers.running.values()), default=None)
        found: list[tuple[datetime, int, Callable[[], object]]] = []
        if self.windows.next_at is not None:
            found.append((self.windows.next_at, 0, self.windows.happen))
        if due is not None:
            moment = max(due, self.now or due)
            found.append((moment, 1, lambda: self._wake(moment)))
        if self.later.next_at is not None:
            found.append((self.later.next_at, 2, self.later.happen))
        return sorted(found, key=lambda one: one[:2])
