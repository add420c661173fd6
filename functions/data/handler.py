"""Data Lambda: a batch of signals in, profiles unified and material changes on the bus."""

import json
from collections.abc import Sequence

from functions.data.batch import Batch
from mos.aws.asker import LambdaAsker
from mos.aws.bundles import bundles
from mos.aws.bus import bus
from mos.aws.clients import setting
from mos.aws.queue import queue
from mos.aws.table import table
from mos.events import SignalReceived
from mos.model.signal import Signal
from mos.ports import Moment
from mos.runtime import Refusal, on_batch

_BYTES, _REASON = 250_000, 300


def step(events: Sequence[SignalReceived], moment: Moment) -> set[str]:
    """Load, think, save, say; return the ids of the signals that must be tried again."""
    batch = Batch(
        signals=table("signals"),
        identities=table("identity"),
        bus=bus(),
        asker=LambdaAsker(),
        bundle=bundles().active(),
        coalesce_seconds=float(setting("COALESCE_SECONDS")),
        park=park_signals,
        spreads=True,
    )
    return batch.run([event.signal for event in events], moment)


def park_signals(signals: Sequence[Signal], reason: str) -> None:
    """Put signals that cannot be held where they can be redriven, each as it came in."""
    bodies = [SignalReceived.of(s).model_dump_json(exclude_defaults=True) for s in signals]
    park([(body, reason) for body in bodies])


def park(refused: Sequence[Refusal]) -> None:
    """Put what cannot be processed where it can be redriven, with its reason.

    A body that would be too large with its reason around it is put there as it came, the reason
    beside it.
    """
    for body, reason in refused:
        told = json.dumps({"body": body, "reason": reason})
        # SQS refuses some characters, in attributes too.
        plain = "".join(c if " " <= c <= "~" else "?" for c in reason)[:_REASON]
        queue("parked").send([told if len(told) <= _BYTES else body], plain)


handler = on_batch(step, park)
