"""What is put aside, and why: the data layer over any tables, with its park in sight."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from mos.events import SignalReceived
from mos.model.signal import Signal
from mos.ports import Moment
from mos.runtime import on_batch
from tests.system_in_process import System


@dataclass
class Taken:
    """What became of some signals: those to try again, and those put aside with their codes."""

    failed: set[str] = field(default_factory=set)
    parked: dict[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> dict[str, str]:
        return {signal_id: reason.partition(":")[0] for signal_id, reason in self.parked.items()}


def take(system: System, *signals: Signal) -> Taken:
    """Give signals to the data layer as one batch, and run what follows to its end."""
    taken, batch = Taken(), system.batch()
    batch.park = lambda found, reason: taken.parked.update({s.signal_id: reason for s in found})
    system.now = max(system.now, *(s.received_at for s in signals if s.received_at.year < 2200))
    taken.failed = batch.run(signals, Moment(system.now))
    system.settle()
    return taken


def deliver(system: System, bodies: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Give bodies to the queue's handler; return what comes again, and what was put aside."""
    aside: dict[str, str] = {}

    def step(events: Sequence[SignalReceived], _moment: Moment) -> set[str]:
        taken = take(system, *(event.signal for event in events))
        by_id = {json.loads(b)["signal"]["signal_id"]: b for b in bodies if _is_signal(b)}
        aside.update({by_id[i]: reason for i, reason in taken.parked.items()})
        return taken.failed

    handle = on_batch(step, lambda refused: aside.update(dict(refused)))
    records = [{"messageId": str(n), "body": body} for n, body in enumerate(bodies)]
    said: dict[str, Any] = handle({"Records": records}, None)
    return [f["itemIdentifier"] for f in said["batchItemFailures"]], aside


def _is_signal(body: str) -> bool:
    try:
        return "signal_id" in json.loads(body)["signal"]
    except (ValueError, RecursionError, TypeError, KeyError):
        return False
