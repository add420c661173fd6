"""Credit outcomes to the touches that earned them. Pure: no clock, no storage."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from mos.events import ActionDelivered
from mos.model.attribution import split_outcome
from mos.model.lesson import Credit, Outcome, OutcomeKind, Share, Touch
from mos.policy.action_cost import cost_of
from mos.policy.attribution_rule import AttributionRule
from mos.policy.bundle.arms import CONTROL, HELD_OUT, find_arms
from mos.policy.bundle.bundle import Bundle
from mos.policy.bundle.challenge import assign, seen_by

MILESTONES = (OutcomeKind.MEETING, OutcomeKind.OPPORTUNITY)
"""Where a group becomes a lead, and an opportunity: the anchors of a W-shaped split."""
REASONS = {
    "by_action_id": "credited by its action id",
    "last_touch": "credited to the group's last touch",
}


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


def complete_touch(touch: Touch, bundle: Bundle) -> Touch:
    """Return a touch with its account's arms and what it cost, by the bundle that decided it."""
    arms = find_arms(touch.account_id, touch.at, bundle)
    held_out = any(a.challenge == CONTROL and a.arm == HELD_OUT for a in arms)
    own = bundle if held_out else seen_by(assign(touch.account_id, touch.at, bundle), bundle)
    action = own.actions.get(touch.action)
    return touch.model_copy(
        update={
            "arms": arms,
            "held_out": held_out,
            "cost": round(cost_of(action, own)[0], 9) if action else 0.0,
            "impressions": action.impressions if action else 0.0,
        }
    )


def learn(
    outcome: Outcome,
    touches: Sequence[Touch],
    rule: AttributionRule,
    milestones: Sequence[datetime] = (),
) -> tuple[Credit | None, str]:
    """Return the credit of an outcome, and the reason.

    An outcome that names its action is that action's. One that doesn't is the success of the
    group's last touch, within the bundle's window before it, whose success it would be: what the
    next decision reads counts whole successes. How the bundle's model splits it over all touches of
    the window stands beside. A touch earns at most one reward; what is not a success of its action
    (an unsubscribe) earns nothing but is kept.
    """
    named = [t for t in touches if outcome.action_id and t.action_id == outcome.action_id]
    recent = [t for t in touches if timedelta() <= outcome.at - t.at <= rule.window]
    fitting = [t for t in recent if outcome.kind.value in t.outcomes]
    if outcome.action_id and not named:
        return None, "the action that it names was never delivered"
    if not named and not fitting:
        return None, f"no touch of the last {rule.days:g} days could have brought it"
    how = "by_action_id" if named else "last_touch"
    last = named[0] if named else max(fitting, key=lambda t: (t.at, t.decision_id))
    shares = _split(recent, milestones, outcome.at, rule)
    credit = _credit(outcome, last, how).model_copy(
        update={"model": rule.model.value, "window_days": rule.days, "shares": shares}
    )
    return credit, REASONS[how]


def _split(
    touches: Sequence[Touch], milestones: Sequence[datetime], at: datetime, rule: AttributionRule
) -> tuple[Share, ...]:
    path = sorted(touches, key=lambda t: (t.at, t.decision_id))
    before = [moment for moment in milestones if moment <= at]
    parts = split_outcome(rule.model, [t.at for t in path], before)
    return tuple(
        Share(decision_id=t.decision_id, channel=t.channel, action=t.action,
              treatment=t.treatment, share=round(part, 9))
        for t, part in zip(path, parts, strict=True)
        if part
    )  # fmt: skip


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
        touched_at=touch.at,
    )
