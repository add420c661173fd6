"""An account, and the buying group inside it."""

from enum import StrEnum

from pydantic import Field

from mos.model.base import Fact, Instant, Stored
from mos.model.profile import Trait


class DealState(StrEnum):
    """What has become of a deal."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Deal(Stored):
    """The latest that the CRM has said of one deal. `solution` is None where it did not say."""

    deal_id: str
    state: DealState
    stage: str
    solution: str | None = None
    amount: float | None = None
    at: Instant
    signal_id: str


class Account(Stored):
    """A company (or, where no company is known, one person alone: `domain` is None)."""

    account_id: str
    domain: str | None = None
    traits: dict[str, Trait] = Field(default_factory=dict)
    deals: tuple[Deal, ...] = ()
    first_signal_at: Instant | None = None

    def deals_of(self, solution: str | None, state: DealState) -> int:
        """Return how many deals are in `state`; None counts the deals of every solution.

        A deal that names no solution counts for each: the CRM may not know our solutions.
        """
        return sum(
            deal.state is state and (solution is None or deal.solution in (None, solution))
            for deal in self.deals
        )

    def trait(self, name: str) -> Fact:
        """Return the trait's value, or None where it is unknown."""
        found = self.traits.get(name)
        return found.value if found else None


class Member(Stored):
    """One person in a buying group, since when, and because of which signal."""

    profile_id: str
    since: Instant
    signal_id: str


class BuyingGroup(Stored):
    """The people who buy one solution for one account. Exists before any opportunity.

    `former` are members who left or became one with another: parted again, they are as they were.
    """

    group_id: str
    account_id: str
    solution: str
    members: tuple[Member, ...] = ()
    formed_at: Instant | None = None
    former: tuple[Member, ...] = ()
