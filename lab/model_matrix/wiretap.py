"""Every address that this process reaches for, as the interpreter itself reports it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Wiretap:
    """What was connected to or looked up while it listened."""

    def __init__(self) -> None:
        self.reached: set[str] = set()
        self._listens = False
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._listens:
            return
        if event == "socket.connect":
            where = arguments[1]
            self.reached.add(":".join(map(str, where)) if isinstance(where, tuple) else str(where))
        if event in ("socket.getaddrinfo", "socket.gethostbyname"):
            self.reached.add(str(arguments[0]))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen for a while; a hook cannot be taken off again."""
        self._listens = True
        try:
            yield
        finally:
            self._listens = False
