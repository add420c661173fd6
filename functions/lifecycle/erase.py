"""Erase where somebody stood: their stages, their history, and what recent runs saw of them."""

from mos.erasure import answer_order
from mos.events import ErasureOrdered, StoreErased
from mos.ports import Moment, Table


def erase(event: ErasureOrdered, moment: Moment, stages: Table) -> StoreErased:
    """Delete every stage of these people and the stories of these runs.

    It can be repeated: what is gone stays gone.
    """
    places = [r for person in event.people for r in stages.query(f"SUBJECT#{person}")]
    places += [r for run in event.runs for r in stages.query(f"RUN#{run}")]
    for record in places:
        stages.delete(record.pk, record.sk)
    what = "their stages, and what recent runs saw of them, erased"
    return answer_order(event, stages, "lifecycle", what, moment.now)
