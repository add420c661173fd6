"""The events of the path: what each hop says when it is done."""

from typing import Self

from pydantic import Field

from mos.events.base import Event
from mos.model.account import SharedTouches
from mos.model.action import Action
from mos.model.base import Facts, Instant, derive_id
from mos.model.decision import PersonFacts, Route, Verdict
from mos.model.delivery import DeliveryStatus
from mos.model.lesson import Credit
from mos.model.limit import Limit, RecipientCalendar
from mos.model.signal import Signal
from mos.model.stage import Level, Placement


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
    `correction` says why this run only puts the past right: nothing new is done because of it.
    """

    run_id: str
    run_at: Instant
    profile_id: str
    account_id: str
    group_id: str
    material: str
    why: str
    correction: str | None = None


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


class ActionsPermitted(Event):
    """What the business allows for this group: fit, route, verdicts per person, limits.

    `calendars` are the days and weeks of each person, by id, where a cap counts in those.
    """

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
    calendars: dict[str, RecipientCalendar] = Field(default_factory=dict)


class ActionDecided(Event):
    """The next best action, or a reason for none. The whole record stands in the ledger.

    `replaces` are earlier decisions whose tasks are somebody else's now: a promise was broken.
    """

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
    replaces: tuple[str, ...] = ()
    facts: Facts = Field(default_factory=dict)


class ActionHeld(Event):
    """What was decided cannot leave yet: ask again at `held_until`, with the same decision."""

    decided: ActionDecided
    action_id: str
    held_until: Instant
    held_why: str


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
