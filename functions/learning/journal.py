"""What guardrails count, as it is written: by the five minutes in which it was.

lessons: `GUARD#<bundle>#<slot>#<part>/<touched slot>#<account>#<what>` with the number `count`,
kept for two days: whoever watches a canary adds it to running totals within minutes.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from mos.model.base import point
from mos.ports import Count, Table

SLOT = timedelta(minutes=5)
PARTS = 16
_KEPT = timedelta(days=2)


def slot_of(at: datetime) -> str:
    """Return the five minutes in which a moment lies.

    >>> slot_of(datetime(2026, 11, 2, 12, 14, 59))
    '2026-11-02T12:10'
    """
    return (at - timedelta(minutes=at.minute % 5)).strftime("%Y-%m-%dT%H:%M")


def list_slots(after: str, until: str) -> list[str]:
    """Return the slots after one, up to and with another.

    >>> list_slots("2026-11-02T12:50", "2026-11-02T13:00")
    ['2026-11-02T12:55', '2026-11-02T13:00']
    """
    found, at = list[str](), datetime.fromisoformat(after) + SLOT
    while (slot := at.strftime("%Y-%m-%dT%H:%M")) <= until:
        found.append(slot)
        at += SLOT
    return found


def part_of(account_id: str) -> int:
    """Return the part in which an account is counted."""
    return int(point("guard", account_id) * PARTS)


def write_count(
    bundle: str, account_id: str, what: str, times: tuple[datetime, datetime], amount: int = 1
) -> Count:
    """Return the change that counts something: of a touch of a moment, as written at another."""
    touched, now = times
    return Count(
        f"GUARD#{bundle}#{slot_of(now)}#{part_of(account_id)}",
        f"{slot_of(touched)}#{account_id}#{what}",
        "count",
        amount,
        expires_at=int((now + _KEPT).timestamp()),
    )


def read_counts(
    table: Table, bundle: str, slot: str, part: int
) -> Iterator[tuple[str, str, str, float]]:
    """Yield the touched slot, the account, what was counted and how often."""
    for record in table.query(f"GUARD#{bundle}#{slot}#{part}"):
        touched, account, what = record.sk.split("#", 2)
        yield touched, account, what, record.numbers.get("count", 0)
