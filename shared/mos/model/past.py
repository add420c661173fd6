"""What the ledger knew of a group when something was decided about it."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from mos.model.base import Stored


class Past(Stored):
    """What was done lately, and how much room that leaves.

    `used` and `opens` are keyed by a cap's counter (`subject#channel#168h`): touches in its window
    by their weight, rounded up, and hours until a full one has room for a whole one; `used_exactly`
    has the sums that are not whole. `hours_since` is keyed by
    `person|action`, `loads` (the hand-offs that each rep of the line holds) and `today` (those
    since the rota's day began) by rep; `keeper` is who took this account last,
    `keeper_hours` ago; `keeper_decisions` are those by which they have this group. `volumes` and
    `prices` are by constraint on the whole business: how much of it is used, and what a unit
    costs now.
    """

    used: dict[str, int] = Field(default_factory=dict)
    opens: dict[str, float] = Field(default_factory=dict)
    hours_since: dict[str, float] = Field(default_factory=dict)
    loads: dict[str, int] = Field(default_factory=dict)
    today: dict[str, int] = Field(default_factory=dict)
    keeper: str | None = None
    keeper_hours: float | None = None
    keeper_decisions: tuple[str, ...] = ()
    volumes: dict[str, float] = Field(default_factory=dict)
    prices: dict[str, float] = Field(default_factory=dict)
    used_exactly: dict[str, float] = Field(default_factory=dict)

    def count_used(self, counter: str) -> float:
        """Return how much of a cap is used, by the weight of what was done."""
        return self.used_exactly.get(counter, self.used.get(counter, 0))

    def hours(self, person_id: str, action: str) -> float | None:
        """Return how long ago an action was done to somebody; None where it never was."""
        return self.hours_since.get(f"{person_id}|{action}")


FIELDS = tuple(Past.model_fields)


def gather_past(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record whose past is one value: records of before 2026-12 kept its fields apart.

    >>> gather_past({"seed": "s", "used": {"c": 1}})
    {'seed': 's', 'past': {'used': {'c': 1}}}
    """
    apart = {name: record[name] for name in FIELDS if name in record}
    if not apart:
        return dict(record)
    rest = {name: value for name, value in record.items() if name not in apart}
    return rest | {"past": apart | dict(record.get("past") or {})}


def scatter_past(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with the fields of its past apart, as they were kept before 2026-12."""
    rest = {name: value for name, value in record.items() if name != "past"}
    return rest | dict(record.get("past") or {})
