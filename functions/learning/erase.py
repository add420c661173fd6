"""Erase whom a lesson is about: the counts stay, and nobody is behind them."""

from dataclasses import replace

from mos.erasure import answer_order
from mos.events import ErasureOrdered, StoreErased
from mos.model.lesson import Touch
from mos.ports import Moment, Table


def erase(event: ErasureOrdered, moment: Moment, lessons: Table) -> StoreErased:
    """Take these people out of the touches of their groups."""
    gone = frozenset(event.people)
    for group in event.groups:
        for record in lessons.query(f"GROUP#{group}", prefix="TOUCH#"):
            touch = Touch.parse(record.body)
            if touch.person_id in gone:
                nobody = touch.model_copy(update={"person_id": None})
                lessons.save(replace(record, body=nobody.canonical()))
    what = "their touches are nobody's now; the counts stay"
    return answer_order(event, lessons, "lessons", what, moment.now)
