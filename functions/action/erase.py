"""Erase what was sent to somebody; what a provider must still undo stays, and names nobody."""

from dataclasses import replace

from functions.action.left_touches import place_of
from functions.action.pages import forget_pages
from functions.action.repository import Deliveries
from functions.action.take_back import can_undo
from mos.erasure import answer_order
from mos.events import ErasureOrdered, StoreErased
from mos.model.delivery import Delivery
from mos.model.page import KEPT
from mos.ports import Moment, Table


def erase(event: ErasureOrdered, moment: Moment, actions: Table) -> StoreErased:
    """Empty every delivery to these people of what they saw, and note what is to be taken back.

    The provider's own id stays with it, and what undoing needs, in a table under the company's own
    key, until what was done outside is undone: without it nobody could. A mail's pages answer on,
    and know nobody. When they were touched is kept no more; their group's and account's touches
    stay, under ids that name nobody.
    """
    deliveries = Deliveries(actions)
    for delivery in deliveries.of_people(event.people):
        if can_undo(delivery):
            why = "they are to be forgotten"
            deliveries.note_undo(delivery.action_id, why, event.occurred_at)
    ends = int((moment.now + KEPT).timestamp())
    listed = [r for person in event.people for r in actions.query(f"PERSON#{person}")]
    for pointer in listed:
        record = actions.get(pointer.sk, "DELIVERY")
        if record is not None:
            delivery = Delivery.parse(record.body)
            told = tuple(r.model_copy(update={"why": ""}) for r in delivery.receipts)
            bare = delivery.model_copy(update={"artefact": {}, "person_id": None, "receipts": told})
            actions.save(replace(record, body=bare.canonical()))
        forget_pages(actions, pointer.sk.partition("#")[2], ends)
        actions.delete(pointer.pk, pointer.sk)
    for person in event.people:
        actions.delete(*place_of(person))
    what = (
        "their deliveries emptied; what was done outside is noted, to be taken back there, and "
        "keeps its provider's id until then"
    )
    return answer_order(event, actions, "actions", what, moment.now)
