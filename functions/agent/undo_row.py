"""One action as `undo` lists it: what it was, and what can be done about it. Pure."""

from functions.agent.counted import say_time
from functions.agent.done import Done, Way
from functions.agent.reasons import say_reason
from mos.model.base import Instant, Noun
from mos.model.delivery import Delivery, DeliveryStatus

_WAYS = {
    Way.TAKE_BACK: "can be taken back",
    Way.TRY: "its channel is asked: nobody noted whether it can be taken back",
    Way.STOP: "has not left: can be stopped",
    Way.CANNOT: "can't be taken back",
    Way.NOTHING: "nothing was done outside",
}


class UndoRow(Noun):
    """One action: what, when, over which channel, for whom, how it ended, what can be done.

    `asked_at` is when it was ordered, where that was kept. `way` is take_back, stop, try (nobody
    noted whether it can be), asked (it waits), undone, cannot or nothing. `says` is that in words,
    `proof` what the provider answered, `who` whom it was for, as the reader may know them.
    """

    action_id: str
    decision_id: str
    at: Instant
    person_id: str | None
    action: str
    treatment: str
    channel: str
    status: str
    way: Way
    says: str
    asked_at: Instant | None = None
    undone_at: Instant | None = None
    proof: str = ""
    who: str | None = None


def read_row(one: Done) -> UndoRow:
    """Return an action as a row: what it was, and what can be done about it."""
    told = one.delivery or one.decision
    assert told is not None  # noqa: S101  one of the two is what it was found by
    delivery = one.delivery
    undone = delivery.undone if delivery else None
    return UndoRow(
        action_id=one.action_id,
        decision_id=told.decision_id,
        at=told.at if isinstance(told, Delivery) else told.decided_at,
        person_id=told.person_id,
        action=told.action,
        treatment=told.treatment,
        channel=told.channel,
        status=delivery.status.value if delivery else "not delivered yet",
        way=one.way,
        says=_say(one),
        asked_at=one.note.asked_at,
        undone_at=undone.at if undone and undone.done else None,
        proof=undone.proof if undone else "",
    )


def _say(one: Done) -> str:
    delivery, way = one.delivery, one.way
    undone = delivery.undone if delivery else None
    if way is Way.UNDONE and undone:
        proof = f" ({undone.proof})" if undone.proof else ""
        asked = f", ordered {say_time(one.note.asked_at)}" if one.note.asked_at else ""
        return f"taken back {say_time(undone.at)}{asked}{proof}: {undone.why}"
    since = f" {say_time(one.note.asked_at)}" if one.note.asked_at else ""
    if way is Way.ASKED and one.note.is_noted:
        return f"ordered{since}: its provider is asked until it is done"
    if way is Way.ASKED and delivery and delivery.status is DeliveryStatus.CLAIMED:
        return "it was being sent when it was stopped: ask again in a minute"
    if way is Way.ASKED:
        return f"stopped{since}, it will not leave: {one.note.stopped}"
    said = _WAYS[way]
    if way is Way.NOTHING and delivery:
        return f"{said}: {say_reason(delivery.reason)}"
    if way is Way.CANNOT and delivery and delivery.undo:
        said = f"{said}: {delivery.undo}"
    return f"{said}; its provider refused before: {undone.why}" if undone else said
