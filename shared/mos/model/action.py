"""What we could do: the action, its treatments, and a candidate on its way through the gates."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Facts, Instant, Stated, Stored
from mos.model.consent import Purpose


class ActionClass(StrEnum):
    """How an action meets arbitration: ranked, first, or outside limits."""

    DEFAULT = "default"
    MANDATORY = "mandatory"
    TRANSACTIONAL = "transactional"


class Gate(StrEnum):
    """The gates in the field's order."""

    ELIGIBILITY = "eligibility"
    APPLICABILITY = "applicability"
    SUITABILITY = "suitability"
    CONTACT_POLICY = "contact_policy"


class Treatment(Stated):
    """How an action is shown: channel and creative. Chosen inside its action.

    `asset` names the page of `content/` whose words it says; in bundles and decisions of before
    there were assets, `template` is the file itself. One whose channel is not there yet is not
    `available`: it falls at the first gate.
    """

    name: str
    channel: str
    available: bool = True
    propensity: float = Field(default=1.0, gt=0, le=10)
    subject: str = ""
    asset: str = ""
    template: str = ""
    params: dict[str, str] = Field(default_factory=dict)


class Action(Stated):
    """One thing we may do, with its worth.

    Its `topic` is a page of the bundle: who has said no to it, or has not asked for one that must
    be asked for, is not told of it. `value` is US dollars per success. An attempt costs `cost`, and
    what `rep_minutes`, ad `impressions` and a model's `llm_tokens` add. `propensity` is the
    starting probability of success, worth `evidence` imaginary trials. `contact_weight` is what
    one attempt takes of the contact budgets: a mail is a whole touch, an entry in an audience a
    part of one.
    """

    name: str
    issue: str
    group: str
    why: str
    klass: ActionClass = ActionClass.DEFAULT
    purpose: Purpose | None = None
    topic: str | None = None
    touches: bool = True
    contact_weight: float = Field(default=1.0, gt=0, le=1)
    value: float = 0.0
    cost: float = 0.0
    rep_minutes: float = Field(default=0.0, ge=0)
    impressions: float = Field(default=0.0, ge=0)
    usd_per_thousand_impressions: float = Field(default=0.0, ge=0)
    llm_tokens: float = Field(default=0.0, ge=0)
    propensity: float = Field(default=0.01, ge=0, le=1)
    evidence: float = Field(default=20, gt=0)
    lever: float = 1.0
    outcomes: tuple[str, ...] = ()
    approval: bool = False
    ttl_hours: int = 72
    treatments: tuple[Treatment, ...]


class Fall(Stored):
    """The gate and row at which a candidate fell, and why."""

    gate: Gate
    row: str
    why: str
    facts: Facts = Field(default_factory=dict)


class Factor(Stored):
    """One number in a priority, with where it comes from."""

    name: str
    value: float
    why: str


class Candidate(Stored):
    """A person, an action and a treatment on their way through the gates.

    `outranked` names the class of action that goes before it, `until` when a wait ends. `doubt` is
    how far its priority may be off, in US dollars: a standard deviation of what was learned.
    """

    person_id: str | None
    action: str
    treatment: str
    channel: str
    fell: Fall | None = None
    outranked: str | None = None
    until: Instant | None = None
    factors: tuple[Factor, ...] = ()
    priority: float | None = None
    doubt: float = 0.0
    probability: float = 0.0
