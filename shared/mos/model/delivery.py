"""What was done about a decision, and what the provider answered."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Instant, Stored


class DeliveryStatus(StrEnum):
    """How a delivery stands; `retry` is not sent yet, and is asked for again."""

    CLAIMED = "claimed"
    SENT = "sent"
    DONE = "done"
    SKIPPED = "skipped"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    RETRY = "retry"


class DeliveryReceipt(Stored):
    """What a provider said of a delivery later on, by the signal that brought it, and why."""

    name: str
    at: Instant
    signal_id: str
    why: str = ""


class Undone(Stored):
    """That what was done outside was undone there, or why it can't be: the proof stays."""

    at: Instant
    why: str
    proof: str
    done: bool = True


class Delivery(Stored):
    """One action's delivery: claimed right before it is sent, so that it is sent at most once.

    `artefact` is what the person or the provider saw, without addresses. `brings`, `undo` and
    `can_undo` are what its channel says: the outcomes that only such a touch can have, how it is
    put right, and whether its provider takes it back; None where nobody noted that.
    A claim has an `owner` (the invocation that made it) and a lease until `leased_until`: until
    then somebody else waits. One that is held waits until `held_until`, for the `holds`th time.
    `handle` is what the provider needs to find or undo it; `receipts` is what it said since.
    `is_unsure` where a try of it may have arrived, and nobody knows. By `told_by` its provider
    should have told what became of it; `proved_by` is the signal that ended it otherwise than the
    answer did: one of which nobody knew was sent, or one that was taken never left.
    `cohort` is the hour with whose messages it is counted as sent, `harms` as what it was counted
    against its channel's reputation since. `room` is the day of its provider in which it has room
    already, where its domain warms up. One that `is_dry` was rehearsed: it would have been sent.
    `asset` is the page of `content/` whose words it says, in the version and with the claims that
    it had; `language_missing` is what its reader is known to read where it is not written in that,
    `language` then what it was said in.
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
    can_undo: bool | None = None
    owner: str | None = None
    leased_until: Instant | None = None
    held_until: Instant | None = None
    holds: int = 0
    is_unsure: bool = False
    purpose: str | None = None
    handle: dict[str, str] = Field(default_factory=dict)
    receipts: tuple[DeliveryReceipt, ...] = ()
    undone: Undone | None = None
    told_by: Instant | None = None
    proved_by: str | None = None
    cohort: Instant | None = None
    harms: tuple[str, ...] = ()
    room: str | None = None
    is_dry: bool = False
    asset: str = ""
    asset_version: str = ""
    language: str = ""
    language_missing: str = ""
    claims: tuple[str, ...] = ()
