"""What becomes of every signal of a story: logged, repeated, put aside or dropped."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from functions.data.intake.balance import Fate
from functions.webhook.receive import Received
from functions.webhook.repository import Inbox
from lab.system import InProcessSystem
from lab.world.sign import sources
from mos.memory.bucket import FakeBucket
from mos.model.signal import Signal
from mos.ports import Moment

_DROPPED = {Fate.IMMATERIAL, Fate.UNIDENTIFIED}
_TRIES = 5


@dataclass
class Books:
    """Counts of a story. What a sender says twice is a repeat, wherever that is seen."""

    senders: frozenset[str] = field(default_factory=lambda: frozenset(sources()))
    repeats: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    tries: Counter[str] = field(default_factory=Counter)

    def add(self, signal: Signal, fate: Fate) -> None:
        """Write down how a sender's signal ended; the second time it is a repeat."""
        if signal.signal_id in self.seen:
            self.repeats += 1
        elif fate in _DROPPED:
            self.dropped[fate.value] += 1
        self.seen.add(signal.signal_id)

    def is_of_sender(self, signal: Signal) -> bool:
        """Say whether a signal came by a door."""
        return signal.source in self.senders


class StoryInbox(Inbox):
    """The doors' inbox: counts the signals of requests that have come in before."""

    books: Books

    def holds(self, received: Received) -> bool:
        """Say whether this request has come in before."""
        held = super().holds(received)
        self.books.repeats += len(received.translation.signals) if held else 0
        return held


@dataclass
class StorySystem(InProcessSystem):
    """The whole system, with its books open. `again` are signals that their queue brings back."""

    books: Books = field(default_factory=Books)
    again: list[Signal] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.inbox = StoryInbox(FakeBucket(), self.queue, self.parking)
        self.inbox.books = self.books

    def take(self, signals: Sequence[Signal], now: datetime) -> set[str]:
        """Take one batch through the data layer, and write down what became of it."""
        batch, books = self.open_batch(lambda: now), self.books
        failed = batch.run(signals, Moment(now))
        for signal in signals:
            if signal.signal_id in failed:
                self._bring_again(signal)
            elif books.is_of_sender(signal):
                books.add(signal, batch.balance.fates[signal.signal_id])
        return failed

    def _bring_again(self, signal: Signal) -> None:
        self.books.tries[signal.signal_id] += 1
        if self.books.tries[signal.signal_id] >= _TRIES:
            self._park([signal], f"dead_letter: tried {_TRIES} times")
        else:
            self.again.append(signal)
