"""What was decided about a group lately, and what was done about it."""

from collections.abc import Sequence

from functions.agent.tool import Desk
from mos.model.base import derive_id
from mos.model.decision import Decision
from mos.model.delivery import Delivery


def list_newest(group_ids: Sequence[str], desk: Desk, most: int) -> list[Decision]:
    """Return the last decisions over some groups, newest first."""
    found = [decision for i in group_ids for decision in list_latest(i, desk, most)]
    return sorted(found, key=lambda d: (d.decided_at, d.decision_id), reverse=True)[:most]


def list_latest(group_id: str, desk: Desk, most: int) -> list[Decision]:
    """Return the last decisions of a group, newest first."""
    table = desk.tables("decisions")
    records = table.query(f"GROUP#{group_id}", prefix="DECISION#", newest_first=True, limit=most)
    keys = [(f"DECISION#{r.tags['decision']}", "DECISION") for r in records]
    found = table.get_many(keys)
    return [Decision.parse(found[key].body) for key in keys if key in found]


def find_delivery(decision: Decision, desk: Desk) -> Delivery | None:
    """Return what was done about a decision."""
    key = f"ACTION#{derive_id('act', decision.decision_id)}"
    record = desk.tables("actions").get(key, "DELIVERY")
    return Delivery.parse(record.body) if record else None
