"""Consent per purpose. No recorded basis means no."""

from enum import StrEnum

from mos.model.base import Instant, Stored


class Purpose(StrEnum):
    """Why data may be used."""

    EMAIL_MARKETING = "email_marketing"
    SMS_MARKETING = "sms_marketing"
    PHONE_SALES = "phone_sales"
    ADVERTISING = "advertising"
    ANALYTICS = "analytics"
    PROFILING = "profiling"


class Basis(StrEnum):
    """The lawful basis that the sender states."""

    CONSENT = "consent"
    LEGITIMATE_INTEREST = "legitimate_interest"
    CONTRACT = "contract"


class ConsentGrant(Stored):
    """What one signal says about one purpose: granted or withdrawn, and on which basis.

    With a `topic` it is about that alone, and nothing is said of the purpose as a whole.
    `confirmed_at` is when its mailbox's owner confirmed it, where the sender states that.
    """

    purpose: Purpose
    granted: bool
    basis: Basis = Basis.CONSENT
    jurisdiction: str | None = None
    topic: str | None = None
    confirmed_at: Instant | None = None


class ConsentState(Stored):
    """What holds for one purpose, or for one topic of it, and the signal that says so.

    `address` is the mailbox or number with which a yes came. `pending` is a yes that anybody can
    have sent: it grants nothing until a sender whom we know says the same, or the person does.
    `unproven` is a yes by mail of which no confirmation is known: where that takes one it is
    pending too. `jurisdiction` is where its sender says that it was given.
    """

    purpose: Purpose
    granted: bool
    basis: Basis
    since: Instant
    signal_id: str
    address: str | None = None
    pending: bool = False
    topic: str | None = None
    unproven: bool = False
    jurisdiction: str | None = None

    @property
    def is_withdrawn(self) -> bool:
        """True where somebody has said no."""
        return not self.granted and not self.pending


class LawfulBasis(Stored):
    """What may carry a purpose without anybody's yes, and where it came from. It grants nothing.

    `reason` says what happened (a form was filled in), `source` at which door.
    """

    purpose: Purpose
    basis: Basis
    reason: str
    source: str
    since: Instant
    signal_id: str


class Suppression(Stored):
    """A sticky stop: survives merge and later opt-ins by anyone but the person.

    One of an `address` holds for that mailbox alone.
    """

    channel: str
    reason: str
    since: Instant
    signal_id: str
    address: str | None = None


def most_restrictive(states: tuple[ConsentState, ...]) -> tuple[ConsentState, ...]:
    """Return one state per purpose and topic: a no beats any yes, else the earliest yes holds.

    A yes that waits to be confirmed, or was never confirmed, is neither: it yields to both.

    Used when two profiles turn out to be one person. Pure, and the order of `states` is moot.
    """
    found: dict[tuple[Purpose, str], ConsentState] = {}
    for state in sorted(states, key=_rank):
        found.setdefault((state.purpose, state.topic or ""), state)
    return tuple(found[about] for about in sorted(found))


def _rank(state: ConsentState) -> tuple[bool, bool, Instant, str]:
    waits = state.pending or state.unproven
    return (waits, state.granted and not waits, state.since, state.signal_id)
