"""Who asked what: agents `AUDIT#<agent>/<at>#<tool>`, append-only, and `RATE#<agent>/<minute>`."""

from datetime import datetime

from functions.agent.tool import Scope
from mos.model.base import canonical
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

    def note(self, scope: Scope, tool: str, arguments: dict[str, object], now: datetime) -> None:
        """Keep who asked what and when: names of arguments and their size, no personal data."""
        asked = {name: len(str(value)) for name, value in arguments.items()}
        self._table.put_new(
            Record(
                f"AUDIT#{scope.agent}",
                f"{now.isoformat()}#{tool}",
                canonical({"tool": tool, "arguments": asked}),
                expires_at=int(now.timestamp()) + _YEAR,
            )
        )
