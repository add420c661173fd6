"""Where a touch is kept, so that runs which share a group, a person or a rep seldom meet. Pure.

Each subject's touches lie in places with a version each. A touch goes to one of those touched
longest ago, of which there are as many as there is room for. So as many runs at once as there is
room for can each have a place, and one more must write a place that another has changed. With room
for one, all choose the same place: that is the lock of one record, for the last touch alone.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

_FEWEST, _MOST = 16, 1024
_NEVER = datetime.min.replace(tzinfo=UTC)


def places(most: float) -> int:
    """Return how many places a subject has whose caps let `most` touches through together.

    A power of two, so that a cap which moves a little leaves the places what they are.

    >>> places(3), places(40), places(float("inf"))
    (16, 64, 1024)
    """
    count = _FEWEST
    while count < min(most, _MOST):
        count *= 2
    return count


def choose(last: Mapping[int, datetime], count: int, room: float, point: float) -> int:
    """Return the place for a touch; `last` says when each was touched, `point` draws from 0 to 1.

    No touch takes more than one of the room. Whoever goes past the caps (no room) may have any
    place; where less than a whole touch is left, all want the same one.
    """
    ranked = sorted(range(count), key=lambda number: (last.get(number, _NEVER), number))
    pool = ranked[: max(1, int(room))] if 0 < room < count else ranked
    return pool[int(point * len(pool))]
