"""The two candidates that touch nobody: doing nothing, and waiting until something opens. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from functions.decisioning.gates import Option, Room
from mos.model.action import Candidate, Factor, Gate
from mos.model.base import Fact
from mos.policy.bundle.bundle import Bundle
from mos.policy.quiet import HOLIDAY, HOUR, QUIET
from mos.policy.table.condition import Condition, holds
from mos.policy.table.table import Row

SINCE = "action.hours_since_same"
HANDOFFS = tuple(
    f"{level}.hours_since_{what}"
    for level in ("person", "group", "account")
    for what in ("handoff", "taken_back")
)
UNKNOWN_HOURS = 24.0
SOONEST = 0.25


@dataclass(frozen=True)
class Stopped:
    """A candidate that only time keeps back, and the hours until it does not."""

    candidate: Candidate
    hours: float


def stopped(candidate: Candidate, option: Option, room: Room, bundle: Bundle) -> Stopped | None:
    """Return a fallen candidate that time will free, with the hours that it takes; else None.

    A cap opens when its oldest touch leaves the window, a repeat when the row's pause is over;
    where a row says nothing of time, the next day is as good as any.
    """
    fell = candidate.fell
    if fell is None or fell.gate is not Gate.CONTACT_POLICY or (candidate.priority or 0) <= 0:
        return None
    rows = bundle.page(f"gates/{fell.gate.value}").rows
    when = next((row.when for row in rows if row.id == fell.row), {})
    if "action.over_limit" in when:
        hours = room.opens(option)
    elif HOUR in when or HOLIDAY in when:
        hours = _find_morning(option, rows)
    elif SINCE in when:
        since = room.past.hours(option.person.person_id, option.action.name) or 0.0
        hours = end_of(when[SINCE]) - since
    elif handed := next((name for name in HANDOFFS if name in when), None):
        hours = end_of(when[handed]) - float(option.facts.get(handed) or 0)  # type: ignore[arg-type]
    else:
        hours = None
    return Stopped(candidate, max(SOONEST, UNKNOWN_HOURS if hours is None else hours))


def _find_morning(option: Option, rows: Iterable[Row]) -> float:
    """Return in how many hours it is no longer quiet where somebody is.

    Policy has worked that out by their zones and holidays (`mos.policy.quiet`); in records of
    before 2026-12 it has not, and the hour on their clock counts on by itself.
    """
    stated = option.facts.get(f"{QUIET}.{option.treatment.channel}")
    if isinstance(stated, int | float):
        return float(stated)
    return until_open(rows, option.facts.get(HOUR))


def until_open(rows: Iterable[Row], hour: Fact) -> float:
    """Return in how many hours no row that asks for the local hour holds any more."""
    barred = [c for row in rows if not row.then.get("allow", True) and (c := row.when.get(HOUR))]
    if not isinstance(hour, int | float):
        return UNKNOWN_HOURS
    for quarter in range(1, 97):
        later = quarter / 4
        if not any(holds(cell, (hour + later) % 24) for cell in barred):
            return later
    return UNKNOWN_HOURS


def end_of(condition: Condition) -> float:
    """Return the number of hours at which a condition on a pause no longer holds."""
    ends = [high for _, high, *_ in condition.intervals if isfinite(high)]
    return max(ends, default=UNKNOWN_HOURS)


def resting(waiting: Iterable[Stopped], at: datetime, bundle: Bundle) -> list[Candidate]:
    """Return doing nothing, worth nothing, and waiting for the best thing that time will free."""
    rest = [do_nothing(bundle)]
    worth = [(_worth(one, bundle), one) for one in waiting]
    if worth:
        value, best = max(worth, key=lambda pair: pair[0])
        fell = best.candidate.fell
        until = at + timedelta(hours=best.hours)
        why = (
            f"{best.candidate.action} is worth ${best.candidate.priority or 0:.2f} in "
            f"{best.hours:.1f} hours ({fell.row if fell else ''})"
        )
        wait = _still("wait_until", value, why, bundle)
        rest.append(wait.model_copy(update={"until": until.replace(microsecond=0)}))
    return rest


def do_nothing(bundle: Bundle) -> Candidate:
    """Return the candidate that is always there."""
    return _still("do_nothing", 0.0, "worth nothing and costs nothing", bundle)


def _worth(one: Stopped, bundle: Bundle) -> float:
    """Return what waiting keeps: a part of the worth, which halves as time goes by."""
    kept = bundle.number("wait_discount")
    if "wait_half_life_hours" in bundle.parameters:
        kept *= 0.5 ** (one.hours / bundle.number("wait_half_life_hours"))
    return round((one.candidate.priority or 0) * kept, 9)


def _still(name: str, worth: float, why: str, bundle: Bundle) -> Candidate:
    treatment = bundle.actions[name].treatments[0]
    return Candidate(
        person_id=None,
        action=name,
        treatment=treatment.name,
        channel=treatment.channel,
        factors=(Factor(name="worth", value=worth, why=why),),
        priority=worth,
    )
