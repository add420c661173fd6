"""What a human should look at: pairs that are likely, and not likely enough.

identity: `REVIEW/<review id>`.
"""

from collections.abc import Iterable

from mos.identity.correction import PRIVILEGED, is_allowed
from mos.model.review import Review
from mos.model.signal import Signal
from mos.ports import Record, Table


class ReviewQueue:
    """The review band: each pair once, until a human has said yes or no."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, review: Review) -> None:
        self._table.put_new(Record("REVIEW", review.review_id, review.canonical()))

    def take(self, signals: Iterable[Signal]) -> None:
        """Close what a human has answered."""
        for signal in signals:
            said = signal.properties
            if said.get("review") and is_allowed(signal) and signal.source in PRIVILEGED:
                self.close(str(said["review"]))

    def close(self, review_id: str) -> None:
        self._table.delete("REVIEW", review_id)
