"""When caps have room for one touch more, by what left and what is leaving. Pure.

A touch of which nobody knows which of several tries arrived has several moments: it counts once in
every window that holds any of them. What another function's clock puts a little later than now
counts as well: a window is full if any that holds the moment is.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import Field

from mos.model.base import Instant, Stored
from mos.model.limit import LONGEST, Limit, RecipientCalendar, Window

_SLACK = 1e-9
NEVER = datetime.max.replace(tzinfo=UTC)
"""No touch of this weight ever fits into such a cap."""
FindCalendar = Callable[[datetime], RecipientCalendar]
"""Says which days and weeks it may be at a moment where somebody is."""


class LeftTouch(Stored):
    """One touch: the moments at which it left, or may have; its channel and its weight.

    One that was `observed` reached them outside the path: it has no delivery of ours, and is kept
    by the ledger alone.
    """

    touch_id: str
    at: tuple[Instant, ...]
    channel: str
    weight: float = 1.0
    observed: bool = False


class LeftTouches(Stored):
    """The touches of one person, group or account."""

    touches: tuple[LeftTouch, ...] = Field(default=())


@dataclass(frozen=True)
class CountedCap:
    """A cap with the touches that count in it, whichever their channel."""

    limit: Limit
    touches: tuple[LeftTouch, ...]

    def find_next(
        self, weight: float, at: datetime, calendar: RecipientCalendar
    ) -> tuple[float, datetime] | None:
        """Return how full it is at a moment, and before when it is no less; None: it has room."""
        limit = self.limit
        counted = [one for one in self.touches if limit.covers(one.channel)]
        if limit.window is Window.ROLLING:
            return _find_rolling(counted, limit, weight, at, timedelta(hours=limit.window_hours))
        periods = calendar.periods(limit.window)
        if not periods:
            return _find_rolling(counted, limit, weight, at, LONGEST[limit.window])
        if weight > limit.at_most + _SLACK:
            return 0.0, NEVER
        sums = [(_sum(one for one in counted if any(map(p.holds, one.at))), p) for p in periods]
        full = [(total, p.until) for total, p in sums if total + weight > limit.at_most + _SLACK]
        return (max(total for total, _ in full), max(until for _, until in full)) if full else None


def find_opening(
    caps: Sequence[CountedCap], weight: float, at: datetime, until: datetime, find: FindCalendar
) -> datetime | None:
    """Return the first moment from `at` to `until` at which each cap has room; None: there is none.

    As things are now: what is given back, or leaves meanwhile, may change it.
    """
    moment = at
    while moment <= until:
        calendar = find(moment)
        found = [cap.find_next(weight, moment, calendar) for cap in caps]
        later = max((one[1] for one in found if one is not None), default=None)
        if later is None:
            return moment
        moment = later
    return None


def find_full(
    caps: Iterable[CountedCap], weight: float, at: datetime, find: FindCalendar
) -> list[tuple[Limit, float]]:
    """Return the caps that have no room at a moment, each with how full it is."""
    calendar = find(at)
    found = [(cap.limit, cap.find_next(weight, at, calendar)) for cap in caps]
    return [(limit, one[0]) for limit, one in found if one is not None]


def _find_rolling(
    counted: list[LeftTouch], limit: Limit, weight: float, at: datetime, window: timedelta
) -> tuple[float, datetime] | None:
    """Look at every window that begins with a touch, or now, and holds this moment."""
    moments = sorted({m for one in counted for m in one.at if abs(at - m) < window})
    starts = [m for m in moments if m <= at] + [at]
    most = max(
        _sum(one for one in counted if any(s <= m < s + window for m in one.at)) for s in starts
    )
    if most + weight <= limit.at_most + _SLACK:
        return None
    return most, min((m + window for m in moments), default=NEVER)


def _sum(touches: Iterable[LeftTouch]) -> float:
    return round(sum(one.weight for one in touches), 6)
