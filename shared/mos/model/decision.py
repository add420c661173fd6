"""A decision: the record in the ledger, complete enough to replay it to the bit."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field, model_validator

from mos.model.action import Candidate
from mos.model.base import Facts, Instant, Stored
from mos.model.challenge import Assigned
from mos.model.former import FormerId
from mos.model.limit import Limit
from mos.model.nomination import Nomination
from mos.model.past import Past, gather_past

_DIGITS = range(3, 18)
"""The fewest and the most that a probability shows: seventeen tell any two apart."""


HORIZON = timedelta(days=100)
"""How long a touch is kept: a cap over a longer window would forget some, and let more through."""


REPEATS_KEPT = timedelta(days=400)
"""How long it is kept when an action was last done to somebody."""


FOUND_BY_DAY = timedelta(days=35)
"""How long a decision is found by its day, beside by its group."""

_PARTS = 16


def day_of(at: datetime, decision_id: str) -> str:
    """Return under which of a day's sixteen places a decision is listed: no one place is hot."""
    return f"DAY#{at:%Y-%m-%d}#{decision_id.removeprefix('dec_')[:1]}"


def days_places(day: datetime) -> list[str]:
    """Return the places under which a day's decisions are listed."""
    return [f"DAY#{day:%Y-%m-%d}#{part:x}" for part in range(_PARTS)]


def outgoing_of(made_at: datetime, decision_id: str) -> str:
    """Return where a decision that is to leave is listed, by the hour in which it was recorded."""
    return f"OUTGOING#{made_at:%Y-%m-%dT%H}#{decision_id.removeprefix('dec_')[:1]}"


def list_outgoing_places(hour: datetime) -> list[str]:
    """Return the places in which an hour's decisions that are to leave are listed."""
    return [f"OUTGOING#{hour:%Y-%m-%dT%H}#{part:x}" for part in range(_PARTS)]


class PersonFacts(Stored):
    """What policy knows of one member when the decision is made.

    `former` are the ids under which they were known before: what was done to those counts.
    """

    person_id: str
    facts: Facts
    former: tuple[FormerId, ...] = ()


class Route(Stored):
    """Who takes it: AE, BDR or marketing, the pool and the rep, and the row that says so.

    `line` are the reps who may take it, in order, with what each can hold (`rep:capacity`). The
    first `turn` of them share it: who has had least since `day_since`, by `weights` (those that are
    not one), is next, and `passes` of them are passed over for a promise that broke, `broke_hours`
    ago. `late` are owners who are passed over for it. `skipped` says
    why others of the pool were passed over, `chose` how the rep was chosen; `sla_minutes` is how
    soon they are to act, `shadowed` what a nearer override put aside.
    """

    to: str
    pool: str | None = None
    owner: str | None = None
    row: str
    why: str
    almost: str | None = None
    territory: str | None = None
    chose: str | None = None
    skipped: tuple[str, ...] = ()
    line: tuple[str, ...] = ()
    turn: int = 1
    passes: int = 0
    late: tuple[str, ...] = ()
    broke_hours: float | None = None
    day_since: Instant | None = None
    weights: dict[str, float] = Field(default_factory=dict)
    sla_minutes: int | None = None
    shadowed: tuple[str, ...] = ()


class Verdict(Stored):
    """One policy answer about one person: allow or deny, with the row."""

    table: str
    subject: str
    key: str
    allowed: bool
    row: str
    why: str


class Arm(Stored):
    """What has been learned of one action and treatment in one segment."""

    segment: str
    action: str
    treatment: str
    trials: int = 0
    successes: float = 0.0


class Decision(Stored):
    """The next best action for one buying group, with everything that made it.

    `probability` is the chance with which the exploration drew this candidate; `inputs_digest`
    is the SHA-256 of the canonical inputs. `past` is what the ledger knew; `bids` say, by
    constraint on the whole business, what a unit was worth here, with the units wanted. `owner` is
    who takes a hand-off and `owner_why` why it was their turn, `challenges` say by whose settings
    it was decided, `nominations` who spoke for which candidate. Records from before `cause_id` and
    `verdicts` were kept have neither. `erased` are people whose facts were taken out since, because
    they asked to be forgotten: such a decision cannot be made again from its record. `replaces` are
    the decisions that had given the group to whoever let a promise about it break.
    """

    decision_id: str
    run_id: str
    trace_id: str
    account_id: str
    group_id: str
    decided_at: Instant
    bundle: str
    person_id: str | None
    action: str
    treatment: str
    channel: str
    probability: float
    reason: str
    segment: str
    held_out: bool = False
    challenges: tuple[Assigned, ...] = ()
    nominations: tuple[Nomination, ...] = ()
    needs_approval: bool = False
    expires_at: Instant
    owner: str | None = None
    owner_why: str | None = None
    replaces: tuple[str, ...] = ()
    wait_until: Instant | None = None
    group_facts: Facts = Field(default_factory=dict)
    people: tuple[PersonFacts, ...] = ()
    route: Route
    verdicts: tuple[Verdict, ...] = ()
    limits: tuple[Limit, ...] = ()
    correction: str | None = None
    cause_id: str = ""
    past: Past = Past()
    bids: dict[str, tuple[float, float]] = Field(default_factory=dict)
    arms: tuple[Arm, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    inputs_digest: str
    seed: str
    erased: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, record: Any) -> Any:  # noqa: ANN401  pydantic's own signature
        return gather_past(record) if isinstance(record, Mapping) else record


def said_chance(probability: float) -> str:
    """Return a probability as one would say it: what is not sure never reads as if it were.

    >>> said_chance(0.25), said_chance(0.9995), said_chance(0.99999), said_chance(1)
    ('0.250', '0.9995', '0.99999', '1.000')
    >>> said_chance(0.0004), said_chance(1e-30), said_chance(0)
    ('0.0004', '1e-30', '0.000')
    """
    for digits in _DIGITS:
        said = f"{probability:.{digits}f}"
        if float(said) == probability or float(said) not in {0, 1}:
            return said
    return f"{probability:.2g}"
