"""A profile: everything known about one person, folded from signals."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Fact, Instant, Stored
from mos.model.consent import ConsentState, Purpose, Suppression
from mos.model.signal import Identifier


class Trait(Stored):
    """One attribute of a person, with the signal that said so last."""

    value: Fact
    at: Instant
    signal_id: str


class Edge(Identifier):
    """An identifier of a person: the first signal that carried it, and when that occurred."""

    since: Instant | None = None
    signal_id: str | None = None


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


class Profile(Stored):
    """One person. A fold over the signals of all the identifiers in it.

    `counts` holds human signals by kind, `last` the latest moment of each kind and `last_ids` the
    signal that it was: enough for stage criteria without reading the log. `meetings` are the latest
    ones; of meetings, `counts`, `last` and `last_ids` know those that stand. `engagement` halves
    every `engagement_half_life_days` after `engagement_at`; `engagement_fast` and `engagement_slow`
    are the same points with the two half-lives of momentum. `inferred_role` is what a model made of
    the title; the role itself is worked out per solution (`mos.policy.roles`). `apart` are
    identifiers of people whom a human has told apart from this one, and when; `foreign` are
    identifiers that came along with this person's signals and are somebody else's. `is_test` holds
    while nothing but tests has come.
    """

    profile_id: str
    identifiers: tuple[Edge, ...] = ()
    traits: dict[str, Trait] = Field(default_factory=dict)
    consents: tuple[ConsentState, ...] = ()
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
    first_signal_at: Instant | None = None
    last_signal_at: Instant | None = None
    last_signal_id: str | None = None
    evidence: tuple[str, ...] = ()
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

    def address(self, kind: str) -> str | None:
        """Return the identifier value of this type, the smallest where there are several."""
        return min((i.value for i in self.identifiers if i.type == kind), default=None)
