"""Several threads and processes that unify at once, for the concurrency row."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from functions.data.batch import Batch
from mos.aws.clients import client
from mos.aws.table import DynamoTable
from mos.memory.asker import FakeAsker
from mos.memory.bus import FakeBus
from mos.model.signal import Signal
from mos.ports import Moment
from tests.property.worlds import unlimited

_TRIES = 60


def unify_all(
    environment: dict[str, str], tables: tuple[str, str], texts: Sequence[Sequence[str]]
) -> int:
    """Take each list of batches in a thread of its own; return how many batches were retried."""
    os.environ.update(environment)
    client.cache_clear()
    with ThreadPoolExecutor(len(texts)) as pool:
        return sum(pool.map(lambda own: _unify(tables, own), texts))


def _unify(tables: tuple[str, str], texts: Sequence[str]) -> int:
    retried = 0
    for start in range(0, len(texts), 3):
        left = [Signal.parse(text) for text in texts[start : start + 3]]
        for _ in range(_TRIES):
            failed = _batch(tables).run(left, Moment(datetime.now(UTC)))
            left = [signal for signal in left if signal.signal_id in failed]
            if not left:
                break
            retried += 1
        assert not left, "a batch never came through"
    return retried


def _batch(tables: tuple[str, str]) -> Batch:
    return Batch(
        signals=DynamoTable(tables[0]),
        identities=DynamoTable(tables[1]),
        bus=FakeBus(),
        asker=FakeAsker(),
        bundle=unlimited(),
        coalesce_seconds=60,
    )
