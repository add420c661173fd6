"""Promises as people read them: how each stands, and what a run changed of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from functions.agent.tool import Desk
from mos.handoffs import list_ended
from mos.model.handoff import EndedHandoff, end_promise
from mos.model.stage import Clock, ClockStatus, Placement

_NEWS = "sla"


def say_promise(clock: Clock) -> str:
    """Return how a promise stands, by when it was to be kept, and why it no longer runs."""
    why = f": {clock.why}" if clock.why else ""
    return f"{clock.status.value}, by {clock.due_at:%Y-%m-%d %H:%M} UTC{why}"


def say_changed_promises(placements: Iterable[Placement]) -> list[str]:
    """Return the promises that a run began, saw kept or broken, or let go, each said once."""
    said = (
        f"promise {clock.name} {say_promise(clock)}"
        for placement in placements
        for clock in placement.clocks
        if f"{_NEWS}:{clock.name}:{clock.status.value}" in placement.news
    )
    return list(dict.fromkeys(said))


def stand_now(placement: Placement, desk: Desk) -> Placement:
    """Return a placement with its promises as they stand now, whatever ran since it was kept.

    One whose hand-off was taken back since no longer matters: nobody waits for its time to run out.
    """
    return stand_at(placement, placement.clocks, desk.now, desk)


def stand_at(placement: Placement, clocks: Sequence[Clock], at: datetime, desk: Desk) -> Placement:
    """Return a placement with these promises, as they stood at a moment."""
    group_id = placement.group_id or placement.subject_id
    runs = any(_runs(clock, at) for clock in clocks)
    ended = [
        one
        for one in (list_ended(desk.tables("actions"), group_id) if runs else ())
        if one.ends(placement.subject_id) and one.end.at <= at
    ]
    stood = tuple(_stand(clock, at, ended) for clock in clocks if clock.started_at <= at)
    return placement.model_copy(update={"clocks": stood})


def _runs(clock: Clock, at: datetime) -> bool:
    """Say whether a promise still ran at a moment, as far as what ended it says when."""
    if clock.ended_at is None:
        return clock.status is not ClockStatus.VOID
    return clock.ended_at > at


def _stand(clock: Clock, at: datetime, ended: Sequence[EndedHandoff]) -> Clock:
    if not _runs(clock, at):
        return clock
    is_late = at >= clock.due_at
    if is_late and clock.status is ClockStatus.BREACHED:
        return clock
    due = clock.model_copy(update={"status": ClockStatus.DUE, "ended_at": None, "why": ""})
    stood = end_promise(due, ended)
    if stood.status is ClockStatus.DUE and is_late:
        return stood.model_copy(update={"status": ClockStatus.BREACHED})
    return stood
