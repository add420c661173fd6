"""One-time schedules of EventBridge Scheduler: each puts a ready-made signal on the queue."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache

from botocore.exceptions import ClientError

from mos.aws.clients import client, setting
from mos.errors import UnavailableError
from mos.ports import Timer

_THREADS = 8
_SOONEST = timedelta(seconds=60)  # The scheduler's own precision is a minute.
_OURS = {"ValidationException", "ResourceNotFoundException", "AccessDeniedException"}


class EventBridgeTimers:
    """The `Timers` port on EventBridge Scheduler.

    A schedule deletes itself once it has fired. What it cannot deliver goes to `dead`.
    """

    def __init__(
        self, group: str, role: str, queue: str, dead: str, *, soonest: timedelta = _SOONEST
    ) -> None:
        self.group, self.role, self.queue, self.dead = group, role, queue, dead
        self._soonest = soonest

    def start(self, timers: Sequence[Timer]) -> None:
        if not timers:
            return
        with ThreadPoolExecutor(min(_THREADS, len(timers))) as pool:
            list(pool.map(self._start, timers))

    def _start(self, timer: Timer) -> None:
        at = max(timer.at, datetime.now(UTC) + self._soonest).astimezone(UTC)
        if at.microsecond:
            at = at.replace(microsecond=0) + timedelta(seconds=1)
        target = {
            "Arn": self.queue,
            "RoleArn": self.role,
            "Input": timer.body,
            "DeadLetterConfig": {"Arn": self.dead},
            "RetryPolicy": {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185},
        }
        scheduler = client("scheduler")
        try:
            scheduler.create_schedule(
                Name=timer.name,
                GroupName=self.group,
                ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
                ScheduleExpressionTimezone="UTC",
                FlexibleTimeWindow={"Mode": "OFF"},
                ActionAfterCompletion="DELETE",
                Target=target,
            )
        except scheduler.exceptions.ConflictException:
            return  # It runs already: an earlier try of the same run has started it.
        except ClientError as error:
            if error.response["Error"]["Code"] in _OURS:
                raise
            raise UnavailableError("scheduler", str(error)) from error


@cache
def scheduler() -> EventBridgeTimers:
    """Return the deployment's timers."""
    return EventBridgeTimers(
        setting("TIMERS_GROUP"),
        setting("TIMERS_ROLE"),
        setting("TIMERS_QUEUE"),
        setting("TIMERS_DEAD"),
    )
