"""Until when somebody is away who has said so. Pure."""

from datetime import UTC, date, datetime, time, timedelta

from mos.model.signal import Signal
from mos.reply.effect import kind_of
from mos.reply.kind import ReplyKind

AWAY = "away_until"
"""The property of an answer that says from which day mail may go again."""
_YEAR = timedelta(days=366)


def read_day(value: object) -> date | None:
    """Return the day that a word writes, or None.

    >>> read_day("2027-01-05").isoformat(), read_day("soon")
    ('2027-01-05', None)
    """
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def find_away(signal: Signal, usual_days: float) -> datetime | None:
    """Return until when an answer says that its author is away, or None where it says nothing.

    Where no day can be read of somebody who is away it is so many days as usual. A day in the past
    or more than a year away is none.
    """
    kind = kind_of(signal)
    if kind is None or signal.is_test:
        return None
    stated = read_day(signal.properties.get(AWAY))
    day = signal.occurred_at.date()
    if stated is not None and day < stated <= day + _YEAR:
        return datetime.combine(stated, time(), UTC)
    if kind is not ReplyKind.OUT_OF_OFFICE:
        return None
    return signal.occurred_at + timedelta(days=usual_days)
