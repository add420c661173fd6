"""Tell of a decision: when it is made, and again from its record. Pure."""

from mos.events.base import Event
from mos.events.path import ActionDecided, ActionsPermitted
from mos.model.action import Action
from mos.model.base import derive_id
from mos.model.decision import Decision

_WANTED = (
    "account.stage", "group.stage", "person.stage", "person.role", "person.top_interest",
    "route.sla_minutes",
)  # fmt: skip


def tell_decision(cause: Event, decision: Decision, action: Action) -> ActionDecided:
    """Return what is told of a decision that `cause` led to. `action` is the one decided on."""
    person = next((p.facts for p in decision.people if p.person_id == decision.person_id), {})
    facts = decision.group_facts | person | {"route.sla_minutes": decision.route.sla_minutes}
    return ActionDecided.following(
        cause,
        run_id=decision.run_id,
        bundle=decision.bundle,
        decision_id=decision.decision_id,
        group_id=decision.group_id,
        account_id=decision.account_id,
        person_id=decision.person_id,
        action=action,
        treatment=decision.treatment,
        channel=decision.channel,
        segment=decision.segment,
        probability=decision.probability,
        reason=decision.reason,
        needs_approval=decision.needs_approval,
        expires_at=decision.expires_at,
        owner=decision.owner or decision.route.owner,
        replaces=decision.replaces,
        facts={name: facts[name] for name in _WANTED if facts.get(name) is not None},
    )


def retell(decision: Decision, action: Action) -> ActionDecided:
    """Return what was told of a decision, from its record alone: the same to the byte.

    What was erased of somebody since is not told again.
    """
    permitted = derive_id("evt", ActionsPermitted.__name__, decision.cause_id)
    cause = Event(
        event_id=permitted,
        cause_id=decision.cause_id,
        trace_id=decision.trace_id,
        occurred_at=decision.decided_at,
    )
    return tell_decision(cause, decision, action)
