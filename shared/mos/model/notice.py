"""What a colleague is told about a promise that was broken: not a touch of anybody outside."""

from mos.model.base import Instant, Stored, derive_id
from mos.model.stage import Clock, Level


class Notice(Stored):
    """One notice: to whom, over which channel, about which promise, and the row that says so.

    `had` is the rep who had the group when the promise broke; None where nobody did. `tried` says
    what became of it so far.
    """

    notice_id: str
    at: Instant
    expires_at: Instant
    to: str
    had: str | None
    channel: str
    subject: str
    template: str
    row: str
    why: str
    level: Level
    group_id: str
    account_id: str
    clock: Clock
    run_id: str
    bundle: str
    trace_id: str
    tried: str = ""


def name_notice(group_id: str, clock: Clock, to: str) -> str:
    """Return the id of a notice: one to a colleague for a promise about a group and a day.

    However many people of the group were left waiting that day.
    """
    day = clock.due_at.date().isoformat()
    return derive_id("ntc", group_id, clock.name, clock.stage, day, to)
