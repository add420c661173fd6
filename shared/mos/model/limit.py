"""A cap on touches: of whom, over which channels, how many in which window."""

from datetime import datetime, timedelta
from enum import StrEnum

from mos.model.base import Instant, Stored

ANY = "any"
JOINED = "+"
"""Between the channels that one cap counts together: `sms+hubspot_task`."""


class Window(StrEnum):
    """What a cap counts in: the last so many hours, or a day or a week of who is touched."""

    ROLLING = "rolling"
    DAY = "day"
    WEEK = "week"


CALENDAR = (Window.DAY, Window.WEEK)
LONGEST = {Window.DAY: timedelta(hours=26), Window.WEEK: timedelta(days=7, hours=2)}
"""No zone has a longer day or week: clocks go back by an hour, at Troll station by two."""


class Period(Stored):
    """A day or a week of some time zone, by the moments at which it begins and ends."""

    since: Instant
    until: Instant

    def holds(self, at: datetime) -> bool:
        """Say whether a moment lies in it."""
        return self.since <= at < self.until


class RecipientCalendar(Stored):
    """The days and weeks that it may be now where somebody is, one for each zone that keeps others.

    None where it is not known in which zones they may be.
    """

    day: tuple[Period, ...] = ()
    week: tuple[Period, ...] = ()

    def periods(self, window: Window) -> tuple[Period, ...]:
        """Return the days or the weeks."""
        return self.day if window is Window.DAY else self.week


class Limit(Stored):
    """A cap on touches: at most `at_most` in a window, per person, group or account.

    `window_hours` is how long the window is; of a calendar's it is the usual length, by which a
    release goes that knows no calendars. `people` are those for whom it holds; none named: all.
    """

    scope: str
    channel: str
    at_most: int
    window_hours: int
    row: str
    window: Window = Window.ROLLING
    people: tuple[str, ...] = ()

    @property
    def channels(self) -> tuple[str, ...]:
        """Return the channels that are counted together, or `any`."""
        return tuple(self.channel.split(JOINED))

    @property
    def span(self) -> str:
        """Return the window as counters have it: `24h`, `day`, `week`."""
        return f"{self.window_hours}h" if self.window is Window.ROLLING else self.window.value

    def covers(self, channel: str) -> bool:
        """Say whether a touch over a channel counts."""
        return self.channel == ANY or channel in self.channels

    def holds_for(self, person: str | None) -> bool:
        """Say whether it holds for somebody."""
        return not self.people or person in self.people


def list_caps(
    limits: tuple[Limit, ...], group: str, person: str | None, channel: str, account: str = ""
) -> list[tuple[str, Limit]]:
    """Return the counters that a touch on this person and channel uses, each with its cap."""
    subjects = {"group": group, "account": account}
    found = []
    for limit in limits:
        if not (limit.holds_for(person) and limit.covers(channel)):
            continue
        subject = subjects.get(limit.scope, person)
        if subject:
            found.append((f"{subject}#{limit.channel}#{limit.span}", limit))
    return found
