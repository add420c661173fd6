"""Whose an account is: its own named owner, else the nearest one above it that has one. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from mos.model.account import Account
from mos.model.base import Fact, Facts
from mos.policy.bundle.bundle import Bundle

_NAMED = "routing/named_accounts"
OWNER_FACTS = ("account.owner", "account.owner_inherited", "account.owner_from")
"""What is worked out of who an account belongs to."""


@dataclass(frozen=True)
class Ownership:
    """The owner of an account, by whose name (`of`), and whether that is a company above it.

    One who owns it `through` something else, a deal or a person, owns that, not the account.
    """

    owner: str
    of: str
    is_inherited: bool
    is_named: bool
    through: str = ""

    @property
    def why(self) -> str:
        """Return why somebody takes the account, in words."""
        if self.through:
            return f"owns {self.through}"
        how = "by name" if self.is_named else "as was stated"
        if self.is_inherited:
            return f"owns {self.of} {how}, which this account belongs to: inherited"
        return f"owns the account {how}"


def company_links(account: Account) -> Facts:
    """Return what is known of an account's names, who is above it, and who was said to own it."""
    found: Facts = {}
    if account.aliases:
        found["account.aliases"] = account.aliases
    if account.owner:
        found["account.owner_stated"] = account.owner
    if account.above:
        found["account.parent"] = account.above[0].domain
        found["account.ancestors"] = tuple(one.domain for one in account.above)
        owners = tuple(one.owner or "" for one in account.above)
        if any(owners):
            found["account.ancestor_owners"] = owners
    if account.refused:
        found["account.refused"] = account.refused
    return found


def find_owner(facts: Facts, bundle: Bundle) -> Ownership | None:
    """Return whose an account is by the facts of a run, or None where nobody owns it."""
    return next(_list_companies(facts, bundle), None)


def list_owners(facts: Facts, bundle: Bundle) -> Iterator[Ownership]:
    """Yield who has a claim on a group, the strongest first.

    Who owns the account by name; who owns an open deal of the group; who was said to own the
    account, or one above it; who owns one of its people.
    """
    companies = list(_list_companies(facts, bundle))
    yield from (one for one in companies if one.is_named and not one.is_inherited)
    yield from _list_through(facts, "group.deal_owners", "the group's open deal")
    yield from (one for one in companies if not one.is_named or one.is_inherited)
    yield from _list_through(facts, "group.person_owners", "one of the group's people")


def _list_through(facts: Facts, name: str, through: str) -> Iterator[Ownership]:
    found = facts.get(name)
    for owner in found if isinstance(found, tuple) else ():
        yield Ownership(owner, "", is_inherited=False, is_named=False, through=through)


def _list_companies(facts: Facts, bundle: Bundle) -> Iterator[Ownership]:
    """Yield who owns an account, the nearest company first.

    At each company the bundle's named accounts are asked first, then what was stated.
    """
    for domain, stated, above in _line(facts):
        named = _ask(_NAMED, {**facts, "account.domain": domain}, bundle, "owner")
        if named:
            yield Ownership(named, domain, is_inherited=above, is_named=True)
        if stated:
            yield Ownership(stated, domain, is_inherited=above, is_named=False)


def is_named(domain: str | None, bundle: Bundle) -> bool:
    """Say whether the bundle gives a company to somebody by name."""
    return bool(domain and _ask(_NAMED, {"account.domain": domain}, bundle, "owner"))


def owner_facts(facts: Facts, bundle: Bundle) -> Facts:
    """Return whose an account is as facts, where it is somebody's."""
    found = find_owner(facts, bundle)
    if found is None:
        return {}
    values: tuple[Fact, ...] = (found.owner, found.is_inherited, found.of)
    return dict(zip(OWNER_FACTS, values, strict=True))


def _line(facts: Facts) -> Iterator[tuple[str, str, bool]]:
    """Yield the account and those above it, the nearest first, with who was said to own each."""
    own = facts.get("account.domain")
    if own is not None:
        yield str(own), str(facts.get("account.owner_stated") or ""), False
    above, owners = facts.get("account.ancestors"), facts.get("account.ancestor_owners")
    names = above if isinstance(above, tuple) else ()
    stated = owners if isinstance(owners, tuple) else ("",) * len(names)
    yield from ((name, owner, True) for name, owner in zip(names, stated, strict=False))


def _ask(table: str, facts: Facts, bundle: Bundle, output: str) -> str | None:
    if table not in bundle.names("tables"):
        return None
    found = bundle.table(table).evaluate(facts).output.get(output)
    return str(found) if found else None
