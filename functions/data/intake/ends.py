"""How the signals of a batch end: what meets trouble comes again, and holds up nobody else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from functions.data.intake.balance import Balance, Fate
from functions.data.intake.guard import Made, SignalAttempt, guard, set_apart
from mos.errors import UnavailableError
from mos.identity.identifier import usable
from mos.model.signal import Signal
from mos.policy.bundle.bundle import Bundle


@dataclass
class SignalEnds:
    """Tries what may fail and writes down how it ended. `troubled` identifiers wait their turn."""

    bundle: Bundle
    balance: Balance
    park: Callable[[Sequence[Signal], str], None]
    troubled: set[str] = field(default_factory=set)

    def attempt(
        self, signals: Sequence[Signal], take: Callable[[], Mapping[str, Fate]]
    ) -> SignalAttempt:
        """Return how a try ended, once its signals' ends are written down."""
        before = set(self.balance.own)
        attempt = guard(take)
        self.settle(signals, attempt)
        if attempt.failure:
            # What we had to say because of it shares its end.
            said = self.balance.own - before
            self.balance.settle(dict.fromkeys(said, attempt.failure))
        return attempt

    def settle(self, signals: Sequence[Signal], attempt: SignalAttempt) -> None:
        """Write down how signals end. Where they cannot even be put aside now, they come again."""
        if attempt.failure is Fate.PARKED:
            try:
                self.park(signals, attempt.reason)
            except UnavailableError:
                attempt = SignalAttempt(failure=Fate.RETRIED)
        self.balance.settle(attempt.end_of(signals))

    def put_aside(self, signal: Signal, reason: str) -> None:
        """Park a signal with its reason."""
        self.settle([signal], SignalAttempt(failure=Fate.PARKED, reason=reason))

    def set_apart(
        self, signals: Sequence[Signal], work: Callable[[Sequence[Signal]], Made]
    ) -> Made:
        """Return what is made of the signals that nothing stands in the way of."""
        made, held_up = set_apart(signals, work)
        self.hold_up(held_up)
        return made

    def hold_up(self, signals: Sequence[Signal]) -> None:
        """Let signals come again; who shares an identifier with one may not overtake it."""
        self.troubled |= {i.key for s in signals for i in usable(s, self.bundle)}
        self.settle(signals, SignalAttempt(failure=Fate.RETRIED))

    def go_on(self, signals: Sequence[Signal]) -> list[Signal]:
        """Return the signals that need not come again so far."""
        return [s for s in signals if self.balance.fates.get(s.signal_id) is not Fate.RETRIED]
