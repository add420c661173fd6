"""What was done about a decision, and what the provider answered."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Instant, Stored


class DeliveryStatus(StrEnum):
    """How a delivery ended."""

    CLAIMED = "claimed"
    SENT = "sent"
    DONE = "done"
    SKIPPED = "skipped"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    RETRY = "retry"


class Delivery(Stored):
    """One action's delivery: claimed before it is sent, so that it is sent at most once.

    `artefact` is what the person or the provider saw, without addresses. `brings` and `undo` are
    what its channel says: the outcomes that only such a touch can have, and how it is put right.
    """

    action_id: str
    decision_id: str
    group_id: str
    person_id: str | None
    action: str
    treatment: str
    channel: str
    status: DeliveryStatus
    reason: str
    at: Instant
    provider_id: str | None = None
    attempts: int = 0
    artefact: dict[str, str] = Field(default_factory=dict)
    brings: tuple[str, ...] = ()
    undo: str = ""
