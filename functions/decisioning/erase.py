"""Erase what decisions knew of somebody: that something was decided stays, about whom does not."""

from dataclasses import replace

from mos.erasure import answer_order
from mos.events import ErasureOrdered, StoreErased
from mos.model.decision import Decision, PersonFacts
from mos.ports import Moment, Record, Table


def erase(event: ErasureOrdered, moment: Moment, ledger: Table) -> StoreErased:
    """Take these people's facts out of the decisions of their groups, and forget their touches.

    A decision that knew them cannot be made again from its record, and says so (`erased`).
    """
    gone = frozenset(event.people)
    for record in _decisions(event.groups, ledger):
        _forget(record, gone, ledger)
    for person in event.people:
        for record in ledger.query(f"TOUCHES#{person}"):
            ledger.delete(record.pk, record.sk)
    what = "their facts taken out of every decision, their touches erased"
    return answer_order(event, ledger, "decisions", what, moment.now)


def _decisions(groups: tuple[str, ...], ledger: Table) -> list[Record]:
    places = [
        (f"DECISION#{record.tags['decision']}", "DECISION")
        for group in groups
        for record in ledger.query(f"GROUP#{group}", prefix="DECISION#")
    ]
    found = ledger.get_many(places) if places else {}
    return list(found.values())


def _forget(record: Record, gone: frozenset[str], ledger: Table) -> None:
    decision = Decision.parse(record.body)
    known = {p.person_id for p in decision.people} & gone
    if not known:
        return
    people = tuple(
        PersonFacts(person_id=p.person_id, facts={}) if p.person_id in gone else p
        for p in decision.people
    )
    erased = tuple(sorted({*decision.erased, *known}))
    emptied = decision.model_copy(update={"people": people, "nominations": (), "erased": erased})
    ledger.save(replace(record, body=emptied.canonical()))
