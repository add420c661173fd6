"""A deal is the same, and stands in the same account, whatever order its words came in."""

import contextlib
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from functions.data.accounts.companies import CompanyRepository
from functions.data.accounts.deals import DealKeeper
from mos.memory.table import FakeTable
from mos.model.account import Account
from mos.model.signal import Signal
from mos.ports import Record
from tests.builders import starter
from tests.cases.crm import hub, link, prop

DEALS, COMPANIES = (901, 902, 903), (421, 422)
STAGES = ["contractsent", "closedwon", "closedlost", "1038553759", ""]


def word(minute: int, deal: int, kind: str, draw: int) -> Signal:
    """Return one word on a deal; `draw` says which."""
    company, other = COMPANIES[draw % 2], DEALS[draw % len(DEALS)]
    if kind == "stage":
        return prop(minute, "deal", deal, "dealstage", STAGES[draw % len(STAGES)])
    if kind == "amount":
        return prop(minute, "deal", deal, "amount", str(draw))
    if kind == "link":
        return link(minute, deal, company, isPrimaryAssociation=draw % 3 == 0,
                    associationRemoved=draw % 5 == 0)  # fmt: skip
    if kind == "contact":
        return hub(minute, "deal.associationChange", associationType="DEAL_TO_CONTACT",
                   fromObjectId=deal, toObjectId=100 + draw % 2,
                   associationRemoved=draw % 3 == 0)  # fmt: skip
    if kind == "merge" and other != deal:
        return hub(minute, "deal.merge", deal, primaryObjectId=deal, mergedObjectIds=[other])
    return hub(minute, "deal.deletion" if draw % 2 else "deal.restore", deal)


WORDS = st.lists(
    st.tuples(
        st.sampled_from(DEALS),
        st.sampled_from(["stage", "amount", "link", "contact", "merge", "end"]),
        st.integers(0, 29),
    ),
    min_size=1, max_size=10,
)  # fmt: skip


class MortalTable(FakeTable):
    """A table whose writer dies at the nth write from now, where `dies_at` says so."""

    dies_at: int | None = None

    def save(self, record: Record) -> None:
        if self.dies_at is not None:
            self.dies_at -= 1
            if self.dies_at == 0:
                raise ConnectionError
        super().save(record)


class Desk:
    """A keeper over tables in memory, and what it was told."""

    def __init__(self, *signals: Signal) -> None:
        self.table, self.log = MortalTable(), list(signals)
        self.keeper = DealKeeper(self.table, CompanyRepository(self.table), starter())
        for signal in signals:
            self.keeper.take(signal, None)

    def stored(self) -> dict[Any, str]:
        rows = list(self.table.scan())
        found: dict[Any, str] = {r.pk: r.body for r in rows if r.sk in {"DEAL", "ROLE"}}
        accounts = [Account.parse(r.body) for r in rows if r.sk == "ACCOUNT"]
        return found | {(one.account_id, d.deal_id): d.canonical() for one in accounts
                        for d in one.deals}  # fmt: skip


@given(WORDS, st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_words_on_deals_does_not_matter(
    words: list[tuple[int, str, int]], order: random.Random, again: Any
) -> None:
    said = [word(n, *one) for n, one in enumerate(words, 1)]
    shuffled = [*said, *(said if again else [])]
    order.shuffle(shuffled)

    assert Desk(*shuffled).stored() == Desk(*said).stored()


@given(WORDS)
def test_a_deal_stands_in_one_account_at_most(words: list[tuple[int, str, int]]) -> None:
    found = Desk(*(word(n, *one) for n, one in enumerate(words, 1))).stored()

    places = [place[1] for place in found if isinstance(place, tuple)]
    assert len(places) == len(set(places))


@given(WORDS)
def test_rebuilt_from_the_log_a_deal_has_the_same_bytes(words: list[tuple[int, str, int]]) -> None:
    desk = Desk(*(word(n, *one) for n, one in enumerate(words, 1)))

    again = Desk(*sorted(desk.log, key=lambda signal: signal.signal_id))

    assert again.stored() == desk.stored()


@given(WORDS, st.integers(1, 30))
def test_a_try_that_died_is_done_again_and_comes_to_the_same(
    words: list[tuple[int, str, int]], dies_at: int
) -> None:
    said = [word(n, *one) for n, one in enumerate(words, 1)]
    desk = Desk()
    desk.table.dies_at = dies_at

    for signal in said:
        with contextlib.suppress(ConnectionError):
            desk.keeper.take(signal, None)
    desk.table.dies_at = None
    for signal in said:
        desk.keeper.take(signal, None)

    assert desk.stored() == Desk(*said).stored()
