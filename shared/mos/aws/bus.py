"""The EventBridge bus: publishes in batches and checks what was refused."""

from collections.abc import Sequence
from functools import cache

from mos.aws.clients import client, setting
from mos.errors import UnavailableError
from mos.events import Event

SOURCE = "mos"
_BATCH = 10
_TRIES = 3


class EventBridgeBus:
    """The `Bus` port on EventBridge."""

    def __init__(self, name: str) -> None:
        self.name = name

    def publish(self, events: Sequence[Event]) -> None:
        for start in range(0, len(events), _BATCH):
            self._put([self._entry(event) for event in events[start : start + _BATCH]])

    def _entry(self, event: Event) -> dict[str, str]:
        return {
            "EventBusName": self.name,
            "Source": SOURCE,
            "DetailType": event.detail_type,
            "Detail": event.model_dump_json(),
        }

    def _put(self, entries: list[dict[str, str]]) -> None:
        # put_events can refuse some entries without raising.
        for _ in range(_TRIES):
            reply = client("events").put_events(Entries=entries)
            if not reply["FailedEntryCount"]:
                return
            entries = [
                entry
                for entry, result in zip(entries, reply["Entries"], strict=True)
                if "ErrorCode" in result
            ]
        raise UnavailableError("events", f"{len(entries)} events were refused")


@cache
def bus() -> EventBridgeBus:
    """Return the deployment's bus."""
    return EventBridgeBus(setting("BUS"))
