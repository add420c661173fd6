"""Move one subject, or leave it where it is, by rules that the bundle declares. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from functions.lifecycle import clock
from functions.lifecycle.crm import reconcile
from functions.lifecycle.facts import texts
from functions.lifecycle.receipt import Cite, receipt
from functions.lifecycle.rule import Ruling, Seat, aside, order, rank, rule
from mos.model.base import Facts
from mos.model.handoff import EndedHandoff
from mos.model.profile import Trait
from mos.model.stage import ClockStatus, Conflict, Held, Left, Level, Placement, Wake
from mos.policy.bundle.bundle import Bundle

HYSTERESIS = "hysteresis"
_MOST_LEFT = 8


@dataclass(frozen=True)
class Subject:
    """One subject before its stage is worked out.

    `moments` are the latest signals of each kind that touch it, `crm` what the CRM says of it,
    `wakes` further moments at which it must be looked at, `extra` what its placement remembers,
    `tidings` what else is new about it, `ended` the hand-offs with which promises about it ended.
    """

    level: Level
    subject_id: str
    facts: Facts
    moments: Mapping[str, datetime]
    cite: Cite
    group_id: str | None = None
    crm: Trait | None = None
    wakes: tuple[Wake, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    tidings: tuple[str, ...] = ()
    ended: tuple[EndedHandoff, ...] = ()


def move(
    subject: Subject,
    held: Placement | None,
    at: datetime,
    bundle: Bundle,
    correction: str | None = None,
) -> Placement:
    """Return where the subject stands after this run.

    It moves forwards by criteria. Backwards it moves only where the bundle declares it (recycled,
    disqualified, churned …) or where the past is corrected. It does not flap: a second return
    within the window needs a hard event.
    """
    at = max(at, held.since) if held else at
    seat = Seat(subject.level, held, subject.moments, at)
    facts = subject.facts | seat.facts
    by_criteria, ruling = rule(seat, facts, bundle, correction)
    conflict, ruling = _heard(subject, held, by_criteria, ruling, bundle)
    if ruling is not None and not _moves(subject.level, held, ruling, bundle):
        stays, goes = ruling, None
    else:
        stays, goes = None, ruling
    hold = _hold(seat, by_criteria, goes, bundle)
    if goes and hold and not correction:
        goes = None
    if held is None or goes:
        placed = _entered(subject, held, goes or by_criteria, facts, at, bundle)
    else:
        placed = _stayed(subject, held, stays, at)
    hold = None if placed.moved else hold
    placed = placed.model_copy(update={"conflict": conflict, "held_by": hold, **subject.extra})
    placed = placed.model_copy(update={"wakes": _wakes(subject, placed, facts, at, bundle)})
    return placed.model_copy(update={"news": _news(subject, held, placed)})


def _heard(
    subject: Subject,
    held: Placement | None,
    by_criteria: Ruling,
    ruling: Ruling | None,
    bundle: Bundle,
) -> tuple[Conflict | None, Ruling | None]:
    """Return the conflict with the CRM, and the ruling after it: the winner's."""
    model = _model(subject.level, held, ruling or by_criteria, bundle)
    if ruling is None and held:
        model = held.stage
    conflict, answer = reconcile(subject.level, subject.crm, model, bundle)
    if conflict is None or answer is None or conflict.winner != "crm":
        return conflict, ruling
    is_back = model in aside(subject.level, bundle)
    return conflict, Ruling(conflict.means, "lifecycle/crm", answer, is_free=is_back)


def _model(level: Level, held: Placement | None, ruling: Ruling, bundle: Bundle) -> str:
    """Return the stage that the model alone would have: the CRM's word is not the model's."""
    if held is None or ruling.is_free:
        return ruling.stage
    before = held.conflict.model if held.conflict else held.stage
    stages = order(level, bundle)
    return ruling.stage if rank(ruling.stage, stages) > rank(before, stages) else before


def _moves(level: Level, held: Placement | None, ruling: Ruling, bundle: Bundle) -> bool:
    if held is None or ruling.stage == held.stage:
        return held is None
    stages = order(level, bundle)
    return ruling.is_free or rank(ruling.stage, stages) > rank(held.stage, stages)


