"""Learning Lambda: a delivery or an outcome in, a lesson out."""

import json
from datetime import UTC, datetime
from typing import Any

from functions.learning.credit import credit
from functions.learning.erase import erase
from functions.learning.learn import complete_touch, make_touch
from functions.learning.prove import prove
from functions.learning.study import Study
from functions.learning.watch import watch
from mos.aws.bundles import BundleStore, bundles
from mos.aws.table import table
from mos.events import (
    ActionDelivered,
    DeliveryProved,
    ErasureOrdered,
    LessonLearned,
    OutcomeObserved,
    TouchObserved,
)
from mos.model.delivery import DeliveryStatus
from mos.policy.bundle.arms import find_arms
from mos.ports import Moment, Table
from mos.runtime import logger, on, on_any, tally, wrap

WATCH = "Scheduled Event"
"""What EventBridge calls the events of a schedule."""


def step(event: ActionDelivered, moment: Moment, study: Study) -> LessonLearned:  # noqa: ARG001  a touch is timed by its event
    """Remember a touch that waits for its outcome; of what is proved since, the proof holds.

    Whoever was decided on is compared from then on, touched or not.
    """
    lessons = study.lessons
    bundle = study.find(event.bundle) if event.bundle else None
    if bundle and event.account_id:
        arms = find_arms(event.account_id, event.occurred_at, bundle)
        study.enrolments.enrol(event.account_id, arms, event.occurred_at)
    made = make_touch(event)
    made = complete_touch(made, bundle) if bundle else made
    if event.status is DeliveryStatus.UNKNOWN:
        lessons.keep_open(made)
    has_left = lessons.find_proof(event.action_id)
    is_touch = event.status is DeliveryStatus.SENT if has_left is None else has_left
    if not is_touch:
        reason = f"nobody was touched: {event.status.value} ({event.reason})"
        return LessonLearned.following(event, decision_id=event.decision_id, reason=reason)
    lessons.save_touch(made)
    if lessons.find_proof(event.action_id) is False:
        lessons.uncount(made)  # It was proved while it was counted.
    reason = f"counted as a trial of {event.action}/{event.treatment} in {event.segment}"
    return LessonLearned.following(event, decision_id=event.decision_id, reason=reason)


def note_ad(event: TouchObserved, study: Study) -> TouchObserved:
    """Keep an ad that somebody saw beside the touches of their group."""
    study.enrolments.note_ad(event)
    return event


def hour(now: datetime, lessons: Table, store: BundleStore) -> dict[str, Any]:
    """Watch the canary; say what was found."""
    watched = watch(now, lessons, store)
    if watched is None:
        return {"canary": None}
    if watched.canary.ended_at:
        logger().error("canary.ended", extra={"why": watched.canary.ended})
        tally(canary_ended=1)
    out: dict[str, Any] = json.loads(watched.canonical())
    return out


def _study(moment: Moment) -> Study:
    store = bundles()
    return Study(table("lessons"), store.load, store.active, moment.now)


_on_hour = wrap(lambda _payload, _context: hour(datetime.now(UTC), table("lessons"), bundles()))
_on_delivered = on(ActionDelivered, lambda event, moment: step(event, moment, _study(moment)))


_on_any = on_any(
    _on_delivered,
    {
        OutcomeObserved: on(
            OutcomeObserved, lambda event, moment: credit(event, moment, _study(moment))
        ),
        DeliveryProved: on(
            DeliveryProved, lambda event, moment: prove(event, _study(moment).lessons)
        ),
        TouchObserved: on(TouchObserved, lambda event, moment: note_ad(event, _study(moment))),
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
