"""Take back what was done outside: what is to be undone is noted first, then done, and proved.

Who has said no, or is to be forgotten, leaves a note per delivery; every few minutes what is still
noted is tried again, so that no outage keeps anybody in an audience.
"""

from collections.abc import Iterable
from datetime import datetime

from functions.action import channels
from functions.action.channel import Busy, Channel, Refused, Sent, Unsure
from functions.action.deliver import ENDED
from functions.action.unsent import tell_taken_back
from functions.action.wire import Wire
from mos import plugins
from mos.errors import ConflictError
from mos.model.base import point
from mos.model.delivery import Delivery, DeliveryStatus, Undone

_OUTSIDE = {DeliveryStatus.SENT, DeliveryStatus.UNKNOWN}
_MOST = 200


def is_to_undo(delivery: Delivery, purposes: tuple[str, ...], channels_: tuple[str, ...]) -> bool:
    """Say whether a withdrawal reaches a delivery: by its purpose or its channel.

    One of before, whose purpose nobody noted, is reached by any.
    """
    if _is_done(delivery):
        return False
    if "all" in channels_ or delivery.channel in channels_:
        return True
    return bool(purposes) and delivery.purpose in (None, *purposes)


def note(wire: Wire, deliveries: list[Delivery], why: str, asked_at: datetime) -> list[str]:
    """Note what is to be taken back; return the ids of the actions. Mails cannot be."""
    found = [d for d in deliveries if can_undo(d)]
    for delivery in found:
        wire.deliveries.note_undo(delivery.action_id, why, asked_at)
    return [delivery.action_id for delivery in found]


def sweep(wire: Wire, now: datetime) -> dict[str, int]:
    """Take back what is noted; return how many were, how many wait, how many cannot be."""
    return _take_all(wire, wire.deliveries.list_undos(_MOST), now)


def take_back(wire: Wire, action_ids: Iterable[str], now: datetime) -> dict[str, int]:
    """Take back these, of what is noted; return the same counts."""
    noted = [(one, why) for one in action_ids if (why := wire.deliveries.find_undo(one))]
    return _take_all(wire, noted, now)


def _take_all(wire: Wire, noted: Iterable[tuple[str, str]], now: datetime) -> dict[str, int]:
    counts = {"undone": 0, "undo_waits": 0, "undo_refused": 0}
    closed: set[str] = set()
    # Another order each time: one that its provider never takes does not stand before all others.
    for action_id, why in sorted(noted, key=lambda one: point("undo", one[0], now.isoformat())):
        counts[_take_one(wire, action_id, why, now, closed)] += 1
    return counts


def _take_one(wire: Wire, action_id: str, why: str, now: datetime, closed: set[str]) -> str:
    delivery, version = wire.deliveries.find(action_id)
    if delivery is not None and delivery.status not in ENDED:
        return "undo_waits"  # It is checked again before it leaves.
    if delivery is None or delivery.status not in _OUTSIDE or _is_done(delivery):
        _close(wire, action_id, delivery)
        return "undone"
    channel = plugins.load(channels, delivery.channel, "CHANNEL", Channel)
    name = channel.provider.name
    answer = Busy("", None) if name in closed else wire.take_back(delivery, channel, now)
    if isinstance(answer, Busy | Unsure):
        closed.add(name)
        return "undo_waits"
    proof = _write_proof(answer) if isinstance(answer, Sent) else ""
    reason = answer.why if isinstance(answer, Refused) else why
    undone = Undone(at=now, why=reason, proof=proof, done=isinstance(answer, Sent))
    kept = {} if undone.done else delivery.handle
    delivery = delivery.model_copy(update={"undone": undone, "handle": kept})
    try:
        wire.deliveries.save(delivery, version)
    except ConflictError:
        return "undo_waits"
    _close(wire, action_id, delivery)
    return "undone" if undone.done else "undo_refused"


def _is_done(delivery: Delivery) -> bool:
    return delivery.undone is not None and delivery.undone.done


def _close(wire: Wire, action_id: str, delivery: Delivery | None) -> None:
    """Say what was taken back, then drop the note: who dies between the two says it again."""
    if wire.told is not None and delivery is not None:
        ended = wire.deliveries.is_ended(action_id)
        wire.told.publish(tell_taken_back(delivery, ended=ended))
    wire.deliveries.drop_undo(action_id)


def _write_proof(answer: Sent) -> str:
    return ", ".join(part for part in (answer.provider_id, answer.note) if part)


def can_undo(delivery: Delivery) -> bool:
    """Say whether anything was, or may still be, done outside that its channel can take back."""
    if _is_done(delivery):
        return False
    if delivery.channel.replace("_", "-") not in plugins.names(channels):
        return False
    channel = plugins.load(channels, delivery.channel, "CHANNEL", Channel)
    return channel.undo is not None and delivery.status not in (ENDED - _OUTSIDE)
