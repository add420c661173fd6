"""Which hand-offs of a group were taken back by a word of ours, from the action layer's table."""

from mos.model.delivery import Delivery, DeliveryStatus
from mos.model.handoff import EndedHandoff, HandoffEnd
from mos.ports import Table

_STANDS = {DeliveryStatus.SENT, DeliveryStatus.DONE, DeliveryStatus.UNKNOWN}


def list_ended(actions: Table, group_id: str) -> tuple[EndedHandoff, ...]:
    """Return the hand-offs of a group that were taken back, by whom they were about.

    What is promised about somebody goes on while any hand-off about them stands, and all that is
    promised about a group while any of the group's does.
    """
    places = [r.sk for r in actions.query(f"GROUP#{group_id}", prefix="ACTION#")]
    if not places:
        return ()
    held = actions.get_many([(place, name) for place in places for name in ("DELIVERY", "ENDED")])
    ended, standing = list[EndedHandoff](), set[str | None]()
    for place in places:
        record, end = held.get((place, "DELIVERY")), held.get((place, "ENDED"))
        if record is None or not record.body:
            continue
        delivery = Delivery.parse(record.body)
        if end is not None:
            one = EndedHandoff(person_id=delivery.person_id, end=HandoffEnd.parse(end.body))
            ended.append(one)
        elif _stands(delivery):
            standing.add(delivery.person_id)
    return tuple(e for e in ended if not (standing if e.end.whole else {e.person_id} & standing))


def _stands(one: Delivery) -> bool:
    return one.status in _STANDS and not (one.undone is not None and one.undone.done)
