"""Erase whom a lesson is about: the counts stay, and nobody is behind them."""

from dataclasses import replace

from mos.erasure import answer_order
from mos.events import ErasureOrdered, StoreErased
from mos.model.lesson import Credit, KeptOutcome, SeenAd, Touch
from mos.ports import Moment, Record, Table


def erase(event: ErasureOrdered, moment: Moment, lessons: Table) -> StoreErased:
    """Take these people out of the touches, the ads and the outcomes of their groups.

    What came of us stays with its account, and so do the counts: neither says of whom.
    """
    gone = frozenset(event.people)
    for group in event.groups:
        decisions = _erase_touches(group, gone, lessons)
        signals = _erase_outcomes(group, gone, lessons)
        for decision in decisions:
            for record in lessons.query(f"DECISION#{decision}", prefix="CREDIT#"):
                signals.add(record.sk.removeprefix("CREDIT#"))
                _erase_credit(record, gone, lessons)
        for signal in sorted(signals):
            if credited := lessons.get(f"CREDIT#{signal}", "CREDIT"):
                _erase_credit(credited, gone, lessons)
        for record in lessons.query(f"GROUP#{group}", prefix="SEEN#"):
            if SeenAd.parse(record.body).person_id in gone:
                lessons.delete(record.pk, record.sk)
    what = "their touches and outcomes are nobody's now, what they saw is gone; the counts stay"
    return answer_order(event, lessons, "lessons", what, moment.now)


def _erase_touches(group: str, gone: frozenset[str], lessons: Table) -> list[str]:
    """Take people out of a group's touches; return the decisions of all of them."""
    decisions = []
    for record in lessons.query(f"GROUP#{group}", prefix="TOUCH#"):
        touch = Touch.parse(record.body)
        decisions.append(touch.decision_id)
        if touch.person_id in gone:
            nobody = touch.model_copy(update={"person_id": None})
            lessons.save(replace(record, body=nobody.canonical()))
    return decisions


def _erase_outcomes(group: str, gone: frozenset[str], lessons: Table) -> set[str]:
    """Take people out of what came of us in a group; return the signals of all of it."""
    signals = set()
    for pointer in lessons.query(f"GROUP#{group}", prefix="OUTCOME#"):
        record = lessons.get(f"ACCOUNT#{pointer.tags['account']}", pointer.sk)
        if record is None:
            continue
        kept = KeptOutcome.parse(record.body)
        signals.add(kept.outcome.signal_id)
        if kept.outcome.person_id in gone:
            nobody = kept.outcome.model_copy(update={"person_id": ""})
            fresh = kept.model_copy(update={"outcome": nobody})
            lessons.save(replace(record, body=fresh.canonical()))
    return signals


def _erase_credit(record: Record, gone: frozenset[str], lessons: Table) -> None:
    found = Credit.parse(record.body)
    if found.outcome.person_id in gone:
        nobody = found.outcome.model_copy(update={"person_id": ""})
        fresh = found.model_copy(update={"outcome": nobody})
        lessons.save(replace(record, body=fresh.canonical()))
