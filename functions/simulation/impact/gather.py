"""Gather recorded decisions into parts of one bundle each, with what came of each. Pure."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from functions.simulation.columns.archive import Part
from functions.simulation.columns.line import Recorded
from functions.simulation.columns.pack import Packer
from functions.simulation.impact.partial import MOST_LEADS, Partial

PART_SIZE = 25_000
WINDOW = timedelta(days=14)
"""How long an outcome may take: `functions.learning.learn.WINDOW`."""


@dataclass
class PartSorter:
    """Decisions as they come, packed into parts of one bundle each."""

    size: int = PART_SIZE
    seen: int = 0
    _ids: set[str] = field(default_factory=set)
    _open: dict[str, Packer] = field(default_factory=dict)

    def add(self, record: Recorded) -> Iterator[Part]:
        """Take one more decision; yield the part that it has filled. A repeat is passed over."""
        decision_id = str(record.decision["decision_id"])
        if decision_id in self._ids:
            return
        self._ids.add(decision_id)
        self.seen += 1
        digest = str(record.decision["bundle"])
        packer = self._open.setdefault(digest, Packer())
        packer.add(record)
        if len(packer.records) >= self.size:
            yield self._open.pop(digest).part()

    def rest(self) -> Iterator[Part]:
        """Yield what is left."""
        for packer in self._open.values():
            yield packer.part()
        self._open.clear()


def read_reward(
    decision: dict[str, Any], rewarded: AbstractSet[str], now: datetime
) -> float | None:
    """Return what came of a decision; None while something may still come."""
    if decision["decision_id"] in rewarded:
        return 1.0
    at = datetime.fromisoformat(decision["decided_at"])
    return 0.0 if now - at > WINDOW else None


def count_unknown(part: Part) -> Partial:
    """Return what can be said of decisions whose own bundle is not at hand: that they are there."""
    found = Partial(decisions=part.count, left_out=part.count)
    found.unknown[f"decisions made under {part.bundle[:12]}, which is not at hand"] = part.count
    found.left_out_ids = [str(part.ids.fact(i)) for i in range(min(MOST_LEADS, part.count))]
    return found
