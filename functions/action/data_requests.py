"""Find the requests for one's data that wait longer than the bundle lets them. Pure."""

from collections.abc import Callable
from datetime import datetime

from mos.model.access_request import DAYS, OPEN, AccessRequest
from mos.policy.bundle.bundle import Bundle
from mos.ports import Table

LATE = "access_requests_late"
_MOST = 200


def find_late_requests(table: Table, now: datetime, active: Callable[[], Bundle]) -> list[str]:
    """Return the numbers of those that are late; the bundle is opened only where one waits."""
    waiting = [AccessRequest.parse(r.body) for r in table.query(OPEN, limit=_MOST)]
    days = active().number(DAYS) if waiting else 0.0
    return [one.request_id for one in waiting if one.due_at(days) < now]
