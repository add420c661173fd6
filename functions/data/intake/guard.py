"""Try what may fail, and say how it ended: nothing is counted until it has."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from functions.data.intake.balance import Fate
from mos.errors import ConflictError, RejectedError, UnavailableError, parked_reason
from mos.model.signal import Signal
from mos.runtime import logger

_MOST_FAILURES = 16
"""Two in a hundred are found in fourteen; a store that is down is not asked a hundred times."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class SignalAttempt:
    """How a try ended: each signal's fate, or why they all met the same one."""

    fates: Mapping[str, Fate] = field(default_factory=dict)
    failure: Fate | None = None
    reason: str = ""

    def end_of(self, signals: Iterable[Signal]) -> Mapping[str, Fate]:
        """Return the fates of the signals that were tried."""
        if self.failure is None:
            return self.fates
        return {signal.signal_id: self.failure for signal in signals}


def set_apart(
    signals: Sequence[Signal], work: Callable[[Sequence[Signal]], Made]
) -> tuple[Made, list[Signal]]:
    """Return what `work` makes of signals that nothing stands in the way of, and the other ones.

    They are tried together, and where that fails in halves: one hot item holds up nobody else.
    Where nearly everything fails, nothing more is tried.
    """
    waiting, held_up, failures = [list(signals)], list[Signal](), 0
    passing: list[Signal] = []
    while waiting:
        part = waiting.pop()
        if failures >= _MOST_FAILURES:
            held_up += part
            continue
        try:
            made = work([*passing, *part])
        except (ConflictError, UnavailableError) as error:
            failures += 1
            logger().warning("set_apart", extra={"error": type(error).__name__, "of": len(part)})
            middle = len(part) // 2
            if middle:
                waiting += [part[middle:], part[:middle]]
            else:
                held_up += part
            continue
        passing += part
        result = made
    return (result if passing else work([])), held_up


def guard(take: Callable[[], Mapping[str, Fate]]) -> SignalAttempt:
    """Return how a try ended: what met trouble comes again, what cannot be held is put aside."""
    try:
        return SignalAttempt(take())
    except (ConflictError, UnavailableError) as error:
        logger().warning("retry", extra={"error": type(error).__name__})
        return SignalAttempt(failure=Fate.RETRIED)
    except (ValueError, ArithmeticError, RejectedError) as error:
        # What these signals say cannot be held: they are put aside, and the rest goes on.
        return SignalAttempt(failure=Fate.PARKED, reason=parked_reason(error))
