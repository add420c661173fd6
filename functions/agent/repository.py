"""Who asked what.

agents: `AUDIT#<agent>/<at>#<tool>#<which call>`, append-only, and `RATE#<agent>/<minute>`.
"""

from collections.abc import Mapping
from datetime import datetime

from functions.agent.tool import Scope
from mos.model.base import canonical, derive_id
from mos.ports import Count, Record, Table

_YEAR = 365 * 86_400


class Audit:
    """This layer's own table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def admit(self, scope: Scope, now: datetime) -> None:
        """Count a request towards the agent's rate.

        Raises:
            LimitReachedError: the agent has used up this minute.
        """
        self._table.count(
            Count(
                f"RATE#{scope.agent}",
                f"{now:%Y-%m-%dT%H:%M}",
                "requests",
                at_most=scope.requests_per_minute,
                expires_at=int(now.timestamp()) + 3600,
            )
        )

    def note(
        self, scope: Scope, tool: str, arguments: Mapping[str, object], outcome: str, now: datetime
    ) -> None:
        """Keep who called what, when, and how it ended.

        Of the arguments their names, types and sizes are kept: no personal data.
        """
        asked = {n: f"{type(v).__name__} {len(str(v))}" for n, v in sorted(arguments.items())}
        which = derive_id("call", tool, *(f"{n}={v}" for n, v in sorted(arguments.items())))
        self._table.put_new(
            Record(
                f"AUDIT#{scope.agent}",
                f"{now.isoformat()}#{tool}#{which[-12:]}",
                canonical({"tool": tool, "arguments": asked, "outcome": outcome}),
                expires_at=int(now.timestamp()) + _YEAR,
            )
        )
