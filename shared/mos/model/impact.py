"""What a rehearsal found: who and what a candidate bundle would change, and by how much."""

from pydantic import Field

from mos.model.base import Instant, Stored
from mos.model.estimate import Evaluation
from mos.model.report import Reach


class Named(Stored):
    """One recorded decision that the candidate would make otherwise. It names no address.

    `account` is the company's domain where it is known, `row` the row of the candidate that did it.
    """

    decision_id: str
    group_id: str
    account: str
    person_id: str | None = None
    role: str = ""
    segment: str = ""
    owner: str = ""
    before: str
    after: str
    row: str = ""
    why: str = ""


class Change(Stored):
    """One kind of change: route, stage or action, from where to where, how often, and whose."""

    kind: str
    before: str
    after: str
    count: int
    leads: tuple[Named, ...] = ()


class Tally(Stored):
    """A count before and after: of a gate, an action, a rep, or a figure."""

    name: str
    before: float
    after: float


class Slice(Stored):
    """Part of the decisions, by one fact: how many change, and how many get a human, in shares."""

    by: str
    value: str
    decisions: int
    route_changes: int
    action_changes: int
    human_before: float
    human_after: float


class Played(Stored):
    """A figure of a whole market, played under the baseline and under the candidate.

    `low` and `high` are the ends of the 95 % interval of the difference, over its companies.
    """

    name: str
    before: float
    after: float
    low: float
    high: float

    @property
    def ends(self) -> tuple[str, str]:
        """Return the ends of the interval in whole units, signed."""
        low, high = (f"{round(end) or 0:+,}" for end in (self.low, self.high))
        return low, high


class Breach(Stored):
    """A rep who would hold more hand-offs in a week than they can."""

    rep: str
    week: str
    before: int
    after: int
    capacity: float


class Impact(Stored):
    """The whole of a rehearsal.

    `left_out` are decisions that the baseline itself does not make again as recorded: nothing is
    said of them. `differs` is what the candidate says otherwise, in plain words. `lost` are groups
    that had something to do and would have nothing. `successes` and `dollars` value the candidate
    per decision; None where there is no outcome to learn from.
    `played` is what a market brought in which the candidate was played, too: dollars first;
    `played_how` says in a sentence which companies were played again.
    `groups` says how many buying groups a kind of change is about. `broken` are guardrails,
    `waived` those for which somebody has taken the responsibility, in the words of `accepted`.
    `compared_accounts` is whose decisions were made again, `reach` how many meet each thing that
    changes and governs. `loosened` says what the candidate allows more than the baseline does;
    `eyes` is all for which two people must stand. `tested` says which tests held.
    """

    candidate: str
    baseline: str
    made_at: Instant
    source: str
    since: Instant | None = None
    until: Instant | None = None
    decisions: int = 0
    compared: int = 0
    accounts: int = 0
    left_out: int = 0
    left_out_ids: tuple[str, ...] = ()
    held_out: int = 0
    corrections: int = 0
    outcomes: int = 0
    differs: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    groups: dict[str, int] = Field(default_factory=dict)
    slices: tuple[Slice, ...] = ()
    breaches: tuple[Breach, ...] = ()
    reps: tuple[Tally, ...] = ()
    funnel: tuple[Tally, ...] = ()
    actions: tuple[Tally, ...] = ()
    money: tuple[Tally, ...] = ()
    lost_count: int = 0
    lost: tuple[Named, ...] = ()
    conflict_count: int = 0
    conflicts: tuple[Named, ...] = ()
    strangest: tuple[Named, ...] = ()
    successes: Evaluation | None = None
    dollars: Evaluation | None = None
    played: tuple[Played, ...] = ()
    played_how: str = ""
    cannot_tell: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    accepted: str = Field(default="", max_length=500)
    compared_accounts: int = 0
    reach: tuple[Reach, ...] = ()
    loosened: tuple[str, ...] = ()
    eyes: tuple[str, ...] = ()
    tested: str = ""
