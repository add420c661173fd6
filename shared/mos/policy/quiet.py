"""When nothing may leave for somebody: the night and the holidays where they are. Pure.

Which hours and days are quiet, for which channels and classes of action, is said by the rows of
`gates/contact_policy` that deny by `person.local_hour` or `person.on_holiday`. Where somebody may
be in several zones it is quiet while it is quiet in any of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from mos.model.action import ActionClass
from mos.model.base import Fact, Facts
from mos.policy.bundle.bundle import Bundle
from mos.policy.fact_values import listed
from mos.policy.sales_team import find_holiday
from mos.policy.table.condition import holds
from mos.policy.table.table import Row
from mos.policy.zone import find_zones, hour_in, open_zone

GATE, CALENDARS = "gates/contact_policy", "contact/calendars"
HOUR, HOLIDAY, ACTIVE = "person.local_hour", "person.on_holiday", "person.hours_since_active"
QUIET = "person.quiet_hours"
"""With a channel's name after it: in how many hours something may leave over it."""
ELSEWHERE = "zones_where_unknown"
_STEP, _LONGEST = timedelta(minutes=15), timedelta(days=30)
_CLOCK = (HOUR, HOLIDAY)
_MOVING = (*_CLOCK, ACTIVE)
"""What changes as time goes by."""
_OWN_DOING = frozenset(
    f"person.hours_since.{kind}"
    for kind in (
        "page", "identify", "track", "lead_submitted", "meeting_booked", "email_clicked",
        "email_replied", "routing_form_submitted",
    )
)  # fmt: skip
"""What somebody does themselves, and not what is done about them."""


@dataclass(frozen=True)
class Whereabouts:
    """In which zones somebody may be, and whose holidays they keep, where the bundle says."""

    zones: tuple[ZoneInfo, ...]
    calendar: str


def find_quiet_end(
    facts: Facts, channel: str, action_class: ActionClass, now: datetime, bundle: Bundle
) -> datetime | None:
    """Return until when nothing may leave for somebody, in UTC; None where it may leave now.

    `facts` are the person's as they are at `now`: `person.timezone`, `person.country`,
    `person.company_country` (or `account.country`) and `person.hours_since.…` count, each if it is
    known. Who has not said where they are may be in any of `zones_where_unknown`. What a quiet row
    asks that is not known here counts against sending. A time is at most thirty days away: ask
    again then.
    """
    rows = _list_rows_in_play(facts, channel, action_class, bundle)
    where, active = find_whereabouts(facts, bundle), find_activity(facts).get(ACTIVE)
    moment = now
    while rows and _is_quiet(rows, where, active, moment, moment - now, bundle):
        moment = _next_quarter(moment)
        if moment - now > _LONGEST:
            break
    return None if moment == now else moment


def find_whereabouts(facts: Facts, bundle: Bundle) -> Whereabouts:
    """Return where somebody may be by their own zone, their country, or their company's."""
    countries = tuple(
        facts.get(f"{name}country") for name in ("person.", "person.company_", "account.")
    )
    zones = find_zones(facts.get("person.timezone"), countries)
    if not zones:
        zones = tuple(z for name in listed(ELSEWHERE, bundle) if (z := open_zone(name)))
    calendar = ""
    if CALENDARS in bundle.names("tables"):
        asked: Facts = {"person.country": next((c for c in countries if c is not None), None)}
        calendar = str(bundle.table(CALENDARS).evaluate(asked).output.get("calendar") or "")
    return Whereabouts(zones, calendar)


def find_activity(facts: Mapping[str, Fact]) -> Facts:
    """Return how many hours ago somebody last did anything themselves; nothing if they never did.

    >>> find_activity({"person.hours_since.page": 3.0, "person.hours_since.email_bounced": 1.0})
    {'person.hours_since_active': 3.0}
    """
    ages = [v for n, v in facts.items() if n in _OWN_DOING and isinstance(v, int | float)]
    return {ACTIVE: min(ages)} if ages else {}


