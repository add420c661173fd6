"""A bus in memory."""

from collections.abc import Sequence

from mos.errors import UnavailableError
from mos.events import Event


class FakeBus:
    """The `Bus` port. While `is_down`, it refuses everything."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.is_down = False

    def publish(self, events: Sequence[Event]) -> None:
        if self.is_down and events:
            raise UnavailableError("events", f"{len(events)} events were refused")
        self.events += events
