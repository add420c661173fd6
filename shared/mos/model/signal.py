"""A signal: one captured fact about a person or an account, as it arrived."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Fact, Instant, Stored
from mos.model.consent import ConsentGrant


class SignalKind(StrEnum):
    """What happened, in one vocabulary for every source."""

    IDENTIFY = "identify"
    TRACK = "track"
    PAGE = "page"
    GROUP = "group"
    ALIAS = "alias"
    LEAD_SUBMITTED = "lead_submitted"
    LEAD_DELETED = "lead_deleted"
    CONTACT_CHANGED = "contact_changed"
    CONTACT_ARCHIVED = "contact_archived"
    CONTACT_RESTORED = "contact_restored"
    COMPANY_CHANGED = "company_changed"
    DEAL_CHANGED = "deal_changed"
    MEETING_BOOKED = "meeting_booked"
    MEETING_CANCELED = "meeting_canceled"
    ROUTING_FORM_SUBMITTED = "routing_form_submitted"
    EMAIL_SENT = "email_sent"
    EMAIL_DELIVERED = "email_delivered"
    EMAIL_OPENED = "email_opened"
    EMAIL_CLICKED = "email_clicked"
    EMAIL_BOUNCED = "email_bounced"
    EMAIL_COMPLAINED = "email_complained"
    EMAIL_UNSUBSCRIBED = "email_unsubscribed"
    EMAIL_REPLIED = "email_replied"
    REPLY_READ = "reply_read"
    TASK_ACCEPTED = "task_accepted"
    TASK_REJECTED = "task_rejected"
    CONSENT_CHANGED = "consent_changed"
    LIST_ROW = "list_row"
    ROW_MATCHED = "row_matched"
    ACCOUNT_MATCHED = "account_matched"
    ACCOUNT_STATED = "account_stated"
    ROLE_INFERRED = "role_inferred"
    ROLE_CONFIRMED = "role_confirmed"
    ROLE_DISMISSED = "role_dismissed"
    MEMBER_CONFIRMED = "member_confirmed"
    MEMBER_DISMISSED = "member_dismissed"
    RECLASSIFIED = "reclassified"
    MERGED = "merged"
    UNMERGED = "unmerged"
    KEPT_APART = "kept_apart"
    REVIEW_CLOSED = "review_closed"
    PRIVACY_REQUESTED = "privacy_requested"
    TIMER_DUE = "timer_due"
    RECALL_ORDERED = "recall_ordered"
    SWITCH_SET = "switch_set"
    APPROVAL_SAID = "approval_said"
    ERASURE_REQUESTED = "erasure_requested"
    UNMAPPED = "unmapped"


class Trust(StrEnum):
    """How sure we are that the sender is who it says."""

    SIGNED = "signed"
    TOKEN = "token"  # noqa: S105  a level of trust, not a secret
    UNSIGNED = "unsigned"


class Actor(StrEnum):
    """Who caused the signal."""

    HUMAN = "human"
    MACHINE = "machine"
    UNKNOWN = "unknown"


class Provenance(StrEnum):
    """Who collected the data."""

    FIRST_PARTY = "first_party"
    SECOND_PARTY = "second_party"
    THIRD_PARTY = "third_party"


MOST_IDENTIFIERS = 300
"""How many identifiers one person can have, of all types together; a door takes fewer at once."""
AUTO_REPLY = "auto_reply"
"""How the reason begins by which a machine's answer to a mail is known."""


class Identifier(Stored):
    """A value that can identify a person (`users`) or a company (`accounts`).

    `mos.model.identifier_type` says of which system and object each type is.
    """

    type: str = Field(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")
    value: str = Field(min_length=1, max_length=512)
    collection: str = Field(default="users", pattern=r"^(users|accounts)$")

    @property
    def key(self) -> str:
        """Return `type:value`, the form in which identifiers are stored and compared."""
        return f"{self.type}:{self.value}"


class Signal(Stored):
    """One captured fact, kept for ever in the signal log under the identifier it arrived with.

    `signal_id` is derived from the source and the sender's own idempotency key, so that the same
    delivery twice is the same signal. `occurred_at` is when it happened by our clock, `stated_at`
    by the sender's own, uncorrected, where it named a time: every delivery says the same. `traits`
    describe the person, `company` the account, `properties` the event.
    """

    signal_id: str
    source: str
    kind: SignalKind
    name: str = Field(max_length=200)
    occurred_at: Instant
    received_at: Instant
    stated_at: Instant | None = None
    identifiers: tuple[Identifier, ...] = Field(default=(), max_length=MOST_IDENTIFIERS)
    traits: dict[str, Fact] = Field(default_factory=dict)
    company: dict[str, Fact] = Field(default_factory=dict)
    properties: dict[str, Fact] = Field(default_factory=dict)
    consent: tuple[ConsentGrant, ...] = ()
    trust: Trust
    actor: Actor = Actor.UNKNOWN
    actor_reason: str = "not_classified"
    provenance: Provenance = Provenance.FIRST_PARTY
    raw_key: str | None = None
    is_test: bool = False

    @property
    def is_anybodys(self) -> bool:
        """True where anybody can have sent it: it may take away, and never give."""
        return self.trust is Trust.UNSIGNED

    @property
    def moves_nothing(self) -> bool:
        """True for tests and machines' answers: they are kept, and change nothing of anybody."""
        answers_by_itself = self.actor is Actor.MACHINE and self.actor_reason.startswith(AUTO_REPLY)
        return self.is_test or answers_by_itself
