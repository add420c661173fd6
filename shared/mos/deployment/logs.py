"""What a stage's functions have logged, as an operator asks for it: through CloudWatch Logs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mos.aws.session import answered
from mos.deployment.deployment import Deployment, NotDeployedError

_TROUBLE = ("WARNING", "ERROR", "CRITICAL")
_PATTERN = '{ $.level = "WARNING" || $.level = "ERROR" || $.level = "CRITICAL" }'
_OWN = frozenset({
    "level", "location", "message", "timestamp", "service", "xray_trace_id", "function_name",
    "function_memory_size", "function_arn", "function_request_id", "cold_start",
})  # fmt: skip
"""What every line has: not what it is about."""


@dataclass(frozen=True)
class LogLine:
    """One line of a function's log: when, whose, how grave, what, and what it is about."""

    at: datetime
    layer: str
    level: str
    message: str
    about: dict[str, Any]

    @property
    def is_trouble(self) -> bool:
        """Say whether it is a warning or worse."""
        return self.level in _TROUBLE


def list_layers(where: Deployment) -> list[str]:
    """Return the functions of a stage that keep a log.

    Raises:
        NotDeployedError: there is none.
    """
    root = f"/mos/{where.stage}/"
    with answered():
        pages = where.client("logs").get_paginator("describe_log_groups")
        found = [
            group["logGroupName"].removeprefix(root)
            for page in pages.paginate(logGroupNamePrefix=root)
            for group in page["logGroups"]
        ]
    if not found:
        raise NotDeployedError(f"No function of the stage {where.stage} keeps a log here.")
    return sorted(found)


def read_logs(
    where: Deployment, layer: str, since: datetime, *, everything: bool
) -> Iterator[LogLine]:
    """Yield what one function has logged since a moment, the oldest first.

    Without `everything` only warnings and worse.
    """
    asked: dict[str, Any] = {
        "logGroupName": f"/mos/{where.stage}/{layer}",
        "startTime": int(since.timestamp() * 1000),
    }
    # The local engine reads no patterns of fields.
    if not everything and not where.endpoint:
        asked["filterPattern"] = _PATTERN
    with answered():
        for page in where.client("logs").get_paginator("filter_log_events").paginate(**asked):
            for event in page["events"]:
                line = read_line(str(event["message"]), layer, int(event["timestamp"]))
                if line and (everything or line.is_trouble):
                    yield line


def read_line(text: str, layer: str, stamp: int) -> LogLine | None:
    """Return a line of a log; None for what the platform says about itself.

    >>> read_line("START RequestId: 1", "webhook", 0) is None
    True
    >>> line = read_line('{"level": "WARNING", "message": "rejected", "reason": "stale"}', "w", 0)
    >>> line.message, line.about
    ('rejected', {'reason': 'stale'})
    """
    try:
        said = json.loads(text)
    except ValueError:
        return None
    if not isinstance(said, dict) or "level" not in said:
        return None
    about = {name: value for name, value in said.items() if name not in _OWN}
    at = datetime.fromtimestamp(stamp / 1000, UTC)
    return LogLine(at, layer, str(said["level"]), str(said.get("message", "")), about)
