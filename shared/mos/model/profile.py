"""A profile: everything known about one person, folded from signals."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from mos.model.base import Fact, Instant, Stored
from mos.model.consent import ConsentState, LawfulBasis, Purpose, Suppression
from mos.model.signal import Identifier


class Trait(Stored):
    """One attribute, with the signal that said so last; `is_anybodys` where anybody can have."""

    value: Fact
    at: Instant
    signal_id: str
    is_anybodys: bool = False


class Edge(Identifier):
    """An identifier of a person: the first signal that carried it, and when that occurred.

    `is_anybodys` holds while only what anybody can have sent has carried it.
    """

    since: Instant | None = None
    signal_id: str | None = None
    is_anybodys: bool = False


class Statement(Stored):
    """What a human has said of a person's part in a purchase; it outweighs every inference.

    `kind` is role_confirmed, role_dismissed, member_confirmed or member_dismissed; `solution` is
    None where it holds for every group; `by` says who stated it.
    """

    kind: str
    solution: str | None = None
    role: str | None = None
    by: str
    at: Instant
    signal_id: str


class Interest(Stored):
    """How much a person cares about a topic: a score that halves every half-life after `at`."""

    topic: str
    score: float
    at: Instant
    signal_ids: tuple[str, ...] = ()


class BuyingRole(Stored):
    """A person's likely part in a purchase, shown as 'likely X (n %)' with its evidence."""

    role: str
    confidence: float = Field(ge=0, le=1)
    evidence: tuple[str, ...] = ()
    source: str = "policy"


class MeetingState(StrEnum):
    """What has become of a meeting that was booked."""

    STANDS = "stands"
    CALLED_OFF = "called_off"
    REPLACED = "replaced"


class Meeting(Stored):
    """One meeting with a person: where it stands, and the signal that said so last."""

    meeting_id: str
    at: Instant
    signal_id: str
    state: MeetingState = MeetingState.STANDS


class Span(Stored):
    """A stretch in which somebody was taken for two: from the merge to its undoing."""

    since: Instant
    until: Instant

    def holds(self, at: datetime) -> bool:
        """Say whether something happened within it."""
        return self.since < at <= self.until


class Profile(Stored):
    """One person. A fold over the signals of all the identifiers in it.

    `consents` are of purposes, `topics` what they have said of single topics.
    `counts` holds human signals by kind, `last` the latest moment of each kind and `last_ids` the
    signal that it was: enough for stage criteria without reading the log. `meetings` are the latest
    ones; of meetings, `counts`, `last` and `last_ids` know those that stand. `engagement` halves
    every `engagement_half_life_days` after `engagement_at`; `engagement_fast` and `engagement_slow`
    are the same points with the two half-lives of momentum. `inferred_role` is what a model made of
    the title; the role itself is worked out per solution (`mos.policy.roles`). `apart` are
    identifiers of people whom a human has told apart from this one, and when; `foreign` are
    identifiers that came along with this person's signals and are somebody else's. `log_keys` are
    the keys that are no identifiers of theirs under which the log keeps signals of theirs.
    `mailboxes` are theirs in the order in which they were confirmed, the latest first, where there
    are several. `undone` are stretches in which they were taken for somebody else as well: what was
    concluded of them then does not hold. Until `away_until` they read no mail, as their own words
    or their mailbox's say. `is_test` holds while nothing but tests has come.
    """

    profile_id: str
    identifiers: tuple[Edge, ...] = ()
    traits: dict[str, Trait] = Field(default_factory=dict)
    consents: tuple[ConsentState, ...] = ()
    topics: tuple[ConsentState, ...] = ()
    bases: tuple[LawfulBasis, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    interests: tuple[Interest, ...] = ()
    inferred_role: BuyingRole | None = None
    statements: tuple[Statement, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)
    last: dict[str, Instant] = Field(default_factory=dict)
    last_ids: dict[str, str] = Field(default_factory=dict)
    engagement: float = 0.0
    engagement_fast: float = 0.0
    engagement_slow: float = 0.0
    engagement_at: Instant | None = None
    account_id: str | None = None
    apart: dict[str, Instant] = Field(default_factory=dict)
    foreign: tuple[str, ...] = ()
    log_keys: tuple[str, ...] = ()
    mailboxes: tuple[str, ...] = ()
    first_signal_at: Instant | None = None
    last_signal_at: Instant | None = None
    last_signal_id: str | None = None
    evidence: tuple[str, ...] = ()
    undone: tuple[Span, ...] = ()
    away_until: Instant | None = None
    is_test: bool = False

    def trait(self, name: str) -> Fact:
        """Return the trait's value, or None where it is unknown."""
        found = self.traits.get(name)
        return found.value if found else None

    def allows(self, purpose: Purpose) -> ConsentState | None:
        """Return the state that allows `purpose`, or None: no record means no."""
        for state in self.consents:
            if state.purpose is purpose and state.granted:
                return state
        return None

    @property
    def is_known(self) -> bool:
        """True when an identifier names a person rather than a device."""
        return any(i.type != "anonymous_id" for i in self.identifiers)

    def value_of(self, kind: str) -> str | None:
        """Return the identifier value of this type, the smallest where there are several."""
        return min((i.value for i in self.identifiers if i.type == kind), default=None)

    def mailbox(self, purpose: Purpose = Purpose.EMAIL_MARKETING) -> str | None:
        """Return where mail for a purpose goes, or None where nothing may go.

        That is the mailbox with which consent came; else the one that was confirmed last. One that
        only a stranger has named is nobody's address, and one that bounces for good is none.
        """
        written = self._written(purpose)
        return written if written and not self._bounces(written) else None

    def stops(self, purpose: Purpose = Purpose.EMAIL_MARKETING) -> tuple[Suppression, ...]:
        """Return the stops that hold: of those of one mailbox, the one that is written to."""
        written = self._written(purpose)
        return tuple(s for s in self.suppressions if s.address in (None, written))

    def _written(self, purpose: Purpose) -> str | None:
        agreed = self.allows(purpose)
        mine = [i.value for i in self.identifiers if i.type == "email" and not i.is_anybodys]
        if agreed and agreed.address:
            return agreed.address if agreed.address in mine else None
        asked = [*self.mailboxes, *sorted(set(mine) - set(self.mailboxes))]
        found = [box for box in asked if box in mine]
        return next((box for box in found if not self._bounces(box)), min(found, default=None))

    def _bounces(self, mailbox: str) -> bool:
        return any(s.address == mailbox for s in self.suppressions)
