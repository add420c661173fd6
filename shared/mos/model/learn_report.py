"""What came of us, what works and how sure one can be: the report of learning."""

from pydantic import Field

from mos.model.base import Instant, Stored


class OutcomeLine(Stored):
    """Outcomes of one kind: how many, in how many accounts, credited, late, taken back.

    `usd` is what the deals among them are worth; `unconverted` are amounts in a currency that the
    bundle converts to none.
    """

    name: str
    count: int
    accounts: int
    credited: int
    late: int
    taken_back: int
    usd: float
    unconverted: tuple[str, ...] = ()


class RatioLine(Stored):
    """Whether an experiment's arms are as large as they were drawn to be."""

    experiment: str
    arms: dict[str, int]
    p: float
    broken: bool


class ArmLine(Stored):
    """One arm beside another in one metric, by account: what differs, and whether one can tell.

    `low` and `high` hold at every look. `q` is the chance after all that was looked at
    (Benjamini and Yekutieli). `verdict` is `more`, `less`, `cannot_tell` or `blocked`.
    """

    experiment: str
    arm: str
    against: str
    metric: str
    accounts: int
    accounts_against: int
    mean: float
    mean_against: float
    effect: float
    low: float | None
    high: float | None
    p: float
    q: float
    verdict: str
    says: str
    needs_accounts: int | None = None
    needs_weeks: float | None = None


class ChannelLine(Stored):
    """One channel: what its touches cost, and how many outcomes each model gives it."""

    channel: str
    touches: int
    impressions: int
    usd: float
    credits: dict[str, float] = Field(default_factory=dict)


class LearnReport(Stored):
    """The report of a span of days. `complete` is false where there was more than was looked at.

    `attributed` is the kind of outcome that channels are credited with, `groups` how many groups
    had one, `untouched` how many of these nothing of ours had touched before.
    """

    at: Instant
    days: int
    bundle: str
    complete: bool
    model: str
    window_days: float
    outcomes: tuple[OutcomeLine, ...] = ()
    ratios: tuple[RatioLine, ...] = ()
    arms: tuple[ArmLine, ...] = ()
    attributed: str = ""
    groups: int = 0
    untouched: int = 0
    channels: tuple[ChannelLine, ...] = ()
    says: tuple[str, ...] = ()
