"""Erase what models were asked about somebody, and what they answered."""

from mos.erasure import answer_order
from mos.events import ErasureOrdered, StoreErased
from mos.ports import Moment, Record, Table


def erase(event: ErasureOrdered, moment: Moment, completions: Table) -> StoreErased:
    """Delete every completion about these people, and where each is listed.

    What it cost stays in the day's counters, which name nobody.
    """
    listed = [r for person in event.people for r in completions.query(f"PERSON#{person}")]
    for pointer in listed:
        held = completions.get(pointer.sk, "COMPLETION")
        if held is not None:
            _unlist(held, completions)
            completions.delete(held.pk, held.sk)
        completions.delete(pointer.pk, pointer.sk)
    what = "what models were asked about them, and answered, erased"
    return answer_order(event, completions, "completions", what, moment.now)


def _unlist(held: Record, completions: Table) -> None:
    """Delete the lines that lead to a completion, but for those of people."""
    if "line" in held.tags:
        completions.delete(held.tags["day"], held.tags["line"])
        completions.delete(f"CAUSE#{held.tags['cause']}", held.pk)
