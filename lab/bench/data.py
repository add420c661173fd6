"""What the data layer costs per signal of the reference stream, on the local engine's DynamoDB."""

import io
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import datetime
from pathlib import Path
from typing import Any

from functions.data.batch import Batch
from lab.bench.units import Meter
from lab.engine.engine import Engine
from lab.world.reference import stream
from mos.aws.clients import client
from mos.aws.table import DynamoTable
from mos.events import Event
from mos.model.signal import Signal
from mos.policy.bundle.bundle import read_folder
from mos.ports import Moment

BATCH = 100
_POLICIES = Path(__file__).parent.parent.parent / "policies"
_COALESCE = 60.0


class _Bus:
    """A bus that counts."""

    def __init__(self) -> None:
        self.events: Counter[str] = Counter()

    def publish(self, events: Iterable[Event]) -> None:
        self.events.update(event.detail_type for event in events)


class _Asker:
    """No model is asked: that is another layer's cost."""

    def ask(self, *_: Any) -> Any:  # noqa: ANN401  the port's own
        raise NotImplementedError

    def ask_later(self, *_: Any) -> None:  # noqa: ANN401  the port's own
        """Do nothing."""


def measure(signals: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """Return request units per signal by call and by what it touched, and the totals."""
    with _engine():
        tables = {name: _table(name) for name in ("signals", "identity")}
        meter, bus = Meter(), _Bus()
        meter.listen(client("dynamodb"))
        bundle = read_folder(_POLICIES)
        begun, kinds, done = time.perf_counter(), Counter[str](), 0
        for chunk in _chunks(stream(signals)):
            now = chunk[-1].received_at
            batch = Batch(
                signals=tables["signals"], identities=tables["identity"], bus=bus,
                asker=_Asker(), bundle=bundle, coalesce_seconds=_COALESCE,
                clock=_at(now),
            )  # fmt: skip
            with redirect_stdout(io.StringIO()):  # The layer's metrics, which nobody reads here.
                failed = batch.run(chunk, Moment(now))
            if failed:
                raise RuntimeError(f"{len(failed)} signals of a batch would be tried again")
            kinds.update(batch.counts)
            done += len(chunk)
            say(f"{done:,} of {signals:,} signals")
        seconds = time.perf_counter() - begun
    return _rows(meter, bus, kinds, signals, seconds)


def _at(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def _rows(
    meter: Meter, bus: _Bus, kinds: Counter[str], signals: int, seconds: float
) -> list[dict[str, Any]]:
    rows = [
        _row(kind, f"{call} {what}", units, signals)
        for (kind, call, what), units in sorted(meter.spent.items(), key=lambda e: (e[0][0], -e[1]))
    ]
    for kind, most in (("read", 1.0), ("write", 1.7)):
        total = sum(units for (k, _, _), units in meter.spent.items() if k == kind)
        rows.append(_row(kind, f"all (at most {most})", total, signals))
    batches = -(-signals // BATCH)
    rows.append(_row("Lambda", "invocations: webhook, data (at most 0.02)", 2 * batches, signals))
    rows += [
        _row("counted", name, count, signals) for name, count in sorted(kinds.items()) if count
    ]
    rows += [_row("published", name, count, signals) for name, count in sorted(bus.events.items())]
    rows.append(_row("seconds", "on this machine, engine included", seconds, signals))
    return rows


def _row(kind: str, what: str, total: float, signals: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "what": what,
        "total": round(total, 1),
        "per signal": round(total / signals, 4),
    }


def _chunks(signals: Iterable[Signal]) -> Iterator[list[Signal]]:
    chunk: list[Signal] = []
    for signal in signals:
        chunk.append(signal)
        if len(chunk) == BATCH:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


@contextmanager
def _engine() -> Iterator[None]:
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder), auth=False, keep=False)
        os.environ.update(engine.start().environment())
        client.cache_clear()
        try:
            yield
        finally:
            engine.stop()
            os.environ.clear()
            os.environ.update(before)
            client.cache_clear()


def _table(name: str) -> DynamoTable:
    keys = (("pk", "HASH"), ("sk", "RANGE"))
    client("dynamodb").create_table(
        TableName=f"bench-{name}",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": n, "KeyType": t} for n, t in keys],
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n, _ in keys],
    )
    return DynamoTable(f"bench-{name}")
