"""The clocks of a stage: promises that run, are kept or broken, and moments to look again. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mos.model.base import Facts
from mos.model.handoff import EndedHandoff, end_promise
from mos.model.stage import Clock, ClockStatus, Wake
from mos.policy.bundle.bundle import Bundle
from mos.policy.calendar import WorkCalendar
from mos.policy.sales_team import open_calendar

_DAY = timedelta(days=1)


def started(stage: str, at: datetime, facts: Facts, bundle: Bundle) -> tuple[Clock, ...]:
    """Return the promises that begin when a subject enters a stage.

    A promise runs while the account's office is open: one that begins on a Saturday night runs from
    Monday morning. A row that counts `always` runs by the clock on the wall.
    """
    rows = bundle.table("lifecycle/sla").evaluate(facts | {"subject.stage": stage}).rows
    office = find_office(facts, bundle) if rows else None
    return tuple(
        Clock(
            name=row.then["name"],
            stage=stage,
            started_at=at,
            due_at=_find_due(at, row.then, office),
            ended_by=tuple(row.then["ended_by"]),
        )
        for row in rows
    )


def _find_due(at: datetime, promised: Mapping[str, Any], office: WorkCalendar | None) -> datetime:
    minutes = float(promised["minutes"])
    if office is None or promised.get("counts") == "always":
        return at + timedelta(minutes=minutes)
    return office.add_work(at, minutes)


def find_office(facts: Facts, bundle: Bundle) -> WorkCalendar | None:
    """Return when the office that works an account is open; None where the bundle names none."""
    if "routing/regions" not in bundle.names("tables"):
        return None
    office = bundle.table("routing/regions").evaluate(facts).output.get("office")
    return open_calendar(bundle, str(office)) if office else None


def told(
    clocks: Iterable[Clock],
    moments: Mapping[str, datetime],
    at: datetime,
    ended: Sequence[EndedHandoff] = (),
) -> tuple[Clock, ...]:
    """Return the clocks as they stand now: kept by what came in time, broken by what did not.

    Nobody breaks a promise about what we took away from them: it ends with its hand-off.
    """
    return tuple(_told(clock, moments, at, ended) for clock in clocks)


def is_overdue(clock: Clock, at: datetime) -> bool:
    """Say whether a promise that runs has run out."""
    return clock.status is ClockStatus.DUE and at >= clock.due_at


def _told(
    clock: Clock, moments: Mapping[str, datetime], at: datetime, ended: Sequence[EndedHandoff]
) -> Clock:
    if clock.ended_at is not None or clock.status is ClockStatus.VOID:
        return clock
    came = [m for kind in clock.ended_by if (m := moments.get(kind)) and m > clock.started_at]
    if came:
        return _ended(clock, min(came))
    if is_overdue(clock, at):
        clock = end_promise(clock, ended)
    if is_overdue(clock, at):
        return clock.model_copy(update={"status": ClockStatus.BREACHED})
    return clock


def left(clocks: Iterable[Clock], stage: str, at: datetime, *, forwards: bool) -> tuple[Clock, ...]:
    """Return a stage's clocks when it is left: moving on keeps its promise, giving up voids it."""
    ended = []
    for clock in clocks:
        if clock.stage != stage:
            continue
        if clock.ended_at is None and clock.status is not ClockStatus.VOID:
            void = clock.model_copy(update={"status": ClockStatus.VOID})
            clock = _ended(clock, at) if forwards else void  # noqa: PLW2901  the clock as it ends
        ended.append(clock)
    return tuple(ended)


def _ended(clock: Clock, at: datetime) -> Clock:
    late = at > clock.due_at
    status = ClockStatus.BREACHED if late else ClockStatus.MET
    return clock.model_copy(update={"status": status, "ended_at": at})


def news_of(before: Iterable[Clock], after: Iterable[Clock]) -> tuple[str, ...]:
    """Return what changed, as `sla:<name>:<status>`."""
    known = {(c.name, c.stage, c.started_at): c.status for c in before}
    return tuple(
        f"sla:{c.name}:{c.status.value}"
        for c in after
        if known.get((c.name, c.stage, c.started_at)) is not c.status
    )


def looks(stage: str, since: datetime, at: datetime, facts: Facts, bundle: Bundle) -> list[Wake]:
    """Return when a subject must be looked at again if nobody says anything of it.

    A row that looks `again` does so every so many days from the moment the stage was entered, so
    that every run names the same moments.
    """
    found = []
    for row in bundle.table("lifecycle/look").evaluate(facts | {"subject.stage": stage}).rows:
        span = row.then["days"] * _DAY
        times = (at - since) // span + 1 if row.then.get("again") else 1
        found.append(Wake(name=f"look:{row.id}", at=since + times * span))
    return found
