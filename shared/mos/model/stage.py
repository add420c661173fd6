"""Where a subject stands, since when, and the receipt that says why."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Fact, Facts, Instant, Stored


class Level(StrEnum):
    """What has a stage, in the order in which stages are worked out."""

    ACCOUNT = "account"
    GROUP = "group"
    PERSON = "person"


class Near(Stored):
    """A row further on that one fact kept from deciding: what it wants, and what it found."""

    row: str
    stage: str
    column: str
    wants: str
    found: Fact = None


class Receipt(Stored):
    """Why a subject is in its stage: the row that matched, its conditions, the values, the signals.

    `conditions` are the row's cells as they are written, by fact; `facts` the values that it saw;
    `signal_ids` the signals behind the facts that the row reads; `hinges_on` names unknown facts
    that could have changed the answer.
    """

    table: str
    row: str
    why: str
    conditions: dict[str, str] = Field(default_factory=dict)
    facts: Facts = Field(default_factory=dict)
    signal_ids: tuple[str, ...] = ()
    almost: tuple[Near, ...] = ()
    hinges_on: tuple[str, ...] = ()
    bundle: str


class Held(Stored):
    """A stage that the subject would have and does not take: which rule holds it, until when."""

    stage: str
    by: str
    why: str
    until: Instant | None = None


class Conflict(Stored):
    """The CRM and the model disagree. Both are kept; `winner` is whom the bundle believes.

    `crm` is the CRM's own word, `means` the stage that it stands for here.
    """

    crm: str
    means: str
    model: str
    winner: str
    row: str
    why: str
    signal_id: str | None = None


class ClockStatus(StrEnum):
    """How a promise stands: it runs, was kept, was broken, or no longer matters."""

    DUE = "due"
    MET = "met"
    BREACHED = "breached"
    VOID = "void"


class Clock(Stored):
    """A promise about a stage: by `due_at`, one of the signals in `ended_by` has come.

    `why` is why one no longer matters, where something else than leaving the stage ended it.
    """

    name: str
    stage: str
    started_at: Instant
    due_at: Instant
    ended_by: tuple[str, ...] = ()
    status: ClockStatus = ClockStatus.DUE
    ended_at: Instant | None = None
    why: str = ""


class Wake(Stored):
    """A moment at which the subject must be looked at again, though nobody says anything."""

    name: str
    at: Instant


class Left(Stored):
    """A stage that was left, and when."""

    stage: str
    at: Instant


class Placement(Stored):
    """The stage of one subject at one moment, with its receipt.

    A person's placement belongs to a group: one person has a stage in each. `previous_since` is
    when the previous stage began, so that dwell is `since - previous_since`; `first_at` is when
    the subject was first placed. `reason` and `until` belong to a backward move. `left` holds the
    stages left lately and `returned_at` the last return to one of them. `gaps` says since when a
    required role is missing. `news` is what this run changed besides the stage.
    """

    subject_id: str
    level: Level
    group_id: str | None = None
    stage: str
    since: Instant
    previous: str | None = None
    previous_since: Instant | None = None
    first_at: Instant | None = None
    moved: bool = False
    reason: str | None = None
    until: Instant | None = None
    held_by: Held | None = None
    conflict: Conflict | None = None
    clocks: tuple[Clock, ...] = ()
    wakes: tuple[Wake, ...] = ()
    left: tuple[Left, ...] = ()
    returned_at: Instant | None = None
    gaps: dict[str, Instant] = Field(default_factory=dict)
    momentum: str | None = None
    news: tuple[str, ...] = ()
    receipt: Receipt

    @property
    def key(self) -> str:
        """Return what tells this placement from others: a person's names the group too."""
        return f"{self.subject_id}@{self.group_id}" if self.group_id else self.subject_id

    @property
    def told(self) -> "Placement":
        """Return what a run says of it: the receipt in full only where it moved."""
        if self.moved:
            return self
        short = self.receipt.model_copy(
            update={
                "conditions": {}, "facts": {}, "signal_ids": (), "almost": (), "hinges_on": (),
            }
        )  # fmt: skip
        return self.model_copy(update={"receipt": short})

    @property
    def kept(self) -> "Placement":
        """Return what is stored: without what is only true of one run."""
        return self.model_copy(update={"moved": False, "news": ()})
