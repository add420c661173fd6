"""Who asked what, and how much of it.

The layer's own table (`agents`, or `operators`): `AUDIT#<agent>/<at>#<tool>#<which call>`,
append-only, `RATE#<agent>/<minute>` and `SPENT#<agent>/<day>`.
"""

from collections.abc import Mapping
from datetime import datetime

from functions.agent.tool import Scope
from mos.errors import LimitReachedError, RejectedError
from mos.model.base import canonical, derive_id
from mos.ports import Count, Record, Table

_HOUR = 3600
_MONTH = 31 * 86_400
_YEAR = 365 * 86_400


class BudgetSpentError(RejectedError):
    """The day's budget of an agent has no room left; the text says when and how it gets some."""

    reason = "budget_spent"
    status = 429

    def __init__(self, agent: str, what: str, at_most: int, day: str) -> None:
        if what == "microdollars":
            what, most = "dollars", f"{at_most / 1_000_000:g}"
        else:
            most = f"{at_most}"
        super().__init__(
            f"{agent} has no room left in its {what} of {day} (at most {most}): try again after "
            f"midnight UTC, or have {what}_per_day raised in policies/agents/{agent}.toml"
        )


class Audit:
    """This layer's own table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def admit(self, agent: str, at_most: int, now: datetime) -> None:
        """Count a request towards the agent's rate.

        Raises:
            LimitReachedError: the agent has used up this minute.
        """
        self._table.count(
            Count(
                f"RATE#{agent}",
                f"{now:%Y-%m-%dT%H:%M}",
                "requests",
                at_most=at_most,
                expires_at=int(now.timestamp()) + _HOUR,
            )
        )

    def spend(self, agent: str, what: str, amount: int, at_most: int, now: datetime) -> None:
        """Take what is counted from the agent's day, before it is used.

        Raises:
            BudgetSpentError: the day has not so much room left; nothing was taken.
        """
        day = f"{now:%Y-%m-%d}"
        expires_at = int(now.timestamp()) + _MONTH
        try:
            self._table.count(
                Count(f"SPENT#{agent}", day, what, amount, at_most, expires_at=expires_at)
            )
        except LimitReachedError:
            raise BudgetSpentError(agent, what, at_most, day) from None

    def note(
        self, scope: Scope, tool: str, arguments: Mapping[str, object], outcome: str, now: datetime
    ) -> None:
        """Keep who called what, when, and how it ended.

        Of the arguments their names, types and sizes are kept: no personal data.
        """
        asked = {n: f"{type(v).__name__} {len(str(v))}" for n, v in sorted(arguments.items())}
        which = derive_id(
            "call", tool, outcome, *(f"{n}={v}" for n, v in sorted(arguments.items()))
        )
        self._table.put_new(
            Record(
                f"AUDIT#{scope.agent}",
                f"{now.isoformat()}#{tool}#{which[-12:]}",
                canonical({"tool": tool, "arguments": asked, "outcome": outcome}),
                expires_at=int(now.timestamp()) + _YEAR,
            )
        )
