"""What is scarce for everybody: how much is used, and what decisions bid for it.

decisions: `VOLUME#<constraint>/<window>#<cell>` with the number `used` in hundredths (once in one
item, `…/<window>`), `BID#<constraint>/<decided_at>#<decision>` with the numbers `margin` and `use`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from functions.decisioning import cells
from functions.decisioning.constrain import Bid, price
from mos.errors import LimitReachedError
from mos.model.base import canonical
from mos.model.constraint import Constraint
from mos.model.decision import Decision
from mos.ports import Count, Record, Save, Table

_BIDS = 100
_LATELY = timedelta(days=7)
_VOLUME, _CELLS = "VOLUME#", "cells"
_PARTS = 100
"""A number counts in whole steps: hundredths of a touch or a dollar."""


@dataclass(frozen=True)
class Used:
    """How much of a constraint is used in a window, in hundredths: in each cell, and in none."""

    cells: Mapping[int, int] = field(default_factory=dict)
    beside: int = 0

    @property
    def total(self) -> float:
        """Return it in touches or dollars."""
        return (self.beside + sum(self.cells.values())) / _PARTS


class Market:
    """Volumes and bids of the constraints on the whole business."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self, constraints: Sequence[Constraint], at: datetime) -> dict[str, Used]:
        """Return how much of each constraint is used in its window."""
        return {one.name: self._read(one, str(_window(one, at))) for one in constraints}

    def _read(self, one: Constraint, window: str) -> Used:
        found, beside = dict[int, int](), 0
        for record in self._table.between(f"VOLUME#{one.name}", window, f"{window}#~"):
            _, cell, number = record.sk.partition("#")
            used = int(record.numbers.get("used", 0))
            if cell:
                found[int(number)] = used
            else:
                beside = used
        return Used(found, beside)

    def of(
        self, constraints: Sequence[Constraint], scarce: Mapping[str, Used], at: datetime
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return how much of each constraint is used in its window, and what a unit costs now."""
        volumes, prices = {}, {}
        for one in constraints:
            used = scarce[one.name].total
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
        self,
        decision: Decision,
        uses: Sequence[tuple[Constraint, float]],
        scarce: Mapping[str, Used],
        point: float,
    ) -> list[Save | Count]:
        """Return what a decision bids, and what it uses up, as parts of its transaction.

        Raises:
            LimitReachedError: a constraint has no room for it.
        """
        at = decision.decided_at
        expires_at = int((at + 2 * _LATELY).timestamp())
        found: list[Save | Count] = [
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
        for one, use in uses:
            if amount := round(use * _PARTS):
                found += _counts(one, amount, scarce.get(one.name, Used()), at, point)
        return found


def note_cells(changes: Iterable[Save | Count]) -> dict[str, str]:
    """Return which cells a decision took how much of, as a tag; empty where it took none."""
    took = {
        f"{one.pk}|{one.sk}": one.amount
        for one in changes
        if isinstance(one, Count) and one.pk.startswith(_VOLUME)
    }
    return {_CELLS: canonical(took)} if took else {}


def give_cells_back(table: Table, tags: Mapping[str, str], now: datetime) -> list[Count]:
    """Return what gives cells back what a decision took of them, as parts of a transaction.

    A window that is over has nothing to give back to.
    """
    took: dict[str, int] = json.loads(tags.get(_CELLS, "{}"))
    places = {
        (pk, sk): part for place, part in took.items() for pk, _, sk in [place.partition("|")]
    }
    held = table.get_many(list(places)) if places else {}
    soon = int((now + timedelta(hours=1)).timestamp())
    return [
        Count(pk, sk, "used", amount=-part, expires_at=held[pk, sk].expires_at)
        for (pk, sk), part in places.items()
        if (pk, sk) in held and (held[pk, sk].expires_at or 0) > soon
    ]


def _counts(one: Constraint, amount: int, used: Used, at: datetime, point: float) -> list[Count]:
    window = _window(one, at)
    step = _PARTS if one.unit == "touches" else 1
    rooms = cells.rooms(used.cells, used.beside, int(one.at_most * _PARTS), step)
    taken = cells.take(rooms, amount, point)
    if not taken:
        raise LimitReachedError(f"VOLUME#{one.name}/{window}")
    return [
        Count(
            f"VOLUME#{one.name}",
            f"{window}#{cell}",
            "used",
            amount=part,
            at_most=used.cells.get(cell, 0) + rooms[cell],
            expires_at=(window + 2) * one.hours * 3600,
        )
        for cell, part in taken.items()
    ]


def _window(one: Constraint, at: datetime) -> int:
    """Return the number of the window that a moment falls in: days begin at midnight, UTC."""
    return int(at.timestamp() // (one.hours * 3600))


def _hours_left(one: Constraint, at: datetime) -> float:
    span = one.hours * 3600
    return (span - at.timestamp() % span) / 3600
