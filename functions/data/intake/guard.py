"""Try what may fail, and say how it ended: nothing is counted until it has."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from functions.data.intake.balance import Fate
from mos.errors import ConflictError, RejectedError, UnavailableError, parked_reason
from mos.model.signal import Signal
from mos.runtime import logger


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
