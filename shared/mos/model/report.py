"""An impact report: what a rehearsal of a candidate bundle found, signed, before it may ship."""

from mos.model.base import Instant, Stored


class ImpactReport(Stored):
    """What was rehearsed against what, when, and which guardrails broke.

    `candidate` and `baseline` are digests of bundles, `source` where the decisions came from,
    `impact` the SHA-256 of the full findings. `broken` says in words what must not ship, `waived`
    what somebody stands for, in the words of `accepted`.
    """

    candidate: str
    baseline: str
    made_at: Instant
    source: str
    decisions: int
    impact: str
    summary: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    accepted: str = ""
