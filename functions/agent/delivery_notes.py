"""What is noted beside deliveries: since when they are wanted back, which no switch stops now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from functions.agent.switchboard import is_covered, list_switches
from functions.agent.tool import Desk
from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.switch import find_stopped_place, is_stop_reason
from mos.ports import Record


@dataclass(frozen=True)
class DeliveryNote:
    """Why and since when a delivery is wanted back; `is_noted` while its provider is asked."""

    is_noted: bool = False
    stopped: str | None = None
    asked_at: datetime | None = None


NO_NOTE = DeliveryNote()


def read_notes(action_ids: Iterable[str], desk: Desk) -> dict[str, DeliveryNote]:
    """Return what is noted about some actions, of those about which anything is."""
    wanted = list(dict.fromkeys(action_ids))
    keys = [("UNDO", f"ACTION#{one}") for one in wanted]
    keys += [(f"ACTION#{one}", "RECALL") for one in wanted]
    held = desk.tables("actions").get_many(keys) if keys else {}
    found = dict[str, DeliveryNote]()
    for one in wanted:
        undo = held.get(("UNDO", f"ACTION#{one}"))
        recall = held.get((f"ACTION#{one}", "RECALL"))
        if undo or recall:
            asked = [at for record in (recall, undo) if record and (at := _read_at(record))]
            stopped = recall.body if recall else None
            found[one] = DeliveryNote(undo is not None, stopped, min(asked, default=None))
    return found


def _read_at(record: Record) -> datetime | None:
    """Return when it was asked; who asked before that was kept, nobody knows when."""
    at = record.tags.get("at")
    return datetime.fromisoformat(at) if at else None


def find_releases(deliveries: Iterable[Delivery], desk: Desk) -> dict[str, datetime]:
    """Return which deliveries no switch stops any more that one held, and by when they leave.

    They leave once their run looks again, as far as nothing else stops them.
    """
    waiting = {one.action_id: one for one in deliveries if _is_stopped(one)}
    places = {one: (find_stopped_place(one), f"ACTION#{one}") for one in waiting}
    held = desk.tables("actions").get_many(list(places.values())) if places else {}
    stopped = [one for one in list_switches(desk) if one.is_stopped] if held else []
    found = dict[str, datetime]()
    for action_id, one in waiting.items():
        note = held.get(places[action_id])
        if note is None or any(is_covered(switch, one, note.tags) for switch in stopped):
            continue
        if one.held_until is not None:
            found[action_id] = one.held_until
    return found


def _is_stopped(one: Delivery) -> bool:
    return one.status is DeliveryStatus.RETRY and is_stop_reason(one.reason)
