"""Completions and spending.

completions: `COMPLETION#<id>/COMPLETION`, `PERSON#<id>/COMPLETION#<id>` (whom one is about),
`SPEND#<task>/<day>` in micro-dollars.
"""

from collections.abc import Iterable
from decimal import Decimal

from functions.llm.ask import Completion
from mos.ports import Count, Record, Table

_MICRO = 1_000_000
_DAYS = 90 * 86_400


class Completions:
    """This layer's own table: what was asked of whom, at what cost, and why it fell back."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, completion_id: str) -> Completion | None:
        record = self._table.get(f"COMPLETION#{completion_id}", "COMPLETION")
        return Completion.parse(record.body) if record else None

    def save(
        self,
        completion_id: str,
        completion: Completion,
        cause: str,
        expires_at: int,
        about: Iterable[str] = (),
    ) -> Completion:
        """Store a completion, and return the one that stands: the first of a repeated ask.

        `about` are the people whom it is about: an erasure finds it by them.
        """
        for person in about:
            place = (f"PERSON#{person}", f"COMPLETION#{completion_id}")
            self._table.put_new(Record(*place, expires_at=expires_at))
        record = Record(
            f"COMPLETION#{completion_id}",
            "COMPLETION",
            completion.canonical(),
            expires_at=expires_at,
            tags={"cause": cause or "none", "by": completion.by},
        )
        if self._table.put_new(record):
            return completion
        return self.find(completion_id) or completion


class Spending:
    """What each task has cost each day."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def today(self, task: str, day: str) -> float:
        """Return the US dollars spent on a task on a day."""
        record = self._table.get(f"SPEND#{task}", day)
        return record.numbers.get("micro_usd", 0.0) / _MICRO if record else 0.0

    def add(self, task: str, day: str, usd: Decimal) -> None:
        """Add what a call has cost."""
        micro = int(usd * _MICRO)
        if micro:
            self._table.count(Count(f"SPEND#{task}", day, "micro_usd", micro))
