"""A layer's table and way out, at whose every use something else may happen: before it, or after.

So whatever two processes can do to each other is done here by one, in an order that comes again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mos.memory.table import FakeTable, Key
from mos.model.call import Call, CallReply
from mos.ports import Count, Exchange, Record


class DiedError(BaseException):
    """The process is gone: nobody catches this."""


@dataclass
class Interruption:
    """What happens at the `at`th use of anything, before it is done or after; once."""

    at: int
    after: bool
    happens: Callable[[], None]
    seen: int = 0

    def strike(self, *, done: bool) -> None:
        """Count a use (when it is not yet done), and let it happen where this is the one."""
        if not done:
            self.seen += 1
        if self.seen == self.at and done is self.after:
            self.at = 0
            self.happens()


@dataclass
class Interrupter:
    """Interrupts what is tried under it; what happens meanwhile is not interrupted itself."""

    waiting: Interruption | None = None

    def strike(self, *, done: bool) -> None:
        """Let what waits happen, if its moment is now."""
        waiting, self.waiting = self.waiting, None
        if waiting is not None:
            waiting.strike(done=done)
            self.waiting = waiting if waiting.at else None


class InterruptedTable(FakeTable):
    """A table, every use of which may be interrupted."""

    def __init__(self, interrupter: Interrupter) -> None:
        super().__init__()
        self._interrupter = interrupter

    def get(self, pk: str, sk: str, *, consistent: bool = True) -> Record | None:
        self._interrupter.strike(done=False)
        found = super().get(pk, sk, consistent=consistent)
        self._interrupter.strike(done=True)
        return found

    def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> dict[Key, Record]:
        self._interrupter.strike(done=False)
        found = super().get_many(keys, consistent=consistent)
        self._interrupter.strike(done=True)
        return found

    def query(
        self, pk: str, *, prefix: str = "", newest_first: bool = False, limit: int | None = None
    ) -> list[Record]:
        self._interrupter.strike(done=False)
        found = super().query(pk, prefix=prefix, newest_first=newest_first, limit=limit)
        self._interrupter.strike(done=True)
        return found

    def save(self, record: Record) -> Record:
        self._interrupter.strike(done=False)
        stored = super().save(record)
        self._interrupter.strike(done=True)
        return stored

    def delete(self, pk: str, sk: str) -> None:
        self._interrupter.strike(done=False)
        super().delete(pk, sk)
        self._interrupter.strike(done=True)

    def count(self, change: Count) -> float:
        self._interrupter.strike(done=False)
        total = super().count(change)
        self._interrupter.strike(done=True)
        return total


@dataclass
class InterruptedWire:
    """A way out that may be interrupted before a call is made, or after it was taken."""

    inside: Exchange
    interrupter: Interrupter

    def exchange(self, call: Call) -> CallReply:
        """Make the call."""
        self.interrupter.strike(done=False)
        reply = self.inside.exchange(call)
        self.interrupter.strike(done=True)
        return reply
