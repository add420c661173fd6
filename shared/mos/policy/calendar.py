"""When an office or a person is at work: their zone, their hours, their holidays. Pure.

Hours are written as people do: `Mon-Fri 08:30-18:00`, several of them with `;` between, or
`always`. Days are those of the zone, so that summer time, weekends and holidays are those of the
place. Zones are the IANA's.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(
    r"([a-z]{3})(?:\s*[-\u2013]\s*([a-z]{3}))?\s+(\d{1,2}):(\d\d)\s*[-\u2013]\s*(\d{1,2}):(\d\d)"
)
_MOST_MINUTES = 1_000_000.0
_LONGEST = 400
"""Days that are looked through for the next one at work."""
Span = tuple[time, timedelta]
"""When a day's work begins, and how long it takes."""
Hours = Mapping[int, tuple[Span, ...]]
"""The spans of each weekday, 1 being Monday."""


class HoursError(ValueError):
    """Hours or a zone that cannot be read; the text says what was expected."""


def read_hours(text: str) -> Hours:
    """Return working hours as they are written.

    >>> [len(read_hours("Mon-Thu 09:00-12:00; Mon-Thu 13:00-17:00").get(d, ())) for d in (1, 5)]
    [2, 0]

    Raises:
        HoursError: they are not written so.
    """
    if text.strip().lower() == "always":
        return dict.fromkeys(range(1, 8), ((time(0), timedelta(days=1)),))
    found: dict[int, list[Span]] = {}
    for part in text.split(";"):
        match = _SPAN.fullmatch(part.strip().lower())
        if match is None:
            raise HoursError(f"{part.strip()!r}: write hours as `Mon-Fri 08:30-18:00`, or `always`")
        span = _read_span(part, *map(int, match.groups()[2:]))
        for day in _list_days(part, match[1], match[2] or match[1]):
            found.setdefault(day, []).append(span)
    for spans in found.values():
        spans.sort()
        for (begins, lasts), (after, _) in pairwise(spans):
            if _since_midnight(begins) + lasts > _since_midnight(after):
                raise HoursError(f"{text.strip()!r}: two spans of one day overlap")
    return {day: tuple(spans) for day, spans in found.items()}


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def _read_span(part: str, *clock: int) -> Span:
    begins, ends = (
        timedelta(hours=clock[0], minutes=clock[1]),
        timedelta(hours=clock[2], minutes=clock[3]),
    )
    if not begins < ends <= timedelta(days=1) or max(clock[1], clock[3]) > 59:  # noqa: PLR2004  minutes
        raise HoursError(f"{part.strip()!r}: a day's work begins before it ends, by 24:00")
    return time(clock[0], clock[1]), ends - begins


def _list_days(part: str, first: str, last: str) -> Iterator[int]:
    if first not in _DAYS or last not in _DAYS:
        raise HoursError(f"{part.strip()!r}: days are Mon, Tue, Wed, Thu, Fri, Sat, Sun")
    place, end = _DAYS.index(first), _DAYS.index(last)
    # A week may begin on a Sunday: Sun-Thu.
    yield from ((place + n) % 7 + 1 for n in range((end - place) % 7 + 1))


def read_place(name: str) -> ZoneInfo:
    """Return a zone by its IANA name.

    Raises:
        HoursError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise HoursError(f"{name!r} is no time zone, such as Europe/Berlin") from None


@dataclass(frozen=True)
class WorkCalendar:
    """When somebody is at work. `is_holiday` is asked about days of their own zone."""

    zone: ZoneInfo
    hours: Hours
    is_holiday: Callable[[date], bool]

    def find_day(self, at: datetime) -> date:
        """Return which day it is where they are."""
        return at.astimezone(self.zone).date()

    def is_open(self, at: datetime) -> bool:
        """Say whether they are at work at a moment; when work ends, it is over."""
        return any(begins <= at < ends for begins, ends in self._spans(self.find_day(at)))

    def find_opening(self, at: datetime) -> datetime | None:
        """Return when they are next at work: that very moment, if they are; None if never."""
        if self.is_open(at):
            return at
        return next((begins for begins, _ in self._spans_from(at) if begins >= at), None)

    def add_work(self, at: datetime, minutes: float) -> datetime:
        """Return the moment by which so many minutes of work have passed.

        Who is never at work has no such moment: the minutes are counted as they go by.
        """
        left = timedelta(minutes=max(0.0, min(minutes, _MOST_MINUTES)))
        for begins, ends in self._spans_from(at):
            since = max(begins, at)
            if ends <= since:
                continue
            if left <= ends - since:
                return since + left
            left -= ends - since
        return at + left

    def _spans_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        first = self.find_day(at)
        for number in range(_LONGEST):
            yield from self._spans(first + timedelta(days=number))

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return a day's spans in UTC."""
        if day.isoweekday() not in self.hours or self.is_holiday(day):
            return []
        found = []
        for begins, lasts in self.hours[day.isoweekday()]:
            start = datetime.combine(day, begins, self.zone)
            # By the clock on the wall: the day on which clocks change is shorter or longer.
            end = datetime.combine(day, time(0), self.zone) + (
                datetime.combine(day, begins) - datetime.combine(day, time(0)) + lasts
            )
            found.append((start.astimezone(UTC), end.astimezone(UTC)))
        return found

    def start_day(self, at: datetime) -> datetime:
        """Return when the day began where they are."""
        return datetime.combine(self.find_day(at), time(0), self.zone).astimezone(UTC)
