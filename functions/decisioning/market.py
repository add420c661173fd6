"""What is scarce for everybody: how much is used, and what decisions bid for it.

decisions: `VOLUME#<constraint>/<window>` with the number `used` in hundredths, `BID#<constraint>/
<decided_at>#<decision>` with the numbers `margin` and `use`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from functions.decisioning.constrain import Bid, price
from mos.model.constraint import Constraint
from mos.model.decision import Decision
from mos.ports import Count, Record, Save, Table

_BIDS = 100
_LATELY = timedelta(days=7)
_PARTS = 100
"""A number counts in whole steps: hundredths of a touch or a dollar."""


class Market:
    """Volumes and bids of the constraints on the whole business."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def of(
        self, constraints: Sequence[Constraint], at: datetime
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return how much of each constraint is used in its window, and what a unit costs now."""
        if not constraints:
            return {}, {}
        keys = {one.name: (f"VOLUME#{one.name}", str(_window(one, at))) for one in constraints}
        found = self._table.get_many(list(keys.values()))
        volumes, prices = {}, {}
        for one in constraints:
            record = found.get(keys[one.name])
            used = record.numbers.get("used", 0) / _PARTS if record else 0.0
            if used:
                volumes[one.name] = used
            value = price(self._bids(one, at), one.at_most - used, _hours_left(one, at))
            if value:
                prices[one.name] = round(value, 6)
        return volumes, prices

    def _bids(self, one: Constraint, at: datetime) -> list[Bid]:
        records = self._table.query(f"BID#{one.name}", newest_first=True, limit=_BIDS)
        found = []
        for record in records:
            age = at - datetime.fromisoformat(record.sk.split("#")[0])
            if timedelta() <= age <= _LATELY:
                numbers = record.numbers
                hours = age.total_seconds() / 3600
                found.append(Bid(hours, numbers.get("margin", 0.0), numbers.get("use", 1.0)))
        return found

    def changes(
        self, decision: Decision, uses: Sequence[tuple[Constraint, float]]
    ) -> list[Save | Count]:
        """Return what a decision bids, and what it uses up, as parts of its transaction."""
        at = decision.decided_at
        expires_at = int((at + 2 * _LATELY).timestamp())
        bids: list[Save | Count] = [
            Save(
                Record(
                    f"BID#{name}",
                    f"{at.isoformat()}#{decision.decision_id}",
                    numbers={"margin": margin, "use": use},
                    expires_at=expires_at,
                )
            )
            for name, (margin, use) in decision.bids.items()
        ]
        return bids + [
            Count(
                f"VOLUME#{one.name}",
                str(_window(one, at)),
                "used",
                amount=round(use * _PARTS),
                at_most=int(one.at_most * _PARTS),
                expires_at=(_window(one, at) + 2) * one.hours * 3600,
            )
            for one, use in uses
            if use
        ]


def _window(one: Constraint, at: datetime) -> int:
    """Return the number of the window that a moment falls in: days begin at midnight, UTC."""
    return int(at.timestamp() // (one.hours * 3600))


def _hours_left(one: Constraint, at: datetime) -> float:
    span = one.hours * 3600
    return (span - at.timestamp() % span) / 3600
