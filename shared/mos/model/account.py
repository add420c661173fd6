"""An account, and the buying group inside it."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from mos.model.base import Fact, Instant, Stored, canonical
from mos.model.deal import Deal, DealState, write_for_all
from mos.model.profile import Span, Trait


class Relation(StrEnum):
    """How a company stands to another one, or to a rep."""

    ALIAS = "alias"
    PARENT = "parent"
    OWNER = "owner"


class CompanyWord(Stored):
    """What one sender or human said last of how a company stands to others.

    Of the company that keeps it: its name is an alias of `value`, its parent is `value`, or `value`
    owns it; where it does not `holds`, that it is not so. `value` names a company by its domain, or
    by the key of a CRM's record.
    """

    relation: Relation
    value: str
    holds: bool = True
    is_operators: bool = False
    at: Instant
    signal_id: str


class Ancestor(Stored):
    """A company further up: its parent's, the parent's parent's."""

    domain: str
    owner: str | None = None


class Account(Stored):
    """A company (or, where no company is known, one person alone: `domain` is None).

    What belongs to a CRM's record alone has the record's key in `record`, until the record names
    its domain. `words` is what was said of how it stands to others, `names` the aliases that the
    last list of a sender gave, and `names_at` when and by which signal. An account that is another
    one's alias leads there (`joined_to`, since `joined_at`), and that one knows it as one of its
    `parts`; what each was told stays with it, so that parting them is exact. `undone` are
    stretches in which it was taken for one with another, `settled_by` is what the bundle's pages
    said of its name when that was looked at last, `settled_in` with whom its people stood then.
    `aliases`, `owner`, `above` and `refused` are filled in where an account is looked at as a whole
    (`mos.identity.company_tree`), and never stored.
    """

    account_id: str
    domain: str | None = None
    record: str | None = None
    traits: dict[str, Trait] = Field(default_factory=dict)
    deals: tuple[Deal, ...] = ()
    first_signal_at: Instant | None = None
    words: tuple[CompanyWord, ...] = ()
    names: tuple[str, ...] = ()
    names_at: tuple[Instant, str] | None = None
    joined_to: str | None = None
    joined_at: Instant | None = None
    parts: tuple[str, ...] = ()
    undone: tuple[Span, ...] = ()
    settled_by: str = ""
    settled_in: str | None = None
    aliases: tuple[str, ...] = ()
    owner: str | None = None
    above: tuple[Ancestor, ...] = ()
    refused: tuple[str, ...] = ()

    def canonical(self) -> str:
        """Return the one JSON text of this account, which earlier releases can read as well."""
        said = self.model_dump(mode="json", exclude_defaults=True)
        if "deals" in said:
            said["deals"] = [write_for_all(deal) for deal in said["deals"]]
        return canonical(said)

    def deals_of(self, solution: str | None, state: DealState) -> int:
        """Return how many deals are in `state`; None counts the deals of every solution.

        A deal that names no solution counts for each: the CRM may not know our solutions. One that
        was deleted or merged into another counts no more.
        """
        return sum(deal.state is state for deal in self.standing_deals(solution))

    def standing_deals(self, solution: str | None) -> tuple[Deal, ...]:
        """Return the deals that are still there; None asks for those of every solution."""
        return tuple(
            deal
            for deal in self.deals
            if not deal.is_gone and (solution is None or deal.solution in (None, solution))
        )

    def trait(self, name: str) -> Fact:
        """Return the trait's value, or None where it is unknown."""
        found = self.traits.get(name)
        return found.value if found else None


class SharedTouches(Stored):
    """Whose touches count for a group as well, from when until when: they were one account."""

    group_id: str
    since: Instant | None = None
    until: Instant | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether a touch of that moment counts."""
        return (self.since is None or self.since < at) and (self.until is None or at <= self.until)


class Member(Stored):
    """One person in a buying group, since when, and because of which signal."""

    profile_id: str
    since: Instant
    signal_id: str


class BuyingGroup(Stored):
    """The people who buy one solution for one account. Exists before any opportunity.

    Its people are items of their own (`mos.roster`): `members` are those that were looked at, or
    all of them where a group is stored as groups once were, with the `former` ones. `shared` are
    groups of accounts that are, or were, one with this account: caps count their touches too.
    `undone` are stretches in which it was one group with another's.
    """

    group_id: str
    account_id: str
    solution: str
    members: tuple[Member, ...] = ()
    formed_at: Instant | None = None
    former: tuple[Member, ...] = ()
    shared: tuple[SharedTouches, ...] = ()
    undone: tuple[Span, ...] = ()
