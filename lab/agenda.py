"""A virtual clock: what happens when, in order, as fast as it can be worked through."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

Happening = Callable[[datetime], None]


@dataclass
class Agenda:
    """Happenings by moment. Two of one moment happen in the order in which they were planned."""

    _heap: list[tuple[datetime, int, Happening]] = field(default_factory=list)
    _planned: int = 0

    def plan(self, at: datetime, happening: Happening) -> None:
        """Let something happen at a moment."""
        heapq.heappush(self._heap, (at, self._planned, happening))
        self._planned += 1

    @property
    def next_at(self) -> datetime | None:
        """Return when the next thing happens, None where nothing is planned."""
        return self._heap[0][0] if self._heap else None

    def happen(self) -> datetime:
        """Make the next thing happen; return its moment."""
        at, _, happening = heapq.heappop(self._heap)
        happening(at)
        return at

    def until(self, end: datetime) -> Iterator[datetime]:
        """Make everything happen up to `end`; yield the moment of each."""
        while self._heap and self._heap[0][0] <= end:
            yield self.happen()
