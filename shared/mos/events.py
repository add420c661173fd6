"""The events of the path: what each hop says when it is done."""

import re
from typing import Any, ClassVar, Self

from pydantic import Field

from mos.model.account import SharedTouches
from mos.model.action import Action
from mos.model.base import Facts, Instant, Stored, derive_id
from mos.model.decision import Limit, PersonFacts, Route, Verdict
from mos.model.delivery import DeliveryStatus
from mos.model.lesson import Credit, Outcome
from mos.model.signal import Signal
from mos.model.stage import Clock, Conflict, Level, Placement


class Event(Stored):
    """What every event carries: its id, its cause and the signal that started it all.

    `event_id` is derived from `cause_id` and the kind of event, so a retry says the same thing.
    `trace_id` is the id of the signal that started the run: one id from webhook to outcome.
    """

    event_id: str
    cause_id: str
    trace_id: str
    occurred_at: Instant

    detail_type: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401  pydantic's own signature
        super().__init_subclass__(**kwargs)
        cls.detail_type = re.sub(r"(?<!^)(?=[A-Z])", ".", cls.__name__).lower()

    @classmethod
    def following(cls, cause: "Event", **fields: Any) -> Self:  # noqa: ANN401  the event's fields
        """Return the event that `cause` leads to, with an id derived from it."""
        given = {
            "event_id": derive_id("evt", cls.__name__, cause.event_id),
            "cause_id": cause.event_id,
            "trace_id": cause.trace_id,
            "occurred_at": cause.occurred_at,
        }
        return cls(**(given | fields))


class SignalReceived(Event):
    """A genuine request made this signal."""

    signal: Signal

    @classmethod
    def of(cls, signal: Signal) -> Self:
        """Return the event of a signal that has just come in."""
        return cls(
            event_id=derive_id("evt", cls.__name__, signal.signal_id),
            cause_id=signal.signal_id,
            trace_id=signal.signal_id,
            occurred_at=signal.received_at,
            signal=signal,
        )


class ProfileUnified(Event):
    """A material change: the person behind the signal is known and their group must be looked at.

    `run_id` names the window of the group's next decision; `run_at` is when that window closes.
    `correction` says why this run only puts the past right: stages are worked out again, and
    nothing new is done because of it.
    """

    run_id: str
    run_at: Instant
    profile_id: str
    account_id: str
    group_id: str
    material: str
    why: str
    correction: str | None = None


class OutcomeObserved(Event):
    """A signal says that something came of what we did."""

    outcome: Outcome


class ErasureOrdered(Event):
    """Somebody is to be forgotten: each layer erases what its table holds and leaves a receipt.

    `people` are all ids under which they were known, `groups` those they were in, `runs` the
    recent runs of these groups.
    """

    request_id: str
    people: tuple[str, ...]
    groups: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()


class StoreErased(Event):
    """A layer has erased what its table held of somebody; `what` says it in words."""

    request_id: str
    store: str
    what: str


class SubjectPlaced(Event):
    """Where the account, then the group, then each person stands.

    `steps` are the levels in the order in which this run worked them out. `shared` are groups of
    accounts that are, or were, one with this one: caps count their touches too. `joined_accounts`
    are the ids of accounts that are one with this one.
    """

    run_id: str
    bundle: str
    group_id: str
    account_id: str
    account: Placement
    group: Placement
    people: tuple[Placement, ...] = ()
    group_facts: Facts = Field(default_factory=dict)
    person_facts: tuple[PersonFacts, ...] = ()
    steps: tuple[Level, ...] = ()
    correction: str | None = None
    shared: tuple[SharedTouches, ...] = ()
    joined_accounts: tuple[str, ...] = ()


class Noted(Event):
    """What every note about a subject says: which one, in which run and group."""

    run_id: str
    bundle: str
    level: Level
    subject_id: str
    group_id: str
    account_id: str
    stage: str


class StageConflicted(Noted):
    """The CRM and the model name different stages; the bundle has said whom we believe."""

    conflict: Conflict


class SlaChanged(Noted):
    """A promise about a stage began to run, was kept, was broken, or no longer matters."""

    clock: Clock


class DealStalled(Noted):
    """A deal is open and its group no longer moves."""

    momentum: str


class ActionsPermitted(Event):
    """What the business allows for this group: fit, route, verdicts per person, limits."""

    run_id: str
    bundle: str
    group_id: str
    account_id: str
    group_facts: Facts
    people: tuple[PersonFacts, ...] = ()
    route: Route
    verdicts: tuple[Verdict, ...] = ()
    limits: tuple[Limit, ...] = ()
    correction: str | None = None
    shared: tuple[SharedTouches, ...] = ()
    joined_accounts: tuple[str, ...] = ()


class ActionDecided(Event):
    """The next best action, or a reason for none. The whole record stands in the ledger."""

    run_id: str
    bundle: str
    decision_id: str
    group_id: str
    account_id: str
    person_id: str | None
    action: Action
    treatment: str
    channel: str
    segment: str
    probability: float
    reason: str
    needs_approval: bool = False
    expires_at: Instant
    owner: str | None = None
    facts: Facts = Field(default_factory=dict)


class ActionDelivered(Event):
    """What was done, or why nothing was.

    `outcomes` would be a success of it, `brings` are others that only a touch over its channel has.
    """

    run_id: str
    decision_id: str
    action_id: str
    group_id: str
    person_id: str | None
    action: str
    treatment: str
    channel: str
    segment: str
    probability: float
    status: DeliveryStatus
    reason: str
    outcomes: tuple[str, ...] = ()
    account_id: str = ""
    bundle: str = ""
    brings: tuple[str, ...] = ()


class LessonLearned(Event):
    """What is now counted: the touch that waits for its outcome, or an outcome credited."""

    decision_id: str | None
    credit: Credit | None = None
    reason: str
