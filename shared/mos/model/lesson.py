"""What came of it: outcomes credited to decisions, and the counts that the next decision reads."""

from enum import StrEnum

from mos.model.base import Instant, Stored


def levels(segment: str) -> tuple[str, ...]:
    """Return the segments in which an outcome counts: all, and each part of the path to its own.

    >>> levels("strong/engaged")
    ('all', 'strong', 'strong/engaged')
    """
    parts = segment.split("/")
    return ("all", *("/".join(parts[: end + 1]) for end in range(len(parts))))


class OutcomeKind(StrEnum):
    """What can come of an action, from a glance to a signature."""

    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    MEETING = "meeting"
    TASK_ACCEPTED = "task_accepted"
    TASK_REJECTED = "task_rejected"
    OPPORTUNITY = "opportunity"
    WON = "won"
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"


class Outcome(Stored):
    """A signal that says something came of what we did.

    `retracted` says that it did not: a machine made the signal, and its credit is taken back.
    """

    kind: OutcomeKind
    signal_id: str
    at: Instant
    person_id: str
    group_id: str
    action_id: str | None = None
    retracted: bool = False


class Touch(Stored):
    """A delivered action that waits for its outcome; `brings` are others that it may have.

    `never_left` where a receipt has proved so since: it is no trial any more.
    """

    decision_id: str
    action_id: str
    group_id: str
    person_id: str | None
    segment: str
    action: str
    treatment: str
    channel: str
    probability: float
    at: Instant
    outcomes: tuple[str, ...] = ()
    account_id: str = ""
    bundle: str = ""
    brings: tuple[str, ...] = ()
    never_left: bool = False


class Credit(Stored):
    """One outcome credited to one decision, and what it was worth; `retracted` takes it back."""

    decision_id: str
    outcome: Outcome
    rule: str
    reward: float
    segment: str
    action: str
    treatment: str
    retracted: bool = False
    account_id: str = ""
    bundle: str = ""
