"""Decisioning Lambda: what is allowed in, the next best action out."""

from dataclasses import replace

from functions.decisioning.constrain import use_of
from functions.decisioning.decide import Known, decide_among, ranked
from functions.decisioning.erase import erase
from functions.decisioning.give_back import give_back
from functions.decisioning.keeper import windows_of
from functions.decisioning.learned import segment_of
from functions.decisioning.move_touch import move_touch
from functions.decisioning.nominate import brief_of
from functions.decisioning.observe import count_touch
from functions.decisioning.repository import Arms, Ledger
from functions.decisioning.settings import settings_for
from functions.decisioning.waiting import timers
from mos.aws.asker import LambdaAsker
from mos.aws.bundles import BundleStore, bundles
from mos.aws.table import table
from mos.aws.timers import scheduler
from mos.errors import ConflictError, ContendedError, LimitReachedError, UnavailableError
from mos.events import (
    ActionDecided,
    ActionsPermitted,
    ActionUnsent,
    ErasureOrdered,
    TouchMoved,
    TouchObserved,
)
from mos.events.retell import tell_decision
from mos.model.action import Candidate
from mos.model.base import derive_id
from mos.model.decision import Decision
from mos.model.nomination import Nomination
from mos.policy.bundle.bundle import Bundle
from mos.policy.nominate import heard
from mos.ports import Asker, Moment, Timers
from mos.runtime import logger, on, on_any
from mos.tasks import nominate

_TRIES = 20
"""Runs meet where they draw the same place, or want the last one: see `places.py`."""


def step(
    event: ActionsPermitted,
    moment: Moment,
    ledger: Ledger,
    arms: Arms,
    store: BundleStore,
    clocks: Timers,
    asker: Asker,
) -> ActionDecided:
    """Load, ask, decide, record, say. A run that has decided tells its recorded decision again."""
    bundle = store.load(event.bundle)
    decision = ledger.find(derive_id("dec", event.run_id))
    if decision is None:
        decision = _record(event, moment, ledger, arms, bundle, asker)
    clocks.start(timers(decision))
    return tell_decision(event, decision, bundle.actions[decision.action])


def _record(
    event: ActionsPermitted,
    moment: Moment,
    ledger: Ledger,
    arms: Arms,
    bundle: Bundle,
    asker: Asker,
) -> Decision:
    # What is read for a decision is read by the settings that make it.
    settings = settings_for(event.account_id, event.occurred_at, bundle)
    own = settings.bundle
    learned = arms.of(segment_of(event.group_facts, own))
    nominations: tuple[Nomination, ...] | None = () if settings.held_out else None
    for attempt in range(_TRIES):
        held = ledger.held(event, windows_of(own), bundle.constraints)
        known = Known(held.past, learned, nominations or ())
        candidates = ranked(held.event, known, own)
        if nominations is None:
            nominations = _nominated(held.event, candidates[0], own, asker)
            if nominations:
                known = replace(known, nominations=nominations)
                candidates = ranked(held.event, known, own)
        decision = decide_among(candidates, held.event, known, bundle)
        action = bundle.actions[decision.action]
        try:
            ledger.record(
                decision,
                moment.execution,
                replace(held, attempt=attempt),
                action=action,
                made_at=moment.now,
                uses=[(one, use_of(one, action, bundle)) for one in bundle.constraints],
            )
        except (ConflictError, ContendedError, LimitReachedError):
            # Either a retry of this run has decided, or another run has used up some room.
            told = ledger.find(decision.decision_id)
            if told is not None:
                return told
            continue
        return decision
    raise ConflictError(f"budgets of {event.group_id}")


def _nominated(
    event: ActionsPermitted, alive: list[Candidate], bundle: Bundle, asker: Asker
) -> tuple[Nomination, ...]:
    """Ask a model where policy wants one asked; whatever goes wrong, nobody is nominated."""
    if not heard(event.group_facts, bundle).is_asked:
        return ()
    brief = brief_of(event, alive, bundle)
    if brief is None:
        return ()
    context = {
        "decision_id": derive_id("dec", event.run_id),
        "bundle": event.bundle,
        "people": ",".join(person.person_id for person in event.people),
    }
    try:
        told = asker.ask(nominate.TASK.name, brief.situation.model_dump(mode="json"), context)
        return brief.read(nominate.Choices.model_validate(told["answer"]), str(told["by"]))
    except (UnavailableError, ValueError, KeyError, TypeError) as error:
        logger().warning("nobody_nominated", extra={"error": type(error).__name__})
        return ()


_decide = on(
    ActionsPermitted,
    lambda event, moment: step(
        event,
        moment,
        Ledger(table("decisions")),
        Arms(table("lessons")),
        bundles(),
        scheduler(),
        LambdaAsker(moment.seconds),
    ),
)
_erase = on(ErasureOrdered, lambda event, moment: erase(event, moment, table("decisions")))

_give_back = on(
    ActionUnsent, lambda event, moment: give_back(event, moment, table("decisions"), bundles().load)
)

_move_touch = on(
    TouchMoved, lambda event, _moment: move_touch(event, table("decisions"), bundles().load)
)

_count_touch = on(
    TouchObserved, lambda event, moment: count_touch(event, moment, table("decisions"))
)

handler = on_any(
    _decide,
    {
        ErasureOrdered: _erase,
        ActionUnsent: _give_back,
        TouchMoved: _move_touch,
        TouchObserved: _count_touch,
    },
)
