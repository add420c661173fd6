"""What a human should look at: pairs that are likely, and not likely enough.

identity: `REVIEW/<review id>`.
"""

from mos.model.review import Review
from mos.ports import Record, Table


class Reviews:
    """The review band: each pair once, until a human has said yes or no."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, review: Review) -> None:
        self._table.put_new(Record("REVIEW", review.review_id, review.canonical()))

    def close(self, review_id: str) -> None:
        self._table.delete("REVIEW", review_id)
