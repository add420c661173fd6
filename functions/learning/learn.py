"""Credit outcomes to the touches that earned them. Pure: no clock, no storage."""

from collections.abc import Sequence
from datetime import timedelta

from mos.events import ActionDelivered
from mos.model.delivery import DeliveryStatus
from mos.model.lesson import Credit, Outcome, Touch

WINDOW = timedelta(days=14)
REASONS = {
    "by_action_id": "credited by its action id",
    "last_touch": "credited to the group's last touch",
}


def touch_of(event: ActionDelivered) -> Touch | None:
    """Return the touch that now waits for its outcome, or None where nobody was touched."""
    return make_touch(event) if event.status is DeliveryStatus.SENT else None


def make_touch(event: ActionDelivered) -> Touch:
    """Return the touch that a delivery is, if it left."""
    return Touch(
        decision_id=event.decision_id,
        action_id=event.action_id,
        group_id=event.group_id,
        person_id=event.person_id,
        segment=event.segment,
        action=event.action,
        treatment=event.treatment,
        channel=event.channel,
        probability=event.probability,
        at=event.occurred_at,
        outcomes=event.outcomes,
        account_id=event.account_id,
        bundle=event.bundle,
        brings=event.brings,
    )


def learn(outcome: Outcome, touches: Sequence[Touch]) -> tuple[Credit | None, str]:
    """Return the credit of an outcome, and the reason.

    An outcome that names its action is that action's. One that doesn't is the group's last touch
    of the fortnight before it whose success it would be. A touch earns at most one reward; what
    is not a success of its action (an unsubscribe) earns nothing but is kept.
    """
    named = [t for t in touches if outcome.action_id and t.action_id == outcome.action_id]
    if named:
        return _credit(outcome, named[0], "by_action_id"), REASONS["by_action_id"]
    if outcome.action_id:
        return None, "the action that it names was never delivered"
    recent = [t for t in touches if timedelta() <= outcome.at - t.at <= WINDOW]
    fitting = [t for t in recent if outcome.kind.value in t.outcomes]
    if not fitting:
        return None, "no touch of the last 14 days could have brought it"
    last = max(fitting, key=lambda t: (t.at, t.decision_id))
    return _credit(outcome, last, "last_touch"), REASONS["last_touch"]


def _credit(outcome: Outcome, touch: Touch, rule: str) -> Credit:
    return Credit(
        decision_id=touch.decision_id,
        outcome=outcome,
        rule=rule,
        reward=1.0 if outcome.kind.value in touch.outcomes else 0.0,
        segment=touch.segment,
        action=touch.action,
        treatment=touch.treatment,
        account_id=touch.account_id,
        bundle=touch.bundle,
    )
