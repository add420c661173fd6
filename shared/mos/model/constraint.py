"""A limit on the whole business: so many hand-offs a day, so many dollars of media."""

from typing import Literal

from pydantic import Field

from mos.model.base import Stated


class Constraint(Stated):
    """At most so much of some actions in each window of `hours`, over all accounts.

    `unit` says what is counted: touches, or US dollars of cost.
    """

    name: str
    why: str
    owner: str
    actions: tuple[str, ...] = Field(min_length=1)
    unit: Literal["touches", "usd"] = "touches"
    at_most: float = Field(gt=0)
    hours: int = Field(default=24, ge=1, le=8760)
