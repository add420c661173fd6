"""Notices to colleagues about broken promises: found by their id, or their delivery's."""

from datetime import timedelta

from functions.agent.reasons import say_reason
from functions.agent.tool import Desk
from mos.model.base import derive_id
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.notice import Notice

MARK = "ntc_"
"""How the id of a notice begins."""
_DAYS = 45
"""For how many days back a notice is looked for: they are kept for five weeks."""
_WAITS = "waits"


def name_delivery(notice_id: str) -> str:
    """Return the id of the delivery of a notice."""
    return derive_id("act", notice_id)


def find_notice(notice_id: str, desk: Desk) -> Notice | None:
    """Return a notice, while it is kept; None where there is none of this id."""
    days = [desk.now + timedelta(days=1) - timedelta(days=back) for back in range(_DAYS)]
    keys = [(f"NOTICES#{day:%Y-%m-%d}", notice_id) for day in days]
    found = desk.tables("actions").get_many(keys)
    return next((Notice.parse(record.body) for record in found.values()), None)


def find_notice_delivery(notice_id: str, desk: Desk) -> Delivery | None:
    """Return the delivery of a notice, once it was begun."""
    record = desk.tables("actions").get(f"ACTION#{name_delivery(notice_id)}", "DELIVERY")
    return Delivery.parse(record.body) if record and record.body else None


def open_waiting(notice: Notice) -> Delivery:
    """Return the delivery of a notice that waits to be begun, as it would be."""
    return Delivery(
        action_id=name_delivery(notice.notice_id),
        decision_id=notice.notice_id,
        group_id=notice.group_id,
        person_id=None,
        action="promise_broken",
        treatment="notice",
        channel=notice.channel,
        status=DeliveryStatus.REFUSED if notice.tried else DeliveryStatus.RETRY,
        reason=notice.tried.partition(": ")[2] or _WAITS,
        at=notice.at,
    )


def say_notice(notice: Notice) -> str:
    """Return whom a notice tells of which promise, who had it, and what became of it."""
    had = notice.had or "nobody"
    told = f"{notice.to} is told that the promise {notice.clock.name} was broken: {had} had it"
    return f"{told}; {say_outcome(notice.tried)}"


def say_outcome(tried: str) -> str:
    """Return what became of a notice so far.

    >>> say_outcome(""), say_outcome("sent: sent")
    ('waits', 'sent: its provider took it')
    """
    status, mark, why = tried.partition(": ")
    return f"{status}: {say_reason(why)}" if mark else tried or _WAITS
