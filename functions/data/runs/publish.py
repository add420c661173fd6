"""Put what a batch has said on the bus, and remember which runs are out."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.data.runs.claim import Runs
from mos.errors import UnavailableError
from mos.events import Event, ProfileUnified
from mos.ports import Bus, Moment

_TOGETHER = 10
"""As many events as the bus takes at once."""


@dataclass
class Publisher:
    """Publishes events; what the bus refuses is said again by the signals that it began with."""

    bus: Bus
    runs: Runs

    def publish(self, said: Sequence[Event], moment: Moment) -> set[str]:
        """Publish the events; return the ids of the signals that must come again to say theirs.

        Raises:
            UnavailableError: the bus takes nothing at all.
        """
        for first in range(0, len(said), _TOGETHER):
            try:
                self.bus.publish(said[first : first + _TOGETHER])
            except UnavailableError:
                if first == 0:
                    raise
                return {event.trace_id for event in said[first:]} | self._mark(said[:first], moment)
        return self._mark(said, moment)

    def _mark(self, said: Sequence[Event], moment: Moment) -> set[str]:
        """Remember that runs are out; return whose run could not be marked, and is said again."""
        unmarked = set()
        for event in said:
            try:
                if isinstance(event, ProfileUnified):
                    self.runs.mark_published(event, moment.now)
            except UnavailableError:
                unmarked.add(event.trace_id)
        return unmarked
