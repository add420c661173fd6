"""What both doors share: whoever was let in gets a desk, and every call is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.agent.guard import (
    DryRun,
    GuardedParking,
    GuardedQueue,
    GuardedRuns,
    GuardedSimulation,
    GuardedTable,
    Metered,
    Turnstile,
)
from functions.agent.repository import Audit
from functions.agent.tool import NO_OPERATIONS, NO_SIMULATION, Desk, Scope, Simulation
from mos.model.mandate import Mandate
from mos.policy.bundle.bundle import Bundle
from mos.ports import Parking, Queue, Runs, Table

Note = Callable[[str, Mapping[str, object], str], None]
"""Keeps which tool was called, with which arguments, and how it ended."""

OWN = "own"
"""What a tool calls the table of the layer that it is asked in."""


@dataclass(frozen=True)
class Reception:
    """Tables, bundles and the lane of one door; `own` is the one table that it writes."""

    tables: Callable[[str], Table]
    bundle: Callable[[str | None], Bundle]
    words: Queue
    own: str
    simulation: Simulation = NO_SIMULATION
    runs: Runs = NO_OPERATIONS
    parking: Parking = NO_OPERATIONS

    def open_desk(self, mandate: Mandate, tools: tuple[str, ...], now: datetime) -> Desk:
        """Return a desk for somebody's tools, once the request is counted.

        Raises:
            LimitReachedError: this minute's requests are used up.
        """
        audit = Audit(self.tables(self.own))
        audit.admit(mandate.name, mandate.requests_per_minute, now)

        most = _list_budgets(mandate)

        def charge(spent: Mapping[str, int]) -> None:
            for what, amount in spent.items():
                if amount:
                    audit.spend(mandate.name, what, amount, most[what], now)

        turnstile = DryRun() if mandate.dry_run else Metered(charge)
        return Desk(
            tables=lambda name: self._table(name, turnstile),
            bundle=self.bundle,
            signals=GuardedQueue(self.words, turnstile),
            scope=Scope(
                agent=mandate.name,
                why=mandate.why,
                tools=tools,
                personal_data=mandate.personal_data,
                requests_per_minute=mandate.requests_per_minute,
            ),
            now=now,
            simulation=GuardedSimulation(self.simulation, turnstile, charge),
            runs=GuardedRuns(self.runs, turnstile),
            parking=GuardedParking(self.parking, turnstile),
            charge=charge,
        )

    def _table(self, name: str, turnstile: Turnstile) -> Table:
        if name in (OWN, self.own):
            return GuardedTable(self.tables(self.own), turnstile)
        return self.tables(name)

    def note_of(self, desk: Desk) -> Note:
        """Return what keeps the calls that are answered at a desk."""
        audit = Audit(self.tables(self.own))
        return lambda tool, arguments, end: audit.note(desk.scope, tool, arguments, end, desk.now)


def _list_budgets(mandate: Mandate) -> dict[str, int]:
    """Return what somebody may use up in a day, by what it is counted in."""
    return {
        "proposals": mandate.proposals_per_day,
        "touches": mandate.touches_per_day,
        "tokens": mandate.tokens_per_day,
        "microdollars": round(mandate.dollars_per_day * 1_000_000),
    }
