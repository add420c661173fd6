"""A decision that waits for a person, and what the person said."""

from mos.model.base import Instant, Stored


class ApprovalRequest(Stored):
    """A run that goes on once somebody answers. `token` is Step Functions' own, and a secret.

    `until` is when it ends unanswered.
    """

    decision_id: str
    token: str
    execution: str
    asked_at: Instant
    until: Instant


class ApprovalWord(Stored):
    """Who said yes or no to a decision, when and why."""

    approved: bool
    by: str
    at: Instant
    why: str = ""
