"""What a run has to say beside where everybody stands: events, and timers to start. Pure.

Both are read off what the run has said, so that a retry says and starts the same.
"""

from collections.abc import Iterator

from mos.events import (
    DealStalled,
    Noted,
    SignalReceived,
    SlaChanged,
    StageConflicted,
    SubjectPlaced,
)
from mos.model.base import derive_id
from mos.model.signal import Actor, Identifier, Signal, SignalKind, Trust
from mos.model.stage import Placement, Wake
from mos.ports import Timer


def notes(said: SubjectPlaced) -> list[Noted]:
    """Return the events about conflicts, promises and stalled deals that this run raises."""
    return [
        note
        for placement in (said.account, said.group, *said.people)
        for word in placement.news
        for note in _note(said, placement, word)
    ]


def timers(said: SubjectPlaced) -> list[Timer]:
    """Return the timers that this run starts: each is a signal that will come in by the queue."""
    return [
        _timer(said, placement, wake)
        for placement in (said.account, said.group, *said.people)
        for wake in placement.wakes
        if f"wake:{wake.name}" in placement.news
    ]


def _note(said: SubjectPlaced, placement: Placement, word: str) -> Iterator[Noted]:
    about = {
        "event_id": derive_id("evt", said.event_id, placement.key, word),
        "run_id": said.run_id,
        "bundle": said.bundle,
        "level": placement.level,
        "subject_id": placement.subject_id,
        "group_id": said.group_id,
        "account_id": said.account_id,
        "stage": placement.stage,
    }
    if word == "conflict" and placement.conflict:
        yield StageConflicted.following(said, **about, conflict=placement.conflict)
    elif word == "deal_stalled":
        yield DealStalled.following(said, **about, momentum=placement.momentum or "unknown")
    elif word.startswith("sla:"):
        _, name, status = word.split(":")
        yield from (
            SlaChanged.following(said, **about, clock=clock)
            for clock in placement.clocks
            if (clock.name, clock.status.value) == (name, status)
        )


def _timer(said: SubjectPlaced, placement: Placement, wake: Wake) -> Timer:
    name = derive_id("tmr", placement.key, wake.name, wake.at.isoformat())
    signal = Signal(
        signal_id=derive_id("sig", "scheduler", name),
        source="scheduler",
        kind=SignalKind.TIMER_DUE,
        name=wake.name,
        occurred_at=wake.at,
        received_at=wake.at,
        identifiers=(Identifier(type="group_id", value=said.group_id, collection="accounts"),),
        properties={
            "timer": name,
            "level": placement.level.value,
            "subject_id": placement.subject_id,
            "stage": placement.stage,
        },
        trust=Trust.SIGNED,
        actor=Actor.MACHINE,
        actor_reason="scheduler",
    )
    body = SignalReceived.of(signal).model_dump_json(exclude_defaults=True)
    return Timer(name=name, at=wake.at, body=body)
