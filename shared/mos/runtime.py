"""What every Lambda shares: parse, trace, step, say. The only place that knows Powertools."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from pydantic import ValidationError

from mos.aws import fallback
from mos.aws.usage import take
from mos.errors import MalformedError, MosError, UnavailableError, parked_reason
from mos.events import Event, SignalReceived
from mos.ports import Moment

E = TypeVar("E", bound=Event)
Handler = Callable[[Any, Any], Any]


@cache
def logger() -> Logger:
    """Return this function's logger. It never logs bodies, addresses or secrets."""
    return Logger(service=os.environ.get("MOS_LAYER", "mos"))


@cache
def tracer() -> Tracer:
    """Return this function's tracer: boto3 calls and steps become X-Ray subsegments."""
    traced = bool(os.environ.get("_X_AMZN_TRACE_ID")) and "LAMBDA_TASK_ROOT" in os.environ
    return Tracer(
        service=os.environ.get("MOS_LAYER", "mos"),
        auto_patch=traced,
        patch_modules=("botocore",),
        disabled=not traced,
    )


@cache
def metrics() -> Metrics:
    """Return this function's metrics, written as CloudWatch embedded metrics to the log."""
    return Metrics(
        namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "mos"),
        service=os.environ.get("MOS_LAYER", "mos"),
    )


def tally(**counts: int) -> None:
    """Add to the layer's conservation counts: taken, given, parked, dropped."""
    for name, count in counts.items():
        if count:
            metrics().add_metric(name=name, unit=MetricUnit.Count, value=count)


