"""Erase what was sent to somebody; what a provider must still undo stays, and names nobody."""

from dataclasses import replace

from mos.erasure import answer_order
from mos.events import ErasureOrdered, StoreErased
from mos.model.delivery import Delivery
from mos.ports import Moment, Table


def erase(event: ErasureOrdered, moment: Moment, actions: Table) -> StoreErased:
    """Empty every delivery to these people of what they saw.

    The provider's own id stays with it, in a table under the company's own key, until what was
    done outside is undone: without it nobody could.
    """
    listed = [r for person in event.people for r in actions.query(f"PERSON#{person}")]
    for pointer in listed:
        record = actions.get(pointer.sk, "DELIVERY")
        if record is not None:
            delivery = Delivery.parse(record.body)
            bare = delivery.model_copy(update={"artefact": {}, "person_id": None})
            actions.save(replace(record, body=bare.canonical()))
        actions.delete(pointer.pk, pointer.sk)
    what = "their deliveries emptied; each keeps its provider's id until it is undone there"
    return answer_order(event, actions, "actions", what, moment.now)
