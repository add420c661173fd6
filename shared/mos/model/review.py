"""A pair that is likely one, and not likely enough to be merged unasked."""

from mos.model.base import Instant, Stored, derive_id


class Review(Stored):
    """Two identifiers (`kind` person), or an identifier and a domain (`kind` account)."""

    kind: str
    left: str
    right: str
    probability: float
    why: str
    at: Instant

    @property
    def review_id(self) -> str:
        """Return the id that this pair always has."""
        return derive_id("rev", self.kind, self.left, self.right)
