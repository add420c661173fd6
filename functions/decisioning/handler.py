"""Decisioning Lambda: what is allowed in, the next best action out."""

from functions.decisioning.decide import Known, decide, segment_of
from functions.decisioning.repository import Arms, Ledger
from mos.aws.bundles import BundleStore, bundles
from mos.aws.table import table
from mos.errors import ConflictError, LimitReachedError
from mos.events import ActionDecided, ActionsPermitted
from mos.model.base import derive_id
from mos.model.decision import Decision
from mos.policy.bundle import Bundle
from mos.ports import Moment
from mos.runtime import on

_TRIES = 5


def step(
    event: ActionsPermitted, moment: Moment, ledger: Ledger, arms: Arms, store: BundleStore
) -> ActionDecided:
    """Load, decide, record, say. A run that has decided tells the recorded decision again."""
    bundle = store.load(event.bundle)
    decision = ledger.find(derive_id("dec", event.run_id))
    if decision is None:
        decision = _record(event, moment, ledger, arms, bundle)
    return _said(event, decision, bundle)


def _record(
    event: ActionsPermitted, moment: Moment, ledger: Ledger, arms: Arms, bundle: Bundle
) -> Decision:
    people = [person.person_id for person in event.people]
    for _ in range(_TRIES):
        past = ledger.past(event.group_id, people, event.limits, event.occurred_at)
        decision = decide(event, Known(past, arms.of(segment_of(event))), bundle)
        touches = bundle.actions[decision.action].touches
        try:
            ledger.record(decision, moment.execution, touches=touches)
        except LimitReachedError:
            continue  # The last room went to another run: decide again, and see it used.
        except ConflictError:
            told = ledger.find(decision.decision_id)
            if told is None:
                raise
            return told
        return decision
    raise ConflictError(f"budgets of {event.group_id}")


def _said(event: ActionsPermitted, decision: Decision, bundle: Bundle) -> ActionDecided:
    person = next((p.facts for p in decision.people if p.person_id == decision.person_id), {})
    wanted = ("account.stage", "group.stage", "person.stage", "person.role", "person.top_interest")
    facts = decision.group_facts | person
    return ActionDecided.following(
        event,
        run_id=decision.run_id,
        bundle=decision.bundle,
        decision_id=decision.decision_id,
        group_id=decision.group_id,
        account_id=decision.account_id,
        person_id=decision.person_id,
        action=bundle.actions[decision.action],
        treatment=decision.treatment,
        channel=decision.channel,
        segment=decision.segment,
        probability=decision.probability,
        reason=decision.reason,
        needs_approval=decision.needs_approval,
        expires_at=decision.expires_at,
        owner=decision.route.owner,
        facts={name: facts[name] for name in wanted if facts.get(name) is not None},
    )


handler = on(
    ActionsPermitted,
    lambda event, moment: step(
        event, moment, Ledger(table("decisions")), Arms(table("lessons")), bundles()
    ),
)
