"""What could not be processed, in memory."""

from mos.memory.queue import FakeQueue
from mos.ports import ParkedMessage, ParkedRun


class FakeParking:
    """The `Parking` port over two queues in memory; a message's handle is its place."""

    def __init__(self, parked: FakeQueue, signals: FakeQueue) -> None:
        self._parked, self._signals = parked, signals
        self.restarted: list[ParkedRun] = []

    def take(self, most: int) -> list[ParkedMessage]:
        lying = list(zip(self._parked.bodies, self._parked.reasons, strict=True))[:most]
        return [ParkedMessage(body, why, str(place)) for place, (body, why) in enumerate(lying)]

    def release(self, message: ParkedMessage) -> None:
        """It was never taken away."""

    def restart(self, message: ParkedMessage, run: ParkedRun) -> None:
        self.restarted.append(run)
        self._take_out(message)

    def redrive(self, message: ParkedMessage, body: str) -> None:
        self._signals.send([body])
        self._take_out(message)

    def _take_out(self, message: ParkedMessage) -> None:
        place = self._parked.bodies.index(message.body)
        del self._parked.bodies[place], self._parked.reasons[place]
