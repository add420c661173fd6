"""Who was touched lately: sliding windows that no burst of runs can slip through. Pure.

Counters in fixed windows let twice a cap pass around a border; here each touch is kept with its
moment, and a cap counts those younger than its window.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.decisioning.gates import caps
from functions.decisioning.places import places
from functions.decisioning.turn import line_of
from mos.model.base import canonical
from mos.model.decision import Decision, Limit

_MOST = 500


@dataclass(frozen=True)
class Touched:
    """One touch: when, and over which channel."""

    at: datetime
    channel: str


def parse(body: str) -> tuple[Touched, ...]:
    """Return the touches that `text_of` wrote; none where nothing was."""
    if not body:
        return ()
    return tuple(Touched(datetime.fromisoformat(at), channel) for at, channel in json.loads(body))


def text_of(touches: Iterable[Touched], now: datetime, horizon: timedelta) -> str:
    """Return touches as text, without those too old to count."""
    kept = sorted((t for t in touches if now - t.at < horizon), key=lambda t: t.at)[-_MOST:]
    return canonical([[t.at.isoformat(), t.channel] for t in kept])


def subject_of(counter: str) -> str:
    """Return whom a cap's counter is about.

    >>> subject_of("grp_1#any#168h")
    'grp_1'
    """
    return counter.split("#", 1)[0]


def counters(limits: tuple[Limit, ...], group: str, people: Iterable[str]) -> dict[str, Limit]:
    """Return every counter that a touch of this group could use, with the strictest cap on it."""
    found: dict[str, Limit] = {}
    channels = {limit.channel for limit in limits}
    for person in people:
        for channel in channels:
            for key, limit in caps(limits, group, person, channel):
                found[key] = min(found.get(key, limit), limit, key=lambda one: one.at_most)
    return found


def used(touches: Iterable[Touched], limit: Limit, at: datetime) -> tuple[int, float | None]:
    """Return how many touches a cap counts now, and in how many hours a full one has room."""
    window = timedelta(hours=limit.window_hours)
    ages = sorted(
        (at - t.at for t in touches if limit.channel in ("any", t.channel) and at - t.at < window),
        reverse=True,
    )
    over = len(ages) - limit.at_most
    if over < 0 or not ages:
        return len(ages), None
    last = ages[min(over, len(ages) - 1)]
    return len(ages), round((window - last).total_seconds() / 3600, 3)


@dataclass(frozen=True)
class Share:
    """How many more touches of a subject its caps let through, and in how many places they lie."""

    room: float
    places: int


def shares(decision: Decision, *, rep: bool) -> dict[str, Share]:
    """Return for whom a touch counts: the group, the person, and the rep who takes it."""
    group, person = decision.group_id, decision.person_id or decision.group_id
    rooms = {group: math.inf, person: math.inf}
    for key, limit in caps(decision.limits, group, decision.person_id, decision.channel):
        left = limit.at_most - decision.past.used.get(key, 0)
        rooms[subject_of(key)] = min(rooms[subject_of(key)], left)
    found = {}
    for subject, room in rooms.items():
        ours = [
            limit for limit in decision.limits if (limit.scope == "group") == (subject == group)
        ]
        found[subject] = Share(room, places(sum(limit.at_most for limit in ours)))
    if rep and decision.owner:
        most = dict(line_of(decision.route)).get(decision.owner)
        held = decision.past.loads.get(decision.owner, 0)
        free = math.inf if most is None else math.ceil(most) - held
        found[f"rep:{decision.owner}"] = Share(free, places(most or math.inf))
    return found
