"""An impact report: what a rehearsal of a candidate bundle found, signed, before it may ship."""

from mos.model.base import Instant, Stored


class Reach(Stored):
    """How many of the decisions that were made again, of how many accounts, meet what changes.

    `what` is a row, parameter, action or page as the diff names it.
    """

    what: str
    decisions: int = 0
    accounts: int = 0


class ImpactReport(Stored):
    """What was rehearsed against what, when, and which guardrails broke.

    `candidate` and `baseline` are digests of bundles, `source` where the decisions came from,
    `impact` the SHA-256 of the full findings. `broken` says in words what must not ship, `waived`
    what somebody stands for, in the words of `accepted`. `accounts` is of how many accounts
    decisions were made again, `reach` how many meet each thing that changes. `eyes` are sentences
    for which two people stand who did not propose it. `tested` says which tests held when it was
    signed.
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
    accounts: int = 0
    reach: tuple[Reach, ...] = ()
    eyes: tuple[str, ...] = ()
    tested: str = ""
