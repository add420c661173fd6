"""Budgets: reserved before a call, settled after it, on conditional counters.

completions: `SPEND#<whose>/<day>` in micro-dollars: a task's, all tasks', an agent's, a shadow's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from functions.llm.price import to_micro
from mos.errors import LimitReachedError
from mos.ports import Count, Table

_NUMBER = "micro_usd"
ALL = "all tasks"


def budgets_of(
    task: str, usd: float, day_usd: float | None, agent: str, agent_usd: float | None
) -> dict[str, float]:
    """Return what a call is charged to, and what each may cost in a day."""
    found = {task: usd}
    if day_usd is not None:
        found[ALL] = day_usd
    if agent and agent_usd is not None:
        found[f"agent {agent}"] = agent_usd
    return found


@dataclass(frozen=True)
class Reservation:
    """What was set aside, or whose budget had no room for it."""

    micro: int = 0
    refused_by: str = ""


@dataclass(frozen=True)
class Budget:
    """What one call is charged to on one day, each with its cap in dollars.

    Who dies between reserving and settling has spent what was reserved. A cap is passed by no more
    than what a provider counts beyond that for one call.
    """

    table: Table
    day: str
    caps: Mapping[str, float]
    expires_at: int

    def reserve(self, micro: int) -> Reservation:
        """Set something aside in every budget, or in none."""
        if not micro:
            return Reservation()
        done: list[str] = []
        for whose, usd in self.caps.items():
            try:
                self._count(whose, micro, to_micro(usd))
            except LimitReachedError:
                self._give_back(done, micro)
                return Reservation(refused_by=whose)
            done.append(whose)
        return Reservation(micro)

    def settle(self, reserved: Reservation, micro: int) -> None:
        """Put what a call has cost in the place of what was set aside."""
        self._give_back(list(self.caps), reserved.micro - micro)

    def spent(self, whose: str) -> int:
        """Return what was spent and set aside today, in micro-dollars."""
        record = self.table.get(f"SPEND#{whose}", self.day)
        return int(record.numbers.get(_NUMBER, 0)) if record else 0

    def _give_back(self, whose: Sequence[str], micro: int) -> None:
        if micro:
            for one in whose:
                self._count(one, -micro, None)

    def _count(self, whose: str, micro: int, most: int | None) -> None:
        place = (f"SPEND#{whose}", self.day)
        self.table.count(Count(*place, _NUMBER, micro, most, expires_at=self.expires_at))
