"""Look at clicks and opens with the company that they came in, and correct who made them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.data.intake.actor import CLASSIFIABLE, SPAN_SECONDS, classify, read_habits
from functions.data.intake.log import SignalLog
from mos.identity.correction import SYSTEM, reclassify
from mos.identity.identifier import log_key
from mos.model.signal import Signal, SignalKind
from mos.policy.bundle.bundle import Bundle


@dataclass
class ActorClassifier:
    """Says of touches that only their company gives away that a machine made them."""

    log: SignalLog
    bundle: Bundle

    def correct(self, signals: Sequence[Signal], now: datetime) -> list[Signal]:
        """Return the corrections that these signals give reason for, also of earlier ones."""
        seen: dict[str, Signal] = {}
        for signal in signals:
            if signal.kind in CLASSIFIABLE:
                key = log_key(signal)
                at = signal.stated_at or signal.occurred_at
                around = self.log.around(key, at, SPAN_SECONDS)
                seen |= {s.signal_id: s for s in (signal, *around)}
        if not seen:
            return []
        by_key: dict[str, list[Signal]] = {}
        for signal in seen.values():
            by_key.setdefault(log_key(signal), []).append(signal)
        done = {
            str(s.properties.get("target"))
            for s in seen.values()
            if s.kind is SignalKind.RECLASSIFIED
        }
        habits = read_habits(self.bundle)
        return [
            reclassify(seen[target], actor, reason, by="judge", source=SYSTEM, now=now)
            for company in by_key.values()
            for target, (actor, reason) in classify(company, habits).items()
            if target not in done
        ]
