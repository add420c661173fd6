"""An account, and the buying group inside it."""

from pydantic import Field

from mos.model.base import Fact, Instant, Noun
from mos.model.profile import Trait


class Account(Noun):
    """A company (or, where no company is known, one person alone: `domain` is None)."""

    account_id: str
    domain: str | None = None
    traits: dict[str, Trait] = Field(default_factory=dict)
    first_signal_at: Instant | None = None

    def trait(self, name: str) -> Fact:
        """Return the trait's value, or None where it is unknown."""
        found = self.traits.get(name)
        return found.value if found else None


class Member(Noun):
    """One person in a buying group. `status` is potential, confirmed or dismissed."""

    profile_id: str
    status: str = "potential"
    since: Instant
    signal_id: str


class BuyingGroup(Noun):
    """The people who buy one solution for one account. Exists before any opportunity."""

    group_id: str
    account_id: str
    solution: str
    members: tuple[Member, ...] = ()
    formed_at: Instant | None = None
