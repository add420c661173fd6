"""Who was touched lately: sliding windows that no burst of runs can slip through. Pure.

Counters in fixed windows let twice a cap pass around a border; here each touch is kept with its
moment, and a cap counts those younger than its window.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.decisioning.places import places
from functions.decisioning.turn import line_of
from mos.model.decision import Decision
from mos.model.limit import LONGEST, Limit, RecipientCalendar, Window, list_caps
from mos.model.touched import Touched


def subject_of(counter: str) -> str:
    """Return whom a cap's counter is about.

    >>> subject_of("grp_1#any#168h")
    'grp_1'
    """
    return counter.split("#", 1)[0]


def counters(
    limits: tuple[Limit, ...], group: str, people: Iterable[str], account: str = ""
) -> dict[str, Limit]:
    """Return every counter that a touch of this group could use, with the strictest cap on it."""
    found: dict[str, Limit] = {}
    channels = {channel for limit in limits for channel in limit.channels}
    for person in people:
        for channel in channels:
            for key, limit in list_caps(limits, group, person, channel, account):
                found[key] = min(found.get(key, limit), limit, key=lambda one: one.at_most)
    return found


def used(
    touches: Iterable[Touched],
    limit: Limit,
    at: datetime,
    calendar: RecipientCalendar | None = None,
) -> tuple[float, float | None]:
    """Return how much of a cap is used now, and in how many hours there is room for a whole touch.

    The hours are None where there is room. A cap by the day or week counts in the `calendar` of who
    is touched, in each zone where they may be: the fullest counts. Where none is known it counts
    as many hours back as a day or a week has anywhere.
    """
    counted = [touch for touch in touches if limit.covers(touch.channel)]
    if limit.window is Window.ROLLING:
        return _count_back(counted, limit, timedelta(hours=limit.window_hours), at)
    periods = calendar.periods(limit.window) if calendar else ()
    if not periods:
        return _count_back(counted, limit, LONGEST[limit.window], at)
    sums = [(_whole(sum(t.weight for t in counted if p.holds(t.at))), p) for p in periods]
    ends = [p.until for total, p in sums if limit.at_most >= 1 and total + 1 > limit.at_most]
    return max(total for total, _ in sums), _hours_until(max(ends), at) if ends else None


def _count_back(
    touches: Iterable[Touched], limit: Limit, window: timedelta, at: datetime
) -> tuple[float, float | None]:
    # What leaves later takes of the windows that hold both moments, and of no other.
    counted = sorted((t for t in touches if abs(at - t.at) < window), key=lambda t: t.at)
    total = _whole(sum(t.weight for t in counted))
    left, opens = total, None
    for touch in counted:
        if left + 1 <= limit.at_most:
            break
        left -= touch.weight
        opens = round((window - (at - touch.at)).total_seconds() / 3600, 3)
    return total, opens


def _hours_until(end: datetime, at: datetime) -> float:
    """Return hours, rounded up: a moment before midnight it is still today."""
    return math.ceil((end - at) / timedelta(milliseconds=3.6)) / 1_000_000


def _whole(number: float) -> float:
    """Return a sum of weights; a whole one as records of before had it."""
    rounded = round(float(number), 6)
    return int(rounded) if rounded.is_integer() else rounded


@dataclass(frozen=True)
class Share:
    """How many more touches of a subject its caps let through, and in how many places they lie."""

    room: float
    places: int


def shares(decision: Decision, *, rep: bool) -> dict[str, Share]:
    """Return for whom a touch counts: group, person, account if it is capped, and who takes it."""
    subjects = {
        "group": decision.group_id,
        "person": decision.person_id or decision.group_id,
        "account": decision.account_id,
    }
    scopes = {limit.scope for limit in decision.limits} | {"group", "person"}
    found = {}
    for scope in sorted(scopes & set(subjects)):
        subject = subjects[scope]
        ours = [limit for limit in decision.limits if limit.scope == scope]
        found[subject] = Share(_room(decision, subject), places(sum(one.at_most for one in ours)))
    if rep and decision.owner:
        most = dict(line_of(decision.route)).get(decision.owner)
        held = decision.past.loads.get(decision.owner, 0)
        free = math.inf if most is None else math.ceil(most) - held
        found[f"rep:{decision.owner}"] = Share(free, places(most or math.inf))
    return found


def _room(decision: Decision, subject: str) -> float:
    used_up = list_caps(
        decision.limits,
        decision.group_id,
        decision.person_id,
        decision.channel,
        decision.account_id,
    )
    left = [
        limit.at_most - decision.past.count_used(key)
        for key, limit in used_up
        if subject_of(key) == subject
    ]
    return min(left, default=math.inf)
