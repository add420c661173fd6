"""Ids under which somebody was known before, and what was done to them counts still."""

from datetime import datetime

from mos.model.base import Instant, Stored


class FormerId(Stored):
    """An id whose touches count for a person too: they were one, or were taken for one.

    Without `since` and `until` all of them do: the id leads to the person now. After an unmerge
    those of the stretch in which both were one count for both: nobody knows whom they reached.
    """

    person_id: str
    since: Instant | None = None
    until: Instant | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether a touch of that moment counts."""
        return (self.since is None or self.since < at) and (self.until is None or at <= self.until)
