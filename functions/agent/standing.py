"""Where subjects stand and stood: read from the lifecycle table."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from functions.agent.promises import stand_at, stand_now
from functions.agent.tool import Desk
from mos.errors import MalformedError
from mos.model.base import Instant, Noun
from mos.model.stage import Placement

_MOST = 500
_DAY = 86_400
_DATE = 10


class Move(Noun):
    """A move of a subject from one stage to another, and how many days the new one lasted.

    `was` is null where it began. A person's move is within a group.
    """

    group_id: str | None
    was: str | None
    to: str
    since: Instant
    days: float
    why: str
    row: str
    bundle: str


def current(subject_id: str, desk: Desk) -> list[Placement]:
    """Return where a subject stands: one placement, or a person's in each of their groups."""
    found = desk.tables("lifecycle").query(f"SUBJECT#{subject_id}", prefix="STAGE", limit=_MOST)
    return [stand_now(Placement.parse(record.body), desk) for record in found]


def history(placement: Placement, desk: Desk) -> list[Placement]:
    """Return every move that led to a placement, oldest first, the last 500 of more."""
    at = f"@{placement.group_id}" if placement.group_id else ""
    found = desk.tables("lifecycle").query(
        f"SUBJECT#{placement.subject_id}", prefix=f"HISTORY{at}#", newest_first=True, limit=_MOST
    )
    return [Placement.parse(record.body) for record in reversed(found)]


def find_stood(held: Placement, at: datetime, desk: Desk) -> Placement | None:
    """Return where a subject that stands at `held` stood at a moment, or None before the first.

    A move is kept as it was made: what became of its promises since, the newest placement knows.
    """
    move = as_of(history(held, desk), at)
    if move is None:
        return None
    newest = {(c.name, c.stage, c.started_at): c for c in held.clocks}
    clocks = [newest.get((c.name, c.stage, c.started_at), c) for c in move.clocks]
    return stand_at(move, clocks, at, desk)


def as_of(moves: Sequence[Placement], at: datetime) -> Placement | None:
    """Return the move by which a subject stood at a moment, or None before the first one."""
    return next((move for move in reversed(moves) if move.since <= at), None)


def moment(text: str) -> datetime:
    """Return the moment that a text names; a bare date is the end of that day, in UTC.

    Raises:
        MalformedError: it names none.
    """
    try:
        named = datetime.fromisoformat(text)
    except ValueError:
        raise MalformedError(f"{text!r} is no date; write 2026-01-31T09:00:00Z") from None
    if len(text) == _DATE:
        named = datetime.combine(named, time.max)
    try:
        return named.replace(tzinfo=UTC) if named.tzinfo is None else named.astimezone(UTC)
    except OverflowError:
        raise MalformedError("a time must lie between the years 1 and 9999, in UTC") from None


def dwell(moves: Sequence[Placement], until: datetime) -> list[timedelta]:
    """Return how long each stage lasted; the last one lasts until `until`."""
    ends = [after.since for _, after in pairwise(moves)]
    return [end - move.since for move, end in zip(moves, [*ends, until], strict=False)]


def list_moves(moves: Sequence[Placement], until: datetime) -> list[Move]:
    """Return the moves as rows: from, to, when, how long, and why."""
    return [
        Move(
            group_id=move.group_id,
            was=move.previous,
            to=move.stage,
            since=move.since,
            days=round(lasted.total_seconds() / _DAY, 3),
            why=f"{move.reason}: {move.receipt.why}" if move.reason else move.receipt.why,
            row=f"{move.receipt.table}#{move.receipt.row}",
            bundle=move.receipt.bundle,
        )
        for move, lasted in zip(moves, dwell(moves, until), strict=True)
    ]
