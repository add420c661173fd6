"""A decision that waits for people, and what each of them said."""

from mos.model.base import Instant, Stored


class ApprovalRequest(Stored):
    """A run that goes on once people answer. `token` is Step Functions' own, and a secret.

    `until` is when it ends unanswered. What is decided stands beside, so that what is at stake can
    be told without asking anybody: `cost` is what one attempt costs, `value` what a success is
    worth, in US dollars. A request of an earlier release has none of it.
    """

    decision_id: str
    token: str
    execution: str
    asked_at: Instant
    until: Instant
    action: str = ""
    action_group: str = ""
    channel: str = ""
    person_id: str | None = None
    account_id: str = ""
    cost: float = 0.0
    value: float = 0.0


class ApproverWord(Stored):
    """One approver's yes or no: who, when, why, and by which door it came.

    `signal_id` names the signal that brought it, where one did.
    """

    approved: bool
    by: str
    at: Instant
    why: str = ""
    via: str = "desk"
    signal_id: str | None = None


class ApprovalWord(Stored):
    """How a request ended: `by` names everybody whose word it took, `words` are what they said."""

    approved: bool
    by: str
    at: Instant
    why: str = ""
    words: tuple[ApproverWord, ...] = ()


class IgnoredWord(Stored):
    """A word that changed nothing: who said it, by which door, and why it does not count."""

    by: str
    at: Instant
    approved: bool
    reason: str
    via: str = "desk"


class ApprovalClaim(Stored):
    """What somebody said of a decision at a door that proves who they are: `slack:T…/U…`."""

    decision_id: str
    approved: bool
    who: str
    why: str = ""
