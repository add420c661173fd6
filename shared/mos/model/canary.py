"""A canary: a candidate bundle that some accounts carry while it is watched."""

from mos.model.base import Instant, Stored, point


class Canary(Stored):
    """Which share of accounts decides by `digest` in place of `baseline`, and since when.

    `ended_at` and `ended` say when it was stopped or promoted, and why.
    """

    digest: str
    baseline: str
    percent: float
    started_at: Instant
    by: str
    ended_at: Instant | None = None
    ended: str = ""

    def carries(self, account_id: str) -> bool:
        """Say whether an account decides by the candidate; each canary draws other accounts."""
        drawn = point("canary", self.digest, self.started_at.isoformat(), account_id)
        return self.ended_at is None and drawn * 100 < self.percent


class Finding(Stored):
    """What one guardrail says: both rates, and why it is broken or not."""

    guardrail: str
    broken: bool
    canary: float
    control: float
    why: str


class Watched(Stored):
    """A look at a canary: how it stands, and what each guardrail said."""

    canary: Canary
    at: Instant
    findings: tuple[Finding, ...] = ()
