"""Accounts that are one, and who is above them: the same from the same words in any order."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mos.errors import UnavailableError
from mos.identity.company import group_id
from mos.identity.company_tree import CompanyTree
from mos.identity.company_word import node_id, state_company
from mos.memory.table import FakeTable
from mos.model.account import Account, Relation
from mos.model.signal import Signal, SignalKind, Trust
from mos.path import TABLES
from mos.policy.members import solutions
from mos.ports import Record
from tests.builders import NOON, signal
from tests.rosters import members_of
from tests.system_in_process import System

NAMES = ("acme.com", "acme.de", "bolt.example", "cask.example", "dune.example")
FREE = ("gmail.com", "web.de", "mailinator.com", "dee.wixsite.com", "t-online.de")
COMPANY = st.sampled_from(NAMES)
NAME = st.sampled_from([*NAMES, *FREE])


def changed(minute: int, trust: Trust = Trust.SIGNED, **company: Any) -> Signal:
    """Return what a CRM says of a company."""
    return signal(
        SignalKind.COMPANY_CHANGED, minute=minute, ids=(), company=company, trust=trust,
        source="standard-webhooks", key=f"{minute}{trust}{sorted(company.items())}",
    )  # fmt: skip


def said(minute: int, relation: Relation, one: str, other: str, *, holds: bool) -> Signal:
    """Return an operator's word."""
    now = NOON + timedelta(minutes=minute)
    return state_company(relation, one, other, holds=holds, by="ana", now=now)


def words(minute: int) -> st.SearchStrategy[Signal]:
    """Return anything that may be said of two companies at a minute."""
    return st.one_of(
        st.builds(
            lambda one, names: changed(minute, domain=one, aliases=tuple(sorted(names))),
            COMPANY, st.sets(NAME, max_size=2),
        ),
        st.builds(lambda one, up: changed(minute, domain=one, parent=up), COMPANY, NAME),
        st.builds(
            lambda kind, one, other, holds: said(minute, kind, one, other, holds=holds),
            st.sampled_from([Relation.ALIAS, Relation.PARENT]), COMPANY, NAME, st.booleans(),
        ),
    )  # fmt: skip


@st.composite
def stories(draw: st.DrawFn) -> list[Signal]:
    """Return people of every company, and up to six words about how these hang together."""
    people = [signal(minute=n, ids=(f"email:ana@{name}",)) for n, name in enumerate(NAMES)]
    return people + [draw(words(10 + n)) for n in range(draw(st.integers(1, 6)))]


def take(heard: list[Signal]) -> System:
    """Return a system that has heard these one after another."""
    system = System()
    for n, one in enumerate(heard):
        at = NOON + timedelta(hours=1, minutes=n)
        system.receive([one.model_copy(update={"received_at": at})])
    return system


def accounts(system: System) -> dict[str, Account]:
    """Return the accounts as they are stored."""
    found = [r for r in system.tables["identity"].scan() if r.sk == "ACCOUNT"]
    return {r.pk.removeprefix("ACCOUNT#"): Account.parse(r.body) for r in found}


def whole(system: System, name: str) -> Account:
    """Return a company as a whole."""
    held = accounts(system)
    tree = CompanyTree(lambda ids: {i: held[i] for i in ids if i in held}, system.bundle)
    return tree.whole(node_id(name))


def seen(system: System) -> dict[str, Any]:
    """Return, by name, whose alias a company is, who is above it, and who is in its groups."""
    members, seen = members_of(system.tables["identity"]), {}
    for name in NAMES:
        account = whole(system, name)
        groups = [
            sorted(m.profile_id for m in members[group])
            for solution in solutions(system.bundle)
            if (group := group_id(node_id(name), solution)) in members
        ]
        above = [one.domain for one in account.above]
        seen[name] = (account.domain, account.aliases, above, account.refused, groups)
    return seen


@settings(max_examples=30)
@given(stories(), st.randoms(use_true_random=False))
def test_what_is_said_comes_to_the_same_in_whatever_order_it_is_heard(
    heard: list[Signal], chance: Any
) -> None:
    other = list(heard)
    chance.shuffle(other)

    assert seen(take(heard)) == seen(take([*other, *heard[-2:]]))


@settings(max_examples=30)
@given(stories())
def test_nobody_is_above_themselves_and_no_alias_has_an_alias(heard: list[Signal]) -> None:
    system = take(heard)
    held = accounts(system)

    for name in NAMES:
        account = whole(system, name)
        names = [account.domain, *account.aliases, *(one.domain for one in account.above)]
        assert len(names) == len(set(names))
        assert held[account.account_id].joined_to is None
        assert all(held[part].joined_to == account.account_id for part in account.parts)
    everybody = [people for _, _, _, _, groups in seen(system).values() for people in groups[:1]]
    assert sum(map(len, everybody)) == len(NAMES)


@settings(max_examples=20)
@given(stories())
def test_a_host_of_nobodys_is_no_alias_and_no_parent(heard: list[Signal]) -> None:
    system = take(heard)

    named = {account.domain for account in accounts(system).values()}
    assert not named & set(FREE)


@settings(max_examples=20)
@given(stories())
def test_a_key_in_a_page_states_nothing_of_companies(heard: list[Signal]) -> None:
    strangers = [
        one.model_copy(update={"trust": Trust.UNSIGNED, "source": "segment"})
        for one in heard
        if one.kind in {SignalKind.COMPANY_CHANGED, SignalKind.PAGE}
    ]

    assert all(one[1:4] == ((), [], ()) for one in seen(take(strangers)).values())


@settings(max_examples=20)
@given(stories(), COMPANY, COMPANY)
def test_an_alias_that_is_taken_back_leaves_everything_as_it_was(
    heard: list[Signal], one: str, other: str
) -> None:
    system = take(heard)
    before = seen(system)
    stated = [word for account in accounts(system).values() for word in account.words]
    system.now = NOON + timedelta(days=1)

    system.receive([state_company(Relation.ALIAS, one, other, by="ana", now=system.now)])
    system.now += timedelta(hours=1)
    taken = state_company(Relation.ALIAS, one, other, holds=False, by="ana", now=system.now)
    system.receive([taken])

    # Who was the other's alias on anybody's word before is not one after a human's no.
    if not any(word.relation is Relation.ALIAS for word in stated):
        assert seen(system) == before


class DyingTable(FakeTable):
    """A table that cannot be written to from some write on, until it is mended."""

    def __init__(self) -> None:
        super().__init__()
        self.left: int | None = None

    def save(self, record: Record) -> Record:
        """Store a record, or say that it cannot be done now."""
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise UnavailableError("identity", "it is down")
        return super().save(record)


@settings(max_examples=15)
@given(stories(), COMPANY, COMPANY, st.integers(0, 12), st.sampled_from(["stated", "denied"]))
def test_a_try_that_dies_anywhere_is_finished_by_the_next(
    heard: list[Signal], one: str, other: str, writes: int, how: str
) -> None:
    word = said(60 * 24, Relation.ALIAS, one, other, holds=how == "stated")
    whole_tries = take([*heard, word])
    system = System(tables={name: DyingTable() for name in TABLES})
    for at, signal_ in enumerate(heard):
        system.receive([signal_.model_copy(
            update={"received_at": NOON + timedelta(hours=1, minutes=at)}
        )])  # fmt: skip

    system.tables["identity"].left = writes
    again = system.receive([word])
    system.tables["identity"].left = None
    if again:
        assert system.receive([word]) == set()

    assert seen(system) == seen(whole_tries)
