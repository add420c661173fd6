"""Which stage the bundle gives a subject now: criteria, and the declared ways back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from mos.model.base import Facts
from mos.model.stage import Level, Placement
from mos.policy.bundle.bundle import Bundle
from mos.policy.table.engine import Answer

_DAY = 86_400
_MOST_NEAR = 50


@dataclass(frozen=True)
class Ruling:
    """The stage that a row gives. `is_free` says that it may lie behind the stage that is held."""

    stage: str
    table: str
    answer: Answer
    reason: str | None = None
    days: float | None = None
    is_free: bool = False


@dataclass(frozen=True)
class Seat:
    """What a ruling reads besides the facts: the level, where the subject sits, and since when."""

    level: Level
    held: Placement | None
    moments: Mapping[str, datetime]
    at: datetime

    @property
    def facts(self) -> Facts:
        """Return the facts about the seat itself: stage, how long, what has come since."""
        facts: Facts = {"subject.level": self.level.value}
        if self.held is None:
            return facts
        return (
            facts
            | _entered(self, self.held.stage, self.held.since)
            | {
                "subject.is_over": self.held.until is not None and self.at >= self.held.until,
            }
        )


def order(level: Level, bundle: Bundle) -> list[str]:
    """Return the stages through which a subject of this level moves, earliest first."""
    found = bundle.value(f"{level.value}_order")
    return found if isinstance(found, list) else []


def aside(level: Level, bundle: Bundle) -> list[str]:
    """Return the stages into which a subject of this level may be set back."""
    found = bundle.value(f"{level.value}_aside")
    return found if isinstance(found, list) else []


def rank(stage: str, stages: list[str]) -> int:
    """Return a stage's place in the order; one that this bundle has dropped comes before all."""
    return stages.index(stage) if stage in stages else -1


def criteria(level: Level, facts: Facts, bundle: Bundle) -> Ruling:
    """Return what the level's criteria say, read from the furthest stage back."""
    table = f"lifecycle/{level.value}"
    answer = bundle.table(table).explain(facts, most=_MOST_NEAR)
    return Ruling(str(answer.output["stage"]), table, answer)


def rule(
    seat: Seat, facts: Facts, bundle: Bundle, correction: str | None
) -> tuple[Ruling, Ruling | None]:
    """Return what the criteria say, and the ruling: None leaves the subject where it was set aside.

    Disqualification comes first; then, for whom was set aside, the way back. Whoever moves on is
    not recycled in the same breath: sales handed a lead back, and then they booked a meeting.
    """
    by_criteria = criteria(seat.level, facts, bundle)
    barred = _declared("lifecycle/disqualify", facts, bundle)
    held = seat.held
    if barred or held is None:
        return by_criteria, barred or by_criteria
    if held.stage in aside(seat.level, bundle):
        return by_criteria, _way_back(seat, facts, by_criteria, bundle, correction)
    stages = order(seat.level, bundle)
    if rank(by_criteria.stage, stages) > rank(held.stage, stages):
        return by_criteria, by_criteria
    recycled = _declared("lifecycle/recycle", facts, bundle)
    if recycled is None and correction:
        return by_criteria, replace(by_criteria, reason=correction, is_free=True)
    return by_criteria, recycled or by_criteria


def _way_back(
    seat: Seat, facts: Facts, by_criteria: Ruling, bundle: Bundle, correction: str | None
) -> Ruling | None:
    if correction:
        free = replace(by_criteria, reason=correction, is_free=True)
        return None if _still(seat, facts, bundle) else free
    answer = bundle.table("lifecycle/reentry").explain(facts)
    if answer.row is None:
        return None
    to, reason = str(answer.output["to"]), str(answer.output["reason"])
    if to == "criteria":
        return replace(by_criteria, reason=reason, is_free=True)
    days = answer.output.get("days")
    return Ruling(to, "lifecycle/reentry", answer, reason, days, is_free=True)


def _still(seat: Seat, facts: Facts, bundle: Bundle) -> bool:
    """Say whether, by what is known now, the subject would have been set aside as it was."""
    held = seat.held
    if held is None or held.previous is None or held.previous_since is None:
        return False
    then = _entered(seat, held.previous, held.previous_since)
    found = _declared("lifecycle/recycle", facts | then, bundle)
    return found is not None and found.stage == held.stage


def _entered(seat: Seat, stage: str, since: datetime) -> Facts:
    return {
        "subject.stage": stage,
        "subject.days_in_stage": round((seat.at - since).total_seconds() / _DAY, 3),
        "subject.since_entered": tuple(sorted(k for k, m in seat.moments.items() if m > since)),
    }


def _declared(table: str, facts: Facts, bundle: Bundle) -> Ruling | None:
    """Return the backward move that a row declares, with its reason and its end."""
    answer = bundle.table(table).explain(facts)
    if answer.row is None:
        return None
    then = answer.output
    return Ruling(
        str(then["stage"]), table, answer, str(then["reason"]), then.get("days"), is_free=True
    )