def on(kind: type[E], step: Callable[[E, Moment], Event]) -> Handler:
    """Return the Lambda handler of a hop in the workflow.

    It takes `{"event": …, "execution": …}` from the state machine, or an EventBridge event, and
    returns the next event as JSON. Errors leave by their class name, so that the state machine
    can tell a retry from a rejection.
    """

    def handle(payload: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401  Lambda's own type
        body = payload.get("event", payload.get("detail", payload))
        event = _parse(kind, body)
        moment = _moment_of(payload.get("execution"), context)
        said = step(event, moment)
        tally(taken=1, given=1)
        logger().info(
            said.detail_type,
            extra={"signal_id": event.trace_id, "event_id": said.event_id},
        )
        # Canonical, so that a fact read back from its table leaves with the same bytes.
        out: dict[str, Any] = json.loads(said.canonical())
        return out

    return wrap(handle)


def _moment_of(execution: str | None, context: Any) -> Moment:  # noqa: ANN401  Lambda's own type
    """Return what is known of an invocation; a context that says nothing leaves it unknown."""
    left = getattr(context, "get_remaining_time_in_millis", None)
    return Moment(
        datetime.now(UTC),
        execution,
        str(getattr(context, "aws_request_id", "") or ""),
        left() / 1000 if callable(left) else None,
    )


def on_any(first: Handler, listening: Mapping[type[Event], Handler]) -> Handler:
    """Return the handler of a function that the bus calls too: by what an event calls itself.

    What is not listened to is `first`'s.
    """
    by_name = {kind.detail_type: handle for kind, handle in listening.items()}

    def handle(payload: dict[str, Any], context: Any) -> Any:  # noqa: ANN401  Lambda's own types
        return by_name.get(str(payload.get("detail-type")), first)(payload, context)

    return handle


Refusal = tuple[str, str]
"""A body that cannot be processed, and why."""


def on_batch(
    step: Callable[[Sequence[SignalReceived], Moment], set[str]],
    park: Callable[[Sequence[Refusal]], None],
) -> Handler:
    """Return the Lambda handler of the queue's hop: a batch in, the failed message ids out.

    A body that does not parse is parked with its reason and does not hurt the rest. `step`
    returns the signal ids that must be tried again.
    """

    def handle(payload: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001  Lambda's own type
        events: dict[str, SignalReceived] = {}
        refused: list[Refusal] = []
        for record in payload["Records"]:
            try:
                events[record["messageId"]] = _parse(SignalReceived, json.loads(record["body"]))
            except (MosError, ValueError, RecursionError) as error:
                refused.append((record["body"], _refused(error)))
        if refused:
            park(refused)
        failed = step(list(events.values()), Moment(now=datetime.now(UTC))) if events else set()
        tally(taken=len(payload["Records"]), parked=len(refused), retried=len(failed))
        logger().info("batch", extra={"taken": len(payload["Records"]), "failed": len(failed)})
        return {
            "batchItemFailures": [
                {"itemIdentifier": message}
                for message, event in events.items()
                if event.signal.signal_id in failed
            ]
        }

    return wrap(handle)


Waits = Mapping[str, float]
"""The ids of messages that must come again, and after how many seconds; 0: when the queue will."""


def on_queue(
    kind: type[E],
    step: Callable[[Mapping[str, E], Moment], Waits],
    park: Callable[[str, str], None],
    postpone: Callable[[str, float], None],
) -> Handler:
    """Return the Lambda handler of a queue of one kind of event: the failed message ids out.

    A body that does not parse is parked with its reason and does not hurt the rest. `postpone`
    takes the receipt of a message that must come again, and after how many seconds.
    """

    def handle(payload: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001  Lambda's own type
        events, parked = dict[str, E](), 0
        for record in payload["Records"]:
            try:
                events[record["messageId"]] = _parse(kind, json.loads(record["body"]))
            except (MosError, ValueError, RecursionError) as error:
                park(record["body"], _refused(error))
                parked += 1
        again = step(events, Moment(now=datetime.now(UTC))) if events else {}
        receipts = {r["messageId"]: r.get("receiptHandle", "") for r in payload["Records"]}
        for message, seconds in again.items():
            if seconds:
                postpone(receipts[message], seconds)
        tally(taken=len(payload["Records"]), parked=parked, retried=len(again))
        return {"batchItemFailures": [{"itemIdentifier": message} for message in again]}

    return wrap(handle)


def on_each(
    kind: type[E], step: Callable[[E, Moment], None], park: Callable[[str, str], None]
) -> Handler:
    """Return the Lambda handler of a queue whose events are taken one by one."""

    def take(events: Mapping[str, E], moment: Moment) -> Waits:
        again: dict[str, float] = {}
        for message, event in events.items():
            try:
                step(event, moment)
            except UnavailableError as error:
                logger().warning("again", extra={"why": str(error)[:300]})
                again[message] = 0
        return again

    return on_queue(kind, take, park, lambda _receipt, _seconds: None)


def _refused(error: Exception) -> str:
    if isinstance(error, MosError):
        return parked_reason(error)
    return f"not_json: {error}"[:500]


def wrap(handle: Handler) -> Handler:
    """Return `handle` with logging, tracing and metrics around it."""

    def counted(payload: Any, context: Any) -> Any:  # noqa: ANN401  Lambda's own types
        said = handle(payload, context)
        for name, units in take().items():
            metrics().add_metric(name=name, unit=MetricUnit.Count, value=units)
        for why in fallback.take():
            logger().error("bundle.fallback", extra={"why": why})
            tally(bundle_fallback=1, canary_unwatched=why.startswith(fallback.UNWATCHED))
        return said

    def wrapped(payload: Any, context: Any) -> Any:  # noqa: ANN401  Lambda's own types
        run = metrics().log_metrics(raise_on_empty_metrics=False)(counted)
        run = tracer().capture_lambda_handler(capture_response=False)(run)
        try:
            return run(payload, context)
        except Exception as error:
            # The one broad catch: it names what failed, and raises again.
            logger().error(
                "failed", extra={"error": type(error).__name__, "detail": str(error)[:300]}
            )
            raise

    return wrapped


def _parse(kind: type[E], body: Any) -> E:  # noqa: ANN401  any JSON
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        places = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors()[:5]
        )
        raise MalformedError(f"not a {kind.detail_type}: {places}") from None
