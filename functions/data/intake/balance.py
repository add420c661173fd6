"""The books of one batch: every signal that came in has one end, or somebody hears of it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from mos.model.signal import Signal


class Fate(StrEnum):
    """How a signal's way through a batch ends."""

    GIVEN = "given"
    IMMATERIAL = "immaterial"
    UNIDENTIFIED = "unidentified"
    PARKED = "parked"
    REPEATED = "repeated"
    RETRIED = "retried"


@dataclass
class Balance:
    """In + own = given + immaterial + unidentified + parked + repeated + retried.

    No side is worked out from the other: what has no fate is `unaccounted`, and the law fails.
    `own` are signals that this layer has to say itself.
    """

    received: int = 0
    repeated: int = 0
    own: set[str] = field(default_factory=set)
    fates: dict[str, Fate] = field(default_factory=dict)
    _awaited: dict[str, None] = field(default_factory=dict)

    def receive(self, signals: Sequence[Signal]) -> list[Signal]:
        """Return each signal once, and count the repeats here, where they are seen."""
        once = {signal.signal_id: signal for signal in signals}
        self.received += len(signals)
        self.repeated += len(signals) - len(once)
        self._awaited |= dict.fromkeys(once)
        return list(once.values())

    def add_own(self, signals: Iterable[Signal]) -> None:
        """Expect an end for what this layer itself says, too; one that came in is no second."""
        self.own |= {signal.signal_id for signal in signals} - self._awaited.keys()

    def settle(self, fates: Mapping[str, Fate]) -> None:
        """Write down how signals have ended."""
        self.fates |= fates

    def counts(self) -> Counter[str]:
        """Return how many signals ended how."""
        counted = Counter(fate.value for fate in self.fates.values())
        return counted + Counter({Fate.REPEATED.value: self.repeated})

    def retried(self) -> set[str]:
        """Return the ids of the signals that must come again."""
        return {i for i, fate in self.fates.items() if fate is Fate.RETRIED}

    def unaccounted(self) -> set[str]:
        """Return the ids of the signals that went in and have no end."""
        return (self._awaited.keys() | self.own) - self.fates.keys()

    def uncalled(self) -> set[str]:
        """Return the ids of the signals that have an end and never came in."""
        return self.fates.keys() - self._awaited.keys() - self.own
