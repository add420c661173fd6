"""Somebody's wish to know what is known of them, while it waits for people to answer it."""

from datetime import timedelta

from mos.model.base import Instant, Stored

OPEN = "ACCESS_REQUESTS"
"""identity: the partition of those that wait, `<asked at>#<request id>`, the oldest first."""
CLOSED = "answer"
"""The store's name under which the receipt of an answer is kept."""
DAYS, WARN_DAYS = "data_request_days", "data_request_warn_days"
"""The parameters that say within how many days one is answered, and after how many it is urgent."""


class AccessRequest(Stored):
    """Who asked when, under which number. It names nobody."""

    request_id: str
    person_id: str
    at: Instant

    @property
    def place(self) -> tuple[str, str]:
        """Return the key of its record."""
        return OPEN, f"{self.at.isoformat()}#{self.request_id}"

    def due_at(self, days: float) -> Instant:
        """Return by when it is answered."""
        return self.at + timedelta(days=days)
