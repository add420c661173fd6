"""Learning Lambda: a delivery or an outcome in, a lesson out."""

import json
from datetime import UTC, datetime
from typing import Any

from functions.learning.erase import erase
from functions.learning.learn import REASONS, learn, make_touch, touch_of
from functions.learning.prove import prove
from functions.learning.repository import Lessons
from functions.learning.watch import watch
from mos.aws.bundles import BundleStore, bundles
from mos.aws.table import table
from mos.events import (
    ActionDelivered,
    DeliveryProved,
    ErasureOrdered,
    LessonLearned,
    OutcomeObserved,
)
from mos.model.delivery import DeliveryStatus
from mos.ports import Moment
from mos.runtime import logger, on, on_any, tally, wrap

WATCH = "Scheduled Event"
"""What EventBridge calls the events of a schedule."""


def step(event: ActionDelivered, moment: Moment, lessons: Lessons) -> LessonLearned:  # noqa: ARG001  a touch is timed by its event
    """Remember a touch that waits for its outcome; of what is proved since, the proof holds."""
    if event.status is DeliveryStatus.UNKNOWN:
        lessons.keep_open(make_touch(event))
    has_left = lessons.find_proof(event.action_id)
    touch = touch_of(event) if has_left is None else make_touch(event) if has_left else None
    if touch is None:
        reason = f"nobody was touched: {event.status.value} ({event.reason})"
        return LessonLearned.following(event, decision_id=event.decision_id, reason=reason)
    lessons.save_touch(touch)
    if lessons.find_proof(event.action_id) is False:
        lessons.uncount(touch)  # It was proved while it was counted.
    reason = f"counted as a trial of {event.action}/{event.treatment} in {event.segment}"
    return LessonLearned.following(event, decision_id=event.decision_id, reason=reason)


def credit(event: OutcomeObserved, moment: Moment, lessons: Lessons) -> LessonLearned:  # noqa: ARG001  an outcome is timed by its signal
    """Credit an outcome to the decision that earned it, once, whatever is touched afterwards."""
    if event.outcome.retracted:
        return _take_back(event, lessons)
    found = lessons.credited(event.outcome.signal_id)
    if found is None:
        if lessons.is_refused(event.outcome):
            return LessonLearned.following(event, decision_id=None, reason="retracted already")
        found, reason = learn(event.outcome, lessons.touches(event.outcome.group_id))
        if found is None:
            return LessonLearned.following(event, decision_id=None, reason=reason)
        lessons.save_credit(found)
    reason = REASONS[found.rule]
    return LessonLearned.following(
        event, decision_id=found.decision_id, credit=found, reason=reason
    )


def _take_back(event: OutcomeObserved, lessons: Lessons) -> LessonLearned:
    """Take back what a machine's signal had earned, once; what was never credited stays so."""
    found = lessons.credited(event.outcome.signal_id)
    if found is None:
        lessons.refuse(event.outcome)
        reason = "retracted before it was credited"
        return LessonLearned.following(event, decision_id=None, reason=reason)
    back = lessons.retract(found)
    reason = "taken back: a machine made the signal"
    return LessonLearned.following(event, decision_id=back.decision_id, credit=back, reason=reason)


def hour(now: datetime, lessons: Lessons, store: BundleStore) -> dict[str, Any]:
    """Watch the canary; say what was found."""
    watched = watch(now, lessons, store)
    if watched is None:
        return {"canary": None}
    if watched.canary.ended_at:
        logger().error("canary.ended", extra={"why": watched.canary.ended})
        tally(canary_ended=1)
    out: dict[str, Any] = json.loads(watched.canonical())
    return out


_on_hour = wrap(
    lambda _payload, _context: hour(datetime.now(UTC), Lessons(table("lessons")), bundles())
)
_on_delivered = on(
    ActionDelivered, lambda event, moment: step(event, moment, Lessons(table("lessons")))
)
_on_outcome = on(
    OutcomeObserved, lambda event, moment: credit(event, moment, Lessons(table("lessons")))
)


_on_any = on_any(
    _on_delivered,
    {
        OutcomeObserved: _on_outcome,
        DeliveryProved: on(
            DeliveryProved, lambda event, _moment: prove(event, Lessons(table("lessons")))
        ),
        ErasureOrdered: on(
            ErasureOrdered, lambda event, moment: erase(event, moment, table("lessons"))
        ),
    },
)


def handler(payload: dict[str, Any], context: Any) -> Any:  # noqa: ANN401  Lambda's own types
    """Take the workflow's last step, an outcome from the bus, or the hour to watch the canary."""
    if payload.get("detail-type") == WATCH:
        return _on_hour(payload, context)
    return _on_any(payload, context)
