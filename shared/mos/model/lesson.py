"""What came of it: outcomes credited to decisions, and the counts that the next decision reads."""

from datetime import datetime
from enum import StrEnum

from mos.model.base import Instant, Stored, point
from mos.model.challenge import Assigned


def levels(segment: str) -> tuple[str, ...]:
    """Return the segments in which an outcome counts: all, and each part of the path to its own.

    >>> levels("strong/engaged")
    ('all', 'strong', 'strong/engaged')
    """
    parts = segment.split("/")
    return ("all", *("/".join(parts[: end + 1]) for end in range(len(parts))))


_PARTS = 16
_FEW = 4
"""Into so many places a day's outcomes and groups go: a report reads every day's places.

A place takes some thousand writes a second.
"""


def place_of_outcome(at: datetime, signal_id: str) -> str:
    """Return under which of a day's places an outcome is listed: no one place is hot."""
    return f"OUTCOMES#{at:%Y-%m-%d}#{int(point('outcome', signal_id) * _FEW):x}"


def list_outcome_places(day: datetime) -> list[str]:
    """Return the places under which a day's outcomes are listed."""
    return [f"OUTCOMES#{day:%Y-%m-%d}#{part:x}" for part in range(_FEW)]


def place_of_enrolment(experiment: str, account_id: str) -> str:
    """Return under which of an experiment's sixteen places an account is listed."""
    return f"ENROLLED#{experiment}#{int(point('enrolled', account_id) * _PARTS):x}"


def list_enrolment_places(experiment: str) -> list[str]:
    """Return the places under which an experiment's accounts are listed."""
    return [f"ENROLLED#{experiment}#{part:x}" for part in range(_PARTS)]


def place_of_touched(at: datetime, group_id: str) -> str:
    """Return under which of a day's places a group that was touched is listed."""
    return f"TOUCHED#{at:%Y-%m-%d}#{int(point('touched', group_id) * _FEW):x}"


def list_touched_places(day: datetime) -> list[str]:
    """Return the places under which the groups that were touched on a day are listed."""
    return [f"TOUCHED#{day:%Y-%m-%d}#{part:x}" for part in range(_FEW)]


def place_of_spend(at: datetime, decision_id: str) -> str:
    """Return in which of a day's sixteen places what a touch cost is counted."""
    return f"SPEND#{at:%Y-%m-%d}#{int(point('spend', decision_id) * _PARTS):x}"


def list_spend_places(day: datetime) -> list[str]:
    """Return the places in which what a day's touches cost is counted."""
    return [f"SPEND#{day:%Y-%m-%d}#{part:x}" for part in range(_PARTS)]


MILLIONTHS = 1_000_000
"""What was spent is counted in whole millionths of a dollar."""


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

    `retracted` says that it did not: a machine made the signal, and its credit is taken back. Of a
    deal, `about` names it, and `value` is its amount as that signal said it, in `currency`; a
    retracted one with `about` takes back every outcome of this kind that the deal had. An empty
    `person_id` is nobody's: they asked to be forgotten, or the deal came without a person.
    """

    kind: OutcomeKind
    signal_id: str
    at: Instant
    person_id: str
    group_id: str
    action_id: str | None = None
    retracted: bool = False
    account_id: str = ""
    value: float | None = None
    currency: str | None = None
    about: str = ""


class Touch(Stored):
    """A delivered action that waits for its outcome; `brings` are others that it may have.

    `never_left` where a receipt has proved so since: it is no trial any more. `arms` are those of
    every experiment in which its account stood, `held_out` where that was the control group of all:
    it is touched by what it asked for itself. `cost` is in US dollars, as the catalogue states it,
    `impressions` are those that the catalogue plans for one attempt.
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
    arms: tuple[Assigned, ...] = ()
    held_out: bool = False
    cost: float = 0.0
    impressions: float = 0.0


class SeenAd(Stored):
    """An ad of ours that our own measurement says one person saw: a touch of no decision."""

    signal_id: str
    person_id: str
    group_id: str
    account_id: str
    channel: str
    at: Instant


class Enrolment(Stored):
    """That an account was first decided on while an experiment ran: from then on it is compared."""

    account_id: str
    experiment: str
    arm: str
    probability: float
    at: Instant


class Share(Stored):
    """The part of an outcome that a touch has by the bundle's model of attribution."""

    decision_id: str
    channel: str
    action: str
    treatment: str
    share: float


class KeptOutcome(Stored):
    """An outcome as it stands by its account: whether it was credited, and whether it still holds.

    `heard_at` is when its signal was received: later than `outcome.at` where it came late.
    `judged_at` is when the last word on it was received, `reason` what was said of it.
    `decision_id` is whose success it was, None where no touch explains it.
    """

    outcome: Outcome
    heard_at: Instant
    judged_at: Instant
    reason: str
    decision_id: str | None = None
    is_reversed: bool = False


class Credit(Stored):
    """One outcome credited to one decision, and what it was worth; `retracted` takes it back.

    `shares` are how the bundle's `model` splits it over the group's touches of `window_days`.
    `reward_taken` is what a retracted one had been worth.
    """

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
    model: str = ""
    window_days: float | None = None
    shares: tuple[Share, ...] = ()
    touched_at: Instant | None = None
    reward_taken: float = 0.0
