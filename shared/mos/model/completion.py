"""What was asked of models, what they answered, and why it was not enough, where it was not."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from mos.model.base import Instant, Stored

_PARTS = 16
FALLBACK = "fallback"
"""By whom an answer is that no model gave."""


class Reason(StrEnum):
    """How one attempt ended. Only `answered` is an answer."""

    ANSWERED = "answered"
    # What the model did.
    REFUSED = "refused"
    CUT_OFF = "cut_off"
    EMPTY = "empty"
    UNPARSEABLE = "unparseable"
    OFF_SCHEMA = "off_schema"
    CHECK_FAILED = "check_failed"
    # What its provider did.
    THROTTLED = "throttled"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    OUT_OF_FUNDS = "out_of_funds"
    BAD_KEY = "bad_key"
    TOO_LONG = "too_long"
    BAD_REQUEST = "bad_request"
    # What kept us from asking.
    OVER_BUDGET = "over_budget"
    BREAKER_OPEN = "breaker_open"
    NOT_ALLOWED = "not_allowed"
    NO_KEY = "no_key"
    NO_TIME = "no_time"
    NO_MODEL = "no_model"


class Attempt(Stored):
    """One call, or why there was none: which model, how it ended, what it took and cost.

    `model` is a card's name; `detail` says more, without anything that the question hid.
    """

    model: str
    reason: Reason | str
    detail: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    usd: float = 0.0
    seconds: float = 0.0


class ShadowAnswer(Stored):
    """What another model said to the same question; nothing came of it."""

    by: str
    answer: dict[str, Any] | None = None
    is_same: bool = False
    attempts: tuple[Attempt, ...] = ()


class Completion(Stored):
    """The answer to a question, by a model or by the fallback, with every attempt.

    At rest the answer holds placeholders where the question hid something.
    """

    task: str
    by: str
    answer: dict[str, Any]
    attempts: tuple[Attempt, ...] = ()
    shadow: ShadowAnswer | None = None


class CompletionLine(Stored):
    """A completion as it is listed by its day: what it cost and how its attempts ended, no words.

    `cause` is the decision that it was asked for, `people` whom it is about, where that is known.
    """

    completion_id: str
    task: str
    by: str
    at: Instant
    cause: str = ""
    people: tuple[str, ...] = ()
    agent: str = ""
    attempts: tuple[Attempt, ...] = ()
    shadow: tuple[Attempt, ...] = ()

    @property
    def usd(self) -> float:
        """Return what it cost, the shadow's part with it."""
        return sum_usd((*self.attempts, *self.shadow))


def sum_usd(attempts: Iterable[Attempt]) -> float:
    """Return what some attempts cost together."""
    return sum(attempt.usd for attempt in attempts)


def place_of(at: datetime, completion_id: str) -> str:
    """Return where a completion is listed: a sixteenth of its day."""
    return f"DAY#{at:%Y-%m-%d}#{completion_id.removeprefix('cmp_')[:1]}"


def list_places(day: datetime) -> list[str]:
    """Return the places under which a day's completions are listed."""
    return [f"DAY#{day:%Y-%m-%d}#{part:x}" for part in range(_PARTS)]
