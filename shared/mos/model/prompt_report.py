"""What an evaluation of a task's prompt or model found, and the report that it is signed as."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Instant, Stored


class Verdict(StrEnum):
    """What a paired comparison says of the new against the old."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    CANNOT_TELL = "cannot tell"


class Paired(Stored):
    """A mean difference over cases with its 95 % interval, against a margin that was stated."""

    verdict: Verdict
    cases: int
    margin: float
    difference: float = 0.0
    low: float = -1.0
    high: float = 1.0
    why: str = ""


class SideScore(Stored):
    """How one side did: the share of answers that hold every check, what they cost and took.

    `missing` are answers that nobody has: not recorded, or the provider gave none.
    """

    name: str
    models: tuple[str, ...] = ()
    answers: int = 0
    missing: int = 0
    passed: float = 0.0
    by_rule: int = 0
    usd: float = 0.0
    seconds_median: float | None = None
    seconds_p95: float | None = None


class EvaluatedSlice(Stored):
    """A part of the cases, compared by itself: it informs, and does not gate."""

    by: str
    value: str
    paired: Paired
    before: float
    after: float


class ChangedCase(Stored):
    """A case that passes less or more often than before, and which checks fail now."""

    case: str
    before: float
    after: float
    failures: tuple[str, ...] = ()


class PromptComparison(Stored):
    """One evaluation: a task's candidate against its baseline over the same cases and repeats.

    `candidate` and `baseline` are fingerprints of what is asked, `cases` the digest of the golden
    cases, `source` where the answers came from.
    """

    task: str
    candidate: str
    baseline: str
    cases: str
    made_at: Instant
    source: str
    repeats: int
    paired: Paired
    before: SideScore
    after: SideScore
    slices: tuple[EvaluatedSlice, ...] = ()
    changed: tuple[ChangedCase, ...] = ()

    @property
    def is_no_worse(self) -> bool:
        """Say whether it is better or the same."""
        return self.paired.verdict in (Verdict.BETTER, Verdict.SAME)


class PromptReport(Stored):
    """The signed report on which a change of a task rests; `accepted` says who stands for it."""

    task: str
    candidate: str
    baseline: str
    cases: str
    made_at: Instant
    source: str
    paired: Paired
    accepted: str = ""
    findings: str = Field(default="", description="SHA-256 of the whole comparison.")

    @property
    def may_ship(self) -> bool:
        """Say whether it is no worse, or somebody stands for it."""
        return self.paired.verdict in (Verdict.BETTER, Verdict.SAME) or bool(self.accepted)
