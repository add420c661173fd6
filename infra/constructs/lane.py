"""A queue that a function reads: as many at once as the function may run, and no more."""

from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_lambda_event_sources as sources

from infra.constructs.function import Function
from infra.constructs.queue import Queue
from infra.settings import FEWEST, Settings


@dataclass(frozen=True)
class Lane:
    """How a function reads a queue: messages in a batch, seconds to wait for them.

    `most` bounds how many batches run at once, whatever is reserved; a `small` lane takes the
    fewest that Lambda allows of what is, and leaves the rest to the function's other work.
    """

    batch: int
    wait_seconds: int = 0
    most: int | None = None
    small: bool = False


def read_queue(function: Function, queue: Queue, settings: Settings, lane: Lane) -> None:
    """Have the function read the queue, and hand back by name what failed of a batch.

    Lambda polls without regard to reserved concurrency, and what was throttled counts as a try: it
    would end among the dead letters. Where nothing may run, nothing is read.
    """
    reserved = settings.reserved_concurrency.get(function.hop.layer)
    function.called.add_event_source(
        sources.SqsEventSource(
            queue.queue,
            batch_size=lane.batch,
            max_batching_window=Duration.seconds(lane.wait_seconds),
            max_concurrency=_bound(lane, reserved),
            report_batch_item_failures=True,
            enabled=reserved != 0,
        )
    )


def _bound(lane: Lane, reserved: int | None) -> int | None:
    if not reserved:
        return lane.most
    free = FEWEST if lane.small else max(FEWEST, reserved - FEWEST)
    return min(free, lane.most or free)
