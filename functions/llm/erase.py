"""Erase what models were asked about somebody, and what they answered."""

from mos.erasure import answer_order
from mos.events import ErasureOrdered, StoreErased
from mos.ports import Moment, Table


def erase(event: ErasureOrdered, moment: Moment, completions: Table) -> StoreErased:
    """Delete every completion about these people."""
    listed = [r for person in event.people for r in completions.query(f"PERSON#{person}")]
    for pointer in listed:
        completions.delete(pointer.sk, "COMPLETION")
        completions.delete(pointer.pk, pointer.sk)
    what = "what models were asked about them, and answered, erased"
    return answer_order(event, completions, "completions", what, moment.now)