def home_facts(facts: Facts, at: datetime, bundle: Bundle) -> Facts:
    """Return what policy may ask about where somebody is: facts, and no place is among them.

    `person.local_hour` is the hour there: where it may be several, one at which it is quiet, if
    there is one. `person.on_holiday` says whether anywhere they may be it is a holiday.
    `person.quiet_hours.<channel>` is in how many hours a default action may leave, where it is
    quiet. `person.hours_since_active` is how long ago they did anything themselves.
    """
    where, found = find_whereabouts(facts, bundle), find_activity(facts)
    channels, default = list_quiet_channels(bundle), ActionClass.DEFAULT
    rows = [r for c in channels for r in _list_rows_in_play(facts, c, default, bundle)]
    clocks = [_read_clock(zone, where, at, bundle) for zone in where.zones]
    quiet = (clock for clock in clocks if any(_bars(row, clock | found) for row in rows))
    if clocks:
        found |= next(quiet, clocks[0])
        if any(clock.get(HOLIDAY) for clock in clocks):
            found[HOLIDAY] = True
    for channel in channels:
        end = find_quiet_end(facts, channel, default, at, bundle)
        if end is not None:
            found[f"{QUIET}.{channel}"] = round((end - at).total_seconds() / 3600, 4)
    return found


def _list_rows_in_play(
    facts: Facts, channel: str, action_class: ActionClass, bundle: Bundle
) -> tuple[Row, ...]:
    """Return the quiet rows that may hold at some hour, whatever is not known beside the clock."""
    said = facts | {"action.channel": channel, "action.class": action_class.value}
    return tuple(
        row
        for row in _clock_rows(bundle)
        if all(
            name in _MOVING or holds(cell, said.get(name)) is not False
            for name, cell in row.when.items()
        )
    )


def _is_quiet(
    rows: tuple[Row, ...],
    where: Whereabouts,
    active: Fact,
    at: datetime,
    later: timedelta,
    bundle: Bundle,
) -> bool:
    now: Facts = {}
    if isinstance(active, int | float):
        now[ACTIVE] = active + later.total_seconds() / 3600
    clocks = (_read_clock(zone, where, at, bundle) | now for zone in where.zones)
    return any(_bars(row, clock) for clock in clocks for row in rows)


def _bars(row: Row, clock: Facts) -> bool:
    """Say whether a row denies at an hour; who never did anything was not here just now."""
    for name, cell in row.when.items():
        if name in _CLOCK and holds(cell, clock.get(name)) is not True:
            return False
        if name == ACTIVE and holds(cell, clock.get(name)) is False:
            return False
    return True


def _read_clock(zone: ZoneInfo, where: Whereabouts, at: datetime, bundle: Bundle) -> Facts:
    clock: Facts = {HOUR: hour_in(zone, at)}
    if where.calendar:
        day = at.astimezone(zone).date()
        clock[HOLIDAY] = bool(find_holiday(bundle, where.calendar, day))
    return clock


def _next_quarter(at: datetime) -> datetime:
    """Return the next quarter of an hour, UTC: every zone's hours begin at one."""
    start = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    passed = (at - start) // _STEP + 1
    return start + passed * _STEP


@lru_cache(maxsize=16)
def _clock_rows(bundle: Bundle) -> tuple[Row, ...]:
    """Return the rows that deny by the clock; none where the bundle has no such gate."""
    if GATE not in bundle.names("tables"):
        return ()
    return tuple(
        row
        for row in bundle.page(GATE).rows
        if not row.then.get("allow", True) and any(name in row.when for name in _CLOCK)
    )


@lru_cache(maxsize=16)
def list_quiet_channels(bundle: Bundle) -> tuple[str, ...]:
    """Return the channels that quiet rows name."""
    cells = [row.when.get("action.channel") for row in _clock_rows(bundle)]
    return tuple(sorted({str(name) for cell in cells if cell for name in cell.any_of}))