def _hold(seat: Seat, by_criteria: Ruling, ruling: Ruling | None, bundle: Bundle) -> Held | None:
    """Return what keeps the subject from a stage that it would have, if anything does."""
    held, stages = seat.held, order(seat.level, bundle)
    if held is None:
        return None
    if ruling is None:
        if held.stage in aside(seat.level, bundle) and rank(by_criteria.stage, stages) > 0:
            why = held.reason or "set aside"
            return Held(stage=by_criteria.stage, by=held.stage, why=why, until=held.until)
        return None
    window = timedelta(hours=bundle.number("flap_hours"))
    lately = {gone.stage for gone in held.left if gone.at > seat.at - window}
    last = held.returned_at
    if ruling.stage not in lately or last is None or last <= seat.at - window:
        return None
    came = seat.facts.get("subject.since_entered")
    if set(texts(bundle, "hard_events")) & set(came if isinstance(came, tuple) else ()):
        return None
    why = f"it went back to a stage once within {window.total_seconds() / 3600:g} hours already"
    return Held(stage=ruling.stage, by=HYSTERESIS, why=why, until=last + window)


def _entered(
    subject: Subject,
    held: Placement | None,
    ruling: Ruling,
    facts: Facts,
    at: datetime,
    bundle: Bundle,
) -> Placement:
    clocks = clock.started(ruling.stage, at, facts, bundle)
    placed = Placement(
        subject_id=subject.subject_id,
        level=subject.level,
        group_id=subject.group_id,
        stage=ruling.stage,
        since=at,
        first_at=at,
        moved=True,
        reason=ruling.reason,
        until=at + timedelta(days=ruling.days) if ruling.days else None,
        clocks=clocks,
        receipt=receipt(ruling.table, ruling.answer, facts, bundle, subject.cite),
    )
    if held is None:
        return placed
    window = at - timedelta(hours=bundle.number("flap_hours"))
    lately = [gone for gone in held.left if gone.at > window and gone.stage != held.stage]
    returns = any(gone.stage == ruling.stage for gone in lately)
    told = clock.told(held.clocks, subject.moments, at, subject.ended)
    forwards = ruling.stage not in aside(subject.level, bundle)
    return placed.model_copy(
        update={
            "previous": held.stage,
            "previous_since": held.since,
            "first_at": held.first_at or held.since,
            "left": (*lately, Left(stage=held.stage, at=at))[-_MOST_LEFT:],
            "returned_at": at if returns else held.returned_at,
            "clocks": (*clock.left(told, held.stage, at, forwards=forwards), *clocks),
        }
    )


def _stayed(subject: Subject, held: Placement, ruling: Ruling | None, at: datetime) -> Placement:
    """Return the placement with its clocks told; what still bars a subject bars it anew."""
    changed: dict[str, object] = {
        "moved": False,
        "clocks": clock.told(held.clocks, subject.moments, at, subject.ended),
    }
    barred_again = ruling is not None and ruling.stage == held.stage and ruling.days
    if barred_again and ruling and held.until and at >= held.until:
        changed |= {"reason": ruling.reason, "until": at + timedelta(days=ruling.days or 0)}
    return held.model_copy(update=changed)


def _wakes(
    subject: Subject, placed: Placement, facts: Facts, at: datetime, bundle: Bundle
) -> tuple[Wake, ...]:
    """Return the moments still to come at which the subject must be looked at."""
    found = [*subject.wakes, *clock.looks(placed.stage, placed.since, at, facts, bundle)]
    found += [
        Wake(name=f"sla:{c.name}", at=c.due_at)
        for c in placed.clocks
        if c.status is ClockStatus.DUE
    ]
    if placed.until:
        found.append(Wake(name="until", at=placed.until))
    if placed.held_by and placed.held_by.by == HYSTERESIS and placed.held_by.until:
        found.append(Wake(name="hold", at=placed.held_by.until))
    return tuple(sorted((w for w in found if w.at > at), key=lambda w: (w.at, w.name)))


def _news(subject: Subject, held: Placement | None, placed: Placement) -> tuple[str, ...]:
    """Return what this run changed besides the stage: promises, conflicts, holds, wakes."""
    before = held or placed.model_copy(
        update={"clocks": (), "conflict": None, "held_by": None, "wakes": ()}
    )
    news = list(clock.news_of(before.clocks, placed.clocks))
    if placed.conflict and _gist(placed.conflict) != _gist(before.conflict):
        news.append("conflict")
    if placed.held_by and _gist(placed.held_by) != _gist(before.held_by):
        news.append(f"held:{placed.held_by.by}")
    news += [f"wake:{wake.name}" for wake in placed.wakes if wake not in before.wakes]
    return (*subject.tidings, *news)


def _gist(said: Conflict | Held | None) -> tuple[str, ...]:
    if said is None:
        return ()
    if isinstance(said, Held):
        return (said.stage, said.by)
    return (said.means, said.model, said.winner)
