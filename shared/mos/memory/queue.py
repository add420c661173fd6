"""A queue in memory."""

from collections.abc import Sequence

from mos.errors import UnavailableError


class FakeQueue:
    """The `Queue` port. While `is_down`, it refuses everything."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.reasons: list[str | None] = []
        self.is_down = False

    def send(self, bodies: Sequence[str], reason: str | None = None) -> None:
        if self.is_down:
            raise UnavailableError("sqs", f"{len(bodies)} messages were refused")
        self.bodies += bodies
        self.reasons += [reason] * len(bodies)
