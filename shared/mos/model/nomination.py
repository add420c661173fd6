"""A nomination: somebody's word for a candidate. It lifts what has passed every gate, no more."""

from pydantic import Field

from mos.model.base import Stored


class Nomination(Stored):
    """Who was nominated for what, by whom, and how sure they were.

    An empty `treatment` means whichever. A nomination of what fell at a gate, or of what there is
    not, stays on record and does nothing.
    """

    person_id: str = Field(min_length=1, max_length=100)
    action: str = Field(min_length=1, max_length=100)
    treatment: str = Field(default="", max_length=100)
    confidence: float = Field(ge=0, le=1, allow_inf_nan=False)
    by: str = Field(min_length=1, max_length=100)
    why: str = Field(default="", max_length=200)


MOST_LIFT = 0.5
"""Whatever the bundle says: a candidate gains at most half as much again from being nominated."""
